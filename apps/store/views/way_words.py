"""What still lies before a dossier: five stages with their usual times, where it stands now (PU-04, STO-40, L12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from apps.store.models import Candidacy, Session
from apps.store.states import Status
from apps.ui import words

_STAGES = (
    {Status.DRAFT},
    {Status.SUBMITTED, Status.ADMISSIBILITY, Status.INCOMPLETE},
    {Status.ASSESSMENT, Status.COMPLEMENT},
    {Status.READY, Status.COMMISSION},
    {Status.OPINION, Status.RESERVATIONS, Status.AGREEMENT, Status.CONNECTION, Status.READY_TO_PUBLISH},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    label: str
    note: str = ""
    is_current: bool = False


def stages_of(candidacy: Candidacy, *, next_session: date | None) -> tuple[Stage, ...]:
    """The five stages; none for a dossier that is at its end or under appeal."""
    place = next((number for number, states in enumerate(_STAGES) if candidacy.status in states), None)
    if place is None:
        return ()
    return tuple(
        Stage(label=label, note=_("You are here") if number == place else note, is_current=number == place)
        for number, (label, note) in enumerate(_labels(next_session))
    )


def next_session(*, today: date) -> date | None:
    """Day of the next session of the commission: one query."""
    rows = Session.objects.filter(state=Session.State.PLANNED, held_on__gte=today)
    return rows.order_by("held_on").values_list("held_on", flat=True).first()


def _labels(session: date | None) -> tuple[tuple[str, str], ...]:
    planned = _("Next session: %(day)s") % {"day": words.day(session)} if session else _("No session is planned yet")
    return (
        (_("Dossier"), ""),
        (_("Admissibility"), _("10 working days")),
        (_("Assessment"), _("60 days at most")),
        (_("Commission"), planned),
        (_("Decision, agreement, publication"), ""),
    )
