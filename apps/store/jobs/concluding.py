"""What follows once all checks of a round have ended (STO-49, store.md 7)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from apps.common.failpoints import reach
from apps.store import due, transitions
from apps.store.checks.web.reasons import Reason
from apps.store.jobs import weekly
from apps.store.models import Candidacy, CandidacyStep
from apps.store.states import Event, Party, Status
from apps.store.transitions import Step

ACTOR = "store.advance"
_OPEN = (CandidacyStep.State.DUE, CandidacyStep.State.RUNNING)


@transaction.atomic
def conclude(*, candidacy_id: UUID, at: datetime) -> bool:
    """Hand a dossier whose checks have ended, or that has waited for a day, to the desk. Twice is once.

    Returns whether it moved.
    """
    rows = Candidacy.objects.select_for_update(of=("self",)).select_related("publisher", "service")
    candidacy = rows.filter(pk=candidacy_id, status=Status.SUBMITTED).first()
    if candidacy is None:
        return weekly.conclude_weekly(candidacy_id=candidacy_id, at=at)
    runs = candidacy.steps.filter(state__in=_OPEN).exclude(cause=CandidacyStep.Cause.DEMAND).exists()
    if runs and not _is_late(candidacy, at):
        return False
    step = Step(event=Event.CHECKS_DONE, by=Party.SYSTEM, actor=ACTOR, at=at, reasons=_reasons(candidacy, runs=runs))
    transitions.fire(candidacy, step)
    reach("store.conclude.before_commit")
    return True


def forgotten(*, at: datetime, at_most: int) -> list[UUID]:
    """Dossiers that were sent, whose checks have ended or whose day is over, and that nobody concluded; and those of
    running services whose weekly round is over.
    """
    sent = list(_ended(at).order_by("pk").values_list("pk", flat=True)[:at_most])
    return [*sent, *weekly.forgotten(at_most=at_most)]


def _ended(at: datetime) -> QuerySet[Candidacy]:
    running = CandidacyStep.objects.filter(candidacy=OuterRef("pk"), state__in=_OPEN).exclude(
        cause=CandidacyStep.Cause.DEMAND
    )
    sent = Candidacy.objects.filter(status=Status.SUBMITTED)
    return sent.filter(~Exists(running)) | sent.filter(submitted_at__lte=at - due.CHECKS_AT_MOST)


def _is_late(candidacy: Candidacy, at: datetime) -> bool:
    return candidacy.submitted_at is not None and at >= candidacy.submitted_at + due.CHECKS_AT_MOST


def _reasons(candidacy: Candidacy, *, runs: bool) -> tuple[str, ...]:
    """Why the desk should look twice: codes of `reasons.HUMAN`, one by one (L2)."""
    last = candidacy.steps.order_by("-round").values_list("round", flat=True).first() or 0
    steps = candidacy.steps.filter(round=last)
    outcomes = set(steps.values_list("outcome", flat=True))
    is_incomplete = runs or bool(outcomes & {"", CandidacyStep.Outcome.ERROR})
    found = {
        # Where no browser is installed, nobody has looked for trackers (STO-93): somebody must be told (L3).
        "checks-incomplete": is_incomplete or steps.filter(reason=Reason.NO_BROWSER).exists(),
        "check-failed": CandidacyStep.Outcome.FAIL in outcomes,
        "check-flagged": CandidacyStep.Outcome.FLAG in outcomes,
    }
    return tuple(code for code, is_so in found.items() if is_so)
