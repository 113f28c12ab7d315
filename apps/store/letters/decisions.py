"""Notice of a decision: legal ground, facts, reasons by criterion, date, signatory, remedies (STO-11)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.store.letters.common import about, address_of, grounds_in_words, reasons_by_criterion, remedies
from apps.store.letters.paper import Document, Part, bullets, heading, pdf_of, text
from apps.store.models import AgendaItem, Decision, Reservation
from apps.ui.words import day

Kind = Decision.Kind
TITLES = {
    Kind.ACCEPT: gettext_lazy("Decision of referencing"),
    Kind.REQUIRE_LIFT: gettext_lazy("Favourable decision once reservations are lifted"),
    Kind.REFUSE: gettext_lazy("Decision of refusal"),
    Kind.INADMISSIBLE: gettext_lazy("Dossier not admissible"),
    Kind.SUSPEND: gettext_lazy("Decision of suspension"),
    Kind.PRECAUTION: gettext_lazy("Suspension as a precaution"),
    Kind.LIFT: gettext_lazy("End of the suspension"),
    Kind.WITHDRAW: gettext_lazy("Decision of withdrawal"),
    Kind.FORMAL_NOTICE: gettext_lazy("Formal notice"),
}
EFFECTS = {
    Kind.ACCEPT: gettext_lazy(
        "The service is referenced once the agreement is signed by the three parties and, where it exchanges data, its "
        "connection tests are passed. Nothing is published before."
    ),
    Kind.REQUIRE_LIFT: gettext_lazy(
        "The reservations below are to be answered with evidence in your publisher space. Once all of them are lifted, "
        "the minister's delegate decides."
    ),
    Kind.REFUSE: gettext_lazy(
        "The service is not referenced. Your answers can be copied into a new dossier at any time."
    ),
    Kind.INADMISSIBLE: gettext_lazy("The dossier is not assessed. Its answers can be copied into a new dossier."),
    Kind.SUSPEND: gettext_lazy(
        "The page of the service says that it is suspended, and nobody new can use it from the portal until the "
        "suspension ends."
    ),
    Kind.PRECAUTION: gettext_lazy(
        "The suspension lasts fifteen days at most. The minister's delegate decides what comes after."
    ),
    Kind.LIFT: gettext_lazy("The service is in the catalogue again as before."),
    Kind.WITHDRAW: gettext_lazy("The service leaves the catalogue on the day of effect."),
    Kind.FORMAL_NOTICE: gettext_lazy(
        "What is described has to be remedied by the day of effect. Otherwise the service is suspended."
    ),
}
_AUTHORS = {
    Kind.INADMISSIBLE: gettext_lazy("For the national health insurance, the desk of referencing"),
    Kind.PRECAUTION: gettext_lazy("For the national health insurance, the desk of referencing"),
    Kind.FORMAL_NOTICE: gettext_lazy("For the agency for digital health, the assessor"),
}
_BY_DELEGATION = gettext_lazy("For the minister responsible for health, by delegation")


def notice_pdf(decision: Decision, *, at: datetime) -> bytes:
    """The notice that leaves at `at`."""
    return pdf_of(lambda: notice(decision, at=at))


def notice(decision: Decision, *, at: datetime) -> Document:
    """The same as a document, for a preview and for tests, in the current language."""
    candidacy = decision.candidacy
    return Document(
        title=title_of(decision),
        reference=candidacy.number,
        address=address_of(candidacy),
        parts=[
            about(candidacy, *_dates(decision, at)),
            text(str(EFFECTS[Kind(decision.kind)])),
            heading(_("Legal ground")),
            bullets(grounds_in_words(decision.ground)),
            *_opinion(decision),
            heading(_("Facts and reasons")),
            text(decision.facts),
            *_criteria(decision),
            *_reservations(decision),
            *_remedies(decision),
        ],
        signature=signature_of(decision),
    )


def title_of(decision: Decision) -> str:
    """What the notice is called."""
    return str(TITLES[Kind(decision.kind)])


def signature_of(decision: Decision) -> list[str]:
    """Capacity, and name where it was given."""
    author = _AUTHORS.get(Kind(decision.kind), _BY_DELEGATION)
    return [line for line in (str(author), decision.signatory) if line]


def _dates(decision: Decision, at: datetime) -> list[tuple[str, str]]:
    dates = [(_("Decided on"), day(decision.decided_at))]
    if decision.confirmed_at is not None:
        dates.append((_("Confirmed by a second person on"), day(decision.confirmed_at)))
    if decision.effect_on is not None:
        dates.append((_("Day of effect"), day(decision.effect_on)))
    return [*dates, (_("Notified on"), day(at))]


def _opinion(decision: Decision) -> list[Part]:
    if decision.kind not in {Kind.ACCEPT, Kind.REQUIRE_LIFT, Kind.REFUSE}:
        return []
    item = last_opinion(decision)
    if item is None:
        return []
    said = _("Opinion of the commission of %(day)s: %(opinion)s.") % {
        "day": day(item.opinion_at),
        "opinion": item.get_opinion_display(),
    }
    return [heading(_("Opinion of the commission")), text(said), text(item.text)]


def last_opinion(decision: Decision) -> AgendaItem | None:
    """The opinion that the decision follows; None where there was none."""
    given = decision.candidacy.agenda.filter(opinion_at__lte=decision.decided_at).exclude(opinion="")
    return given.order_by("-opinion_at", "-id").first()


def _criteria(decision: Decision) -> list[Part]:
    if not decision.criteria:
        return []
    lines = reasons_by_criterion(decision.candidacy, decision.criteria)
    return [heading(_("Reasons by criterion")), bullets(lines)]


def _reservations(decision: Decision) -> list[Part]:
    if decision.kind not in {Kind.ACCEPT, Kind.REQUIRE_LIFT}:
        return []
    rows = Reservation.objects.filter(candidacy=decision.candidacy, lifted_at=None, superseded_at=None)
    lines = [reservation_line(row) for row in rows.order_by("due_on", "id")]
    return [heading(_("Reservations")), bullets(lines)] if lines else []


def reservation_line(row: Reservation) -> str:
    """One reservation with its kind, criterion and day."""
    words = (
        _("Before any publication, by %(day)s at the latest: %(text)s")
        if row.is_suspensive
        else _("After the publication, by %(day)s at the latest: %(text)s")
    ) % {"day": day(row.due_on), "text": row.text}
    return f"{row.criterion} – {words}" if row.criterion else words


def _remedies(decision: Decision) -> list[Part]:
    if not decision.is_adverse and decision.kind not in {Kind.PRECAUTION, Kind.FORMAL_NOTICE}:
        return []
    return [heading(_("Ways of appeal and time limits")), *remedies()]
