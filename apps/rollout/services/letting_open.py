"""Letting the spaces of a wave open: counts of a trial, then two people (RO-07, SEC-20)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q

from apps.access import Actor
from apps.rollout import policies
from apps.rollout.models import EligiblePerson, Wave
from apps.rollout.services.acting import person_who_acts
from apps.rollout.services.errors import NotAskedError, SamePersonError, UnknownWaveError, WrongStateError
from apps.rollout.services.waves import trace

State = EligiblePerson.State
Hold = EligiblePerson.Hold
_WAITING = Q(state__in=[State.ELIGIBLE, State.NOTICE_QUEUED, State.NOTICE_SENT, State.NOTICE_FAILED])


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What the opening job would do at this instant; each person of the wave stands in exactly one count.

    `due`: it would open them now. `later`: their six weeks run, or no notice has left yet. `doubles`, `returned`,
    `conflicts`, `claims` and `without_representative` are held; an operator comes first.
    """

    due: int
    later: int
    doubles: int
    returned: int
    conflicts: int
    claims: int
    without_representative: int
    opposed: int
    dead: int
    not_eligible: int
    failed: int
    opened: int

    @property
    def people(self) -> int:
        return sum(asdict(self).values())


def trial(*, wave: Wave, at: datetime) -> Trial:
    """Count without writing: one query over the people of the wave."""
    asked, over = Q(state=State.OPENING_ASKED), Q(state=State.NOTICE_SENT, window_ends_at__lte=at)
    alive, known_once = Q(identity__died_on=None), Q(double_of=None)
    held = (_WAITING | asked) & alive & known_once
    # Who asked for the opening was found by a code or an operator: a notice that came back is no reason to wait.
    ready = over & Q(hold="") | asked & ~Q(hold__in=[Hold.CONFLICT, Hold.CLAIM])
    counts = {
        "due": ready & alive & known_once,
        "later": _WAITING & ~over & Q(hold="") & alive & known_once,
        "doubles": (_WAITING | asked) & alive & ~known_once,
        "returned": held & ~asked & Q(hold=Hold.RETURNED),
        "conflicts": held & Q(hold=Hold.CONFLICT),
        "claims": held & Q(hold=Hold.CLAIM),
        "without_representative": held & ~asked & Q(hold=Hold.NO_REPRESENTATIVE),
        "opposed": Q(state__in=[State.OPPOSED, State.OPPOSED_DMP_KEPT]),
        "dead": Q(state=State.NOT_OPENED_DEATH) | (_WAITING | asked) & ~alive,
        "not_eligible": Q(state=State.NOT_ELIGIBLE),
        "failed": Q(state=State.OPEN_FAILED),
        "opened": Q(state__in=[State.OPEN, State.OPEN_ACTIVE]),
    }
    members = EligiblePerson.objects.filter(wave=wave)
    found = members.aggregate(**{name: Count("pk", filter=wanted) for name, wanted in counts.items()})
    return Trial(**found)


@transaction.atomic
def ask_opening(*, actor: Actor, wave_id: UUID, at: datetime) -> Wave:
    """First step of two: ask that the spaces of the wave may open, each once its own six weeks are over.

    Asked twice is asked once. Raises `UnknownWaveError`, `WrongStateError`, `AccessDeniedError`.
    """
    person = person_who_acts(actor, roles=policies.RUNS)
    wave = _locked(wave_id)
    if wave.opening_asked_at is None:
        wave.opening_asked_by_id, wave.opening_asked_at = person, at
        wave.save(update_fields=["opening_asked_by", "opening_asked_at"])
        trace(actor=actor, wave=wave, act="ask_opening", at=at)
    return wave


@transaction.atomic
def approve_opening(*, actor: Actor, wave_id: UUID, at: datetime) -> Wave:
    """Second step, by another person: from now on the job opens whoever is due.

    Raises `UnknownWaveError`, `WrongStateError`, `NotAskedError`, `SamePersonError`, `AccessDeniedError`.
    """
    person = person_who_acts(actor, roles=policies.APPROVES)
    wave = _locked(wave_id)
    if wave.opening_asked_at is None:
        raise NotAskedError
    if wave.opening_asked_by_id == person:
        raise SamePersonError
    if wave.opening_approved_at is None:
        wave.opening_approved_by_id, wave.opening_approved_at = person, at
        wave.save(update_fields=["opening_approved_by", "opening_approved_at"])
        facts = {"due": trial(wave=wave, at=at).due}
        trace(actor=actor, wave=wave, act="approve_opening", at=at, facts=facts)
    return wave


def _locked(wave_id: UUID) -> Wave:
    wave = Wave.objects.select_for_update(of=("self",)).filter(id=wave_id).first()
    if wave is None:
        raise UnknownWaveError
    if wave.state not in Wave.RUNNING:
        raise WrongStateError(wave.state)
    return wave
