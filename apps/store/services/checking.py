"""Automatic checks as people ask for them, contest them and set them aside (PU-08, RV-05, L16, L18)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.accounts.models import StaffRole
from apps.common.tasks import enqueue
from apps.store import tasks, transitions
from apps.store.checks import registry
from apps.store.jobs import planning
from apps.store.models import Candidacy, CandidacyStep, Listing, Member
from apps.store.services import acting
from apps.store.services.errors import ChangedError, SamePersonError, TooSoonError, UnknownRowError, WrongValueError
from apps.store.states import Event, Party, Status
from apps.store.states.listing import OVER
from apps.store.transitions import Step

EVERY = timedelta(minutes=10)  # store.md 7
A_DAY = 3  # PU-08
A_WHILE = timedelta(days=1)
Cause = CandidacyStep.Cause
Outcome = CandidacyStep.Outcome


@transaction.atomic
def ask_for_checks(*, actor: Actor, candidacy_id: UUID, at: datetime) -> int:
    """Run the checks of a dossier on demand of its publisher: once in ten minutes, three times a day.

    After the commit the worker begins. Returns the round. Raises `UnknownRowError`, `TooSoonError`, `WrongValueError`
    while the dossier is in a state in which nothing of it can change, `AccessDeniedError`.
    """
    acting.member_who_acts(actor, Member.Role.TECHNICAL)
    candidacy = acting.locked(actor, candidacy_id=candidacy_id)
    if candidacy.status not in {Status.DRAFT, Status.INCOMPLETE, Status.COMPLEMENT, Status.RESERVATIONS}:
        raise WrongValueError("status", candidacy.status)
    _not_too_often(candidacy, at)
    made = planning.plan(candidacy=candidacy, cause=Cause.DEMAND, at=at, asked_by=actor.user_id)
    _traced(actor, candidacy, "check.run", at)
    enqueue(tasks.advance, candidacy_id=str(candidacy.id))
    return made


def start_checks(*, candidacy: Candidacy, cause: Cause, at: datetime, asked_by: UUID | None = None) -> int:
    """Checks that belong to an act: sending a dossier, changing an answer, publishing. The caller holds the row.

    After the commit the worker begins.
    """
    made = planning.plan(candidacy=candidacy, cause=cause, at=at, asked_by=asked_by)
    enqueue(tasks.advance, candidacy_id=str(candidacy.id))
    return made


def start_submission_checks(*, candidacy: Candidacy, at: datetime) -> int:
    """STO-48: they start at once."""
    return start_checks(candidacy=candidacy, cause=Cause.SUBMISSION, at=at)


@transaction.atomic
def check_again(*, actor: Actor, candidacy_id: UUID, at: datetime) -> int:
    """The same on demand of the back office: once in ten minutes. Raises `UnknownRowError`, `TooSoonError`."""
    who = acting.reviewer_who_acts(actor)
    candidacy = acting.locked(actor, candidacy_id=candidacy_id)
    _not_too_often(candidacy, at, a_day=None)
    is_ready = candidacy.status == Status.READY_TO_PUBLISH
    cause = Cause.PUBLICATION if is_ready else Cause.CHANGE
    made = start_checks(candidacy=candidacy, cause=cause, at=at, asked_by=who)
    _traced(actor, candidacy, "check.rerun", at)
    return made


@transaction.atomic
def contest(*, actor: Actor, step_id: UUID, text: str, at: datetime) -> CandidacyStep:
    """The publisher's words against a result that failed or was flagged; a person looks at it.

    Raises `UnknownRowError`, `WrongValueError` for an empty text or a result that is not against them, `ChangedError`
    when a colleague has contested it or somebody has set it aside; the same words sent twice are kept once.
    """
    acting.member_who_acts(actor, Member.Role.TECHNICAL)
    candidacy, step = _opened(actor, step_id)
    if step.outcome not in {Outcome.FAIL, Outcome.FLAG} or not text.strip():
        raise WrongValueError("text", "nothing-to-contest")
    if step.contested_at is not None:
        if (step.contested_by_id, step.contested) == (actor.user_id, text.strip()):
            return step
        raise ChangedError(event="contest", actor=str(step.contested_by_id or ""), at=step.contested_at)
    if step.override:
        raise _overtaken(step, at)
    step.contested, step.contested_at, step.contested_by_id = text.strip(), at, actor.user_id
    step.save(update_fields=["contested", "contested_at", "contested_by"])
    transitions.note_contests(candidacy)
    _tell_desk(candidacy, actor, at)
    _traced(actor, step.candidacy, "check.contest", at, step=step)
    return step


@transaction.atomic
def override(*, actor: Actor, step_id: UUID, outcome: str, reason: str, seen: str, at: datetime) -> CandidacyStep:
    """Set a result aside with a reason. One of security counts only once a second person has confirmed (RV-05).

    `seen`: `override_mark` of the result as the page showed it. Raises `UnknownRowError`, `ChangedError`,
    `WrongValueError`, `AccessDeniedError`.
    """
    who = acting.reviewer_who_acts(actor, StaffRole.ASSESSOR, StaffRole.DESK)
    candidacy, step = _opened(actor, step_id)
    if seen != override_mark(step):
        raise _overtaken(step, at)
    if outcome not in {Outcome.PASS, Outcome.FAIL} or not reason.strip() or not step.finished_at:
        raise WrongValueError("outcome", outcome)
    step.override = "" if _is_security(step) else outcome
    step.evidence = {**step.evidence, "proposed": outcome} if _is_security(step) else step.evidence
    step.override_reason, step.override_by_id, step.override_at = reason.strip(), who, at
    step.override_confirmed_by = None
    step.save()
    transitions.note_contests(candidacy)
    _traced(actor, step.candidacy, "check.override", at, step=step)
    return step


@transaction.atomic
def confirm_override(*, actor: Actor, step_id: UUID, seen: str, at: datetime) -> CandidacyStep:
    """The second person of a result of security, who confirms what they have read (`seen`: its `override_mark`).

    Raises `SamePersonError`, `UnknownRowError`, `ChangedError`, `WrongValueError`, `AccessDeniedError`.
    """
    who = acting.reviewer_who_acts(actor, StaffRole.ASSESSOR, StaffRole.DESK)
    candidacy, step = _opened(actor, step_id)
    if seen != override_mark(step):
        raise _overtaken(step, at)
    proposed = step.evidence.get("proposed", "")
    if not proposed or step.override_by_id is None:
        raise WrongValueError("override", "nothing-proposed")
    if step.override_by_id == who:
        raise SamePersonError("override")
    step.override, step.override_confirmed_by_id = proposed, who
    step.save(update_fields=["override", "override_confirmed_by"])
    transitions.note_contests(candidacy)
    _traced(actor, step.candidacy, "check.confirm", at, step=step)
    return step


def override_mark(step: CandidacyStep) -> str:
    """Of what people made of a result: changes whenever somebody proposes or confirms."""
    if step.override_at is None:
        return ""
    return f"{step.override_at.isoformat()}.{step.override_by_id}.{step.override_confirmed_by_id or ''}"


def _overtaken(step: CandidacyStep, at: datetime) -> ChangedError:
    who = step.override_confirmed_by_id or step.override_by_id
    return ChangedError(event="override", actor=str(who or ""), at=step.override_at or at)


def _opened(actor: Actor, step_id: UUID) -> tuple[Candidacy, CandidacyStep]:
    """The result and its dossier, both locked: the dossier first, as whoever starts checks does."""
    place = CandidacyStep.objects.filter(pk=step_id).values_list("candidacy_id", flat=True).first()
    if place is None:
        raise UnknownRowError
    candidacy = acting.locked(actor, candidacy_id=place)
    step = CandidacyStep.objects.select_for_update(of=("self",)).get(pk=step_id)
    step.candidacy = candidacy
    return candidacy, step


def _tell_desk(candidacy: Candidacy, actor: Actor, at: datetime) -> None:
    """Of a referenced service the desk looks at what is contested, now or once the service rests (L18)."""
    rows = Listing.objects.select_for_update(of=("self",)).select_related("candidacy__service")
    listing = rows.filter(candidacy=candidacy).exclude(status__in=OVER).first()
    if listing is None:
        return
    step = Step(
        event=Event.HAND_OVER, by=Party.PUBLISHER, actor=str(actor.user_id), at=at, reasons=(transitions.CONTESTED,),
        facts={"flag": transitions.CONTESTED},
    )  # fmt: skip
    transitions.tell_desk(listing, step)
    enqueue(tasks.send_mails)


def _is_security(step: CandidacyStep) -> bool:
    check = registry.CHECKS.get(step.kind)
    return check is not None and check.is_security


def _not_too_often(candidacy: Candidacy, at: datetime, *, a_day: int | None = A_DAY) -> None:
    """Rounds that people asked for: when they may ask again. Raises `TooSoonError`."""
    asked = candidacy.steps.filter(asked_by__isnull=False, asked_at__gt=at - A_WHILE)
    begun = sorted(set(asked.values_list("asked_at", flat=True)), reverse=True)
    if begun and at < begun[0] + EVERY:
        raise TooSoonError(begun[0] + EVERY)
    if a_day is not None and len(begun) >= a_day:
        raise TooSoonError(begun[a_day - 1] + A_WHILE)


def _traced(actor: Actor, candidacy: Candidacy, act: str, at: datetime, *, step: CandidacyStep | None = None) -> None:
    target = f"candidacy:{candidacy.id}" if step is None else f"check:{step.id}"
    facts = {} if step is None else {"kind": step.kind}
    acting.trace(actor=actor, act=act, publisher_id=candidacy.publisher_id, target=target, at=at, facts=facts)
