"""The waves of a rehearsal: one a department, one for all who come later; approved and let open by two people."""

from __future__ import annotations

from dataclasses import replace
from math import ceil
from sys import maxsize

from apps.common.ids import uuid7
from apps.rollout import criteria
from apps.rollout.jobs.filling import fill_due
from apps.rollout.models import Wave
from apps.rollout.rehearsal.plans import FIRST_DAY, NEWCOMERS_DAY, SENDING_DAYS, Plan
from apps.rollout.rehearsal.staff import Staff
from apps.rollout.services import letting_open, waves

_CONTENT = waves.Content(
    name="", stage=Wave.Stage.PILOT, departments=[], schemes=[], situations=[], born_from=None, born_until=None,
    at_most=None, is_continuous=False, services=["dmp", "mss"], channels=Wave.Channels.AS_WISHED,
    first_send_on=FIRST_DAY, mails_a_day=1, letters_a_day=1,
)  # fmt: skip


def plan_waves(plan: Plan, staff: Staff) -> list[Wave]:
    """A wave a department, with a capacity that sends for two weeks; their people are taken in."""
    made = []
    for place, department in enumerate(plan.departments):
        content = replace(_CONTENT, name=f"Département {department}", departments=[department])
        counted = criteria.count(waves.draft_of(content))
        content = replace(
            content,
            mails_a_day=ceil(counted.mails / SENDING_DAYS) + 1,
            # Mails that came back leave once more as letters.
            letters_a_day=ceil(2 * counted.letters / SENDING_DAYS) + 2,
        )
        made.append(_approved(plan, staff, content, day=-7, hour=9 + place))
    fill_due(at=plan.at(-6, 9), seconds=maxsize)
    return made


def plan_continuous(plan: Plan, staff: Staff) -> Wave:
    """People of later files join this one by themselves (SPA-13)."""
    content = replace(
        _CONTENT,
        name="Nouveaux assurés",
        is_continuous=True,
        first_send_on=plan.day(NEWCOMERS_DAY),
        mails_a_day=plan.population,
        letters_a_day=plan.population,
    )
    wave = _approved(plan, staff, content, day=NEWCOMERS_DAY - 2, hour=9)
    let_open(plan, staff, wave, day=NEWCOMERS_DAY - 1)
    return wave


def let_open(plan: Plan, staff: Staff, wave: Wave, *, day: int) -> None:
    """Two people let the spaces of a wave open, each at the end of its own six weeks."""
    asked, approved = plan.at(day, 10), plan.at(day, 11)
    letting_open.ask_opening(actor=staff.operates(asked), wave_id=wave.pk, at=asked)
    letting_open.approve_opening(actor=staff.approves(approved), wave_id=wave.pk, at=approved)


def pause(plan: Plan, staff: Staff, wave: Wave, *, day: int) -> None:
    """No sending of this wave for a day (ROL-12)."""
    waves.pause_wave(actor=staff.operates(plan.at(day, 7)), wave_id=wave.pk, at=plan.at(day, 7))


def resume(plan: Plan, staff: Staff, wave: Wave, *, day: int) -> None:
    """Send again."""
    waves.resume_wave(actor=staff.operates(plan.at(day, 7)), wave_id=wave.pk, at=plan.at(day, 7))


def _approved(plan: Plan, staff: Staff, content: waves.Content, *, day: int, hour: int) -> Wave:
    at = plan.at(day, hour)
    wave = waves.create_wave(actor=staff.operates(at), wave_id=uuid7(), content=content, at=at)
    seen = waves.version_of(wave)
    return waves.approve_wave(actor=staff.approves(at), wave_id=wave.pk, seen=seen, at=at)
