"""Opinion of the commission about one dossier, and minutes of a session (STO-41, RV-13)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.store.letters.common import about, address_of
from apps.store.letters.decisions import reservation_line
from apps.store.letters.paper import Document, Part, bullets, heading, pdf_of, table, text
from apps.store.models import AgendaItem, Presence, Reservation, Session, Vote
from apps.ui.words import day


def opinion_pdf(item: AgendaItem) -> bytes:
    """The opinion as the publisher gets it."""
    return pdf_of(lambda: opinion(item))


def opinion(item: AgendaItem) -> Document:
    """The same as a document, in the current language."""
    candidacy = item.candidacy
    dated = (_("Session of"), day(item.session.held_on))
    return Document(
        title=_("Opinion of the commission of referencing"),
        reference=candidacy.number,
        address=address_of(candidacy),
        parts=[about(candidacy, dated), *_given(item, _reservations([item]), _votes([item]))],
        signature=[_("For the commission, its secretariat")],
    )


def minutes_pdf(session: Session, *, items: Sequence[AgendaItem]) -> bytes:
    """The minutes of a session that was held, with the dossiers that the reader may see."""
    return pdf_of(lambda: minutes(session, items=items))


def minutes(session: Session, *, items: Sequence[AgendaItem]) -> Document:
    """The same as a document, in the current language."""
    return Document(
        title=_("Minutes of the session of %(day)s") % {"day": day(session.held_on)},
        reference=str(session.held_on),
        parts=[heading(_("Members present")), _present(session), *_dossiers(items)],
        signature=[_("For the commission, its secretariat")],
    )


def _present(session: Session) -> Part:
    rows = Presence.objects.filter(session=session).select_related("member").order_by("member__seat")
    seats = [[row.member.name, str(row.member.get_seat_display())] for row in rows]
    return table([_("Name"), _("Seat")], seats)


def _dossiers(items: Sequence[AgendaItem]) -> list[Part]:
    parts: list[Part] = []
    reserved, cast = _reservations(items), _votes(items)
    for item in items:
        parts.append(heading(f"{item.position}. {item.candidacy.service.name} ({item.candidacy.number})"))
        parts += _given(item, reserved, cast)
    return parts


def _given(item: AgendaItem, reserved: Sequence[Reservation], cast: Sequence[Vote]) -> list[Part]:
    if item.opinion_at is None:
        return [text(_("No opinion was given."))]
    mine = [row for row in reserved if row.candidacy_id == item.candidacy_id and row.made_at == item.opinion_at]
    voters = ngettext("%(count)s member could vote.", "%(count)s members could vote.", item.quorum or 0)
    said = [
        _("Opinion: %(opinion)s.") % {"opinion": item.get_opinion_display()},
        voters % {"count": item.quorum},
        _tally([vote.choice for vote in cast if vote.item_id == item.pk]),
    ]
    parts = [text("\n".join(said)), text(item.text)]
    return [*parts, bullets([reservation_line(row) for row in mine])] if mine else parts


def _tally(cast: Sequence[str]) -> str:
    return _("For: %(for)s. Against: %(against)s. Abstentions: %(abstentions)s.") % {
        "for": cast.count(Vote.Choice.FOR),
        "against": cast.count(Vote.Choice.AGAINST),
        "abstentions": cast.count(Vote.Choice.ABSTAINS),
    }


def _votes(items: Sequence[AgendaItem]) -> list[Vote]:
    return list(Vote.objects.filter(item__in=[item.pk for item in items]).order_by("id"))


def _reservations(items: Sequence[AgendaItem]) -> list[Reservation]:
    dossiers = [item.candidacy_id for item in items]
    return list(Reservation.objects.filter(candidacy__in=dossiers).order_by("due_on", "id"))
