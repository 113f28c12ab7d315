"""Decisions of a dossier as lines of a page, and the act that is next (RV-08, RV-09, RV-15)."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import StaffRole
from apps.store.letters.decisions import title_of
from apps.store.models import Candidacy, Decision
from apps.store.states import Queue, Status
from apps.store.views.case_pages import CaseRequest
from apps.store.views.people_words import called
from apps.ui.words import moment

Kind = Decision.Kind
_TOLD = {
    Kind.ACCEPT: (
        gettext_lazy("Decision taken"),
        gettext_lazy("The notice has left and the agreement is drawn up: the publisher signs first."),
    ),
    Kind.REQUIRE_LIFT: (
        gettext_lazy("Decision taken"),
        gettext_lazy("The notice has left: the publisher answers the reservations."),
    ),
    Kind.REFUSE: (
        gettext_lazy("Refusal proposed"),
        gettext_lazy("Nothing has left: another delegate confirms within five working days."),
    ),
}
# What is next in a state and a queue: name of the page, words of its link, who may do it.
_NEXT: dict[tuple[Status, Queue | None], tuple[str, str | Promise, StaffRole]] = {
    (Status.OPINION, Queue.DELEGATE): ("decision_new", gettext_lazy("Take the decision"), StaffRole.DELEGATE),
    (Status.OPINION, Queue.CONFIRMER): ("decision_confirm", gettext_lazy("Confirm or send back"), StaffRole.DELEGATE),
    (Status.RESERVATIONS, Queue.ASSESSOR): (
        "reservations", gettext_lazy("Look at the answers to the reservations"), StaffRole.ASSESSOR,
    ),
    (Status.AGREEMENT, Queue.DESK): ("agreement_sign", gettext_lazy("Sign the agreement"), StaffRole.DESK),
    (Status.AGREEMENT, Queue.DELEGATE): ("agreement_sign", gettext_lazy("Sign the agreement"), StaffRole.DELEGATE),
    (Status.CONNECTION, None): ("connection_tests", gettext_lazy("Record the connection tests"), StaffRole.DESK),
    (Status.READY_TO_PUBLISH, Queue.DESK): ("publish", gettext_lazy("Publish"), StaffRole.DESK),
    (Status.APPEAL, Queue.APPEALS): ("appeal_case", gettext_lazy("Answer the appeal"), StaffRole.APPEALS),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionLine:
    """One decision; `notice_url` empty until its notice has left."""

    title: str
    state: str
    icon: str
    people: str
    facts: str
    returned: str
    notice_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NextAct:
    label: str
    url: str


def lines_of(case: Candidacy) -> list[DecisionLine]:
    """One query; the newest first."""
    people = ("decided_by__identity", "confirmed_by__identity", "returned_by__identity")
    rows = Decision.objects.filter(candidacy=case, listing_id=None).select_related(*people)
    return [_line(case, row) for row in rows.order_by("-decided_at", "-id")]


def next_act(request: CaseRequest) -> NextAct | None:
    """The button of whoever has the turn; None for everybody else."""
    case = request.case
    queue = Queue(case.queue) if case.queue else None
    found = _NEXT.get((Status(case.status), queue)) or _NEXT.get((Status(case.status), None))
    if found is None or found[2] not in request.staff_roles:
        return None
    return NextAct(label=str(found[1]), url=reverse(f"store:{found[0]}", args=[case.pk]))


def told(kind: Kind) -> tuple[str, str]:
    """Outcome of a decision in words."""
    title, detail = _TOLD[kind]
    return str(title), str(detail)


def _line(case: Candidacy, row: Decision) -> DecisionLine:
    state, icon = _state(row)
    people = [_("Decided by %(name)s %(moment)s.") % {"name": called(row.decided_by), "moment": moment(row.decided_at)}]
    if row.confirmed_by is not None:
        values = {"name": called(row.confirmed_by), "moment": moment(row.confirmed_at)}
        people.append(_("Confirmed by %(name)s %(moment)s.") % values)
    returned = ""
    if row.returned_by is not None:
        values = {"name": called(row.returned_by), "moment": moment(row.returned_at), "reason": row.return_reason}
        returned = _("Sent back by %(name)s %(moment)s: %(reason)s") % values
    return DecisionLine(
        title=title_of(row),
        state=state,
        icon=icon,
        people=" ".join(people),
        facts=row.facts,
        returned=returned,
        notice_url=reverse("store:decision_notice", args=[case.pk, row.pk]) if row.file_id else "",
    )


def _state(row: Decision) -> tuple[str, str]:
    if row.returned_at is not None:
        return _("sent back"), "refresh-line"
    if row.notified_at is not None:
        return _("notified %(moment)s") % {"moment": moment(row.notified_at)}, "check-line"
    return _("waits for a second person"), "time-line"
