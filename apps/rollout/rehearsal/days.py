"""The calendar of a rehearsal: files, waves, notices, people and openings, day after day (decisions 32)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from apps.rollout import services
from apps.rollout.jobs import majority, openings, waves
from apps.rollout.jobs.importing import Means
from apps.rollout.models import Wave
from apps.rollout.rehearsal import files, planning
from apps.rollout.rehearsal.desk import Desk
from apps.rollout.rehearsal.people import People
from apps.rollout.rehearsal.plans import LAST_FILE_DAY, NEWCOMERS_DAY, RESTART_DAY, STOP_DAY, Plan
from apps.rollout.rehearsal.postroom import Postroom
from apps.rollout.rehearsal.promises import Told
from apps.rollout.rehearsal.staff import engage
from apps.rollout.services import stopping
from apps.spaces.jobs import close_dead

_PAUSED_DAY, _RESUMED_DAY = 4, 5
_LET_OPEN_DAY = 30
Says = Callable[[str], None]


class Rehearsal:
    """`folder` takes the files of the insurer; `says` hears which day it is.

    `tally` holds what happened, `told` what the insurer said last.
    """

    def __init__(self, plan: Plan, *, folder: Path, says: Says) -> None:
        self.plan, self._folder, self._says = plan, folder, says
        self.tally: Counter[str] = Counter()
        self._staff = engage(plan.at(-12, 9))
        self.postroom = Postroom(plan, self._staff, self.tally)
        self._people = People(plan, self._staff, self.tally)
        self._desk = Desk(plan, self._staff, self.tally)
        self._waves: list[Wave] = []
        self.told = Told()

    def run(self) -> None:
        """From the first file to the last day."""
        self._take_in(-10)
        self._waves = planning.plan_waves(self.plan, self._staff)
        for day in range(self.plan.days):
            self._says(f"day {day} of {self.plan.days}: {self.plan.day(day)}")
            self._morning(day)
            self._decide(day)
            self._noon(day)
            self._people.live(day)
            self._desk.work(day)
            self._tally_of("openings asked for, opened", openings.open_asked(at=self.plan.at(day, 20)).opened)

    def _morning(self, day: int) -> None:
        waves.advance(at=self.plan.at(day, 6))
        if day in {NEWCOMERS_DAY, LAST_FILE_DAY}:
            self._take_in(day)
        if day == NEWCOMERS_DAY - 2:
            planning.plan_continuous(self.plan, self._staff)
        self.postroom.send(day)
        waves.advance(at=self.plan.at(day, 10))
        self.postroom.take_back(day)

    def _decide(self, day: int) -> None:
        """What the two people of the staff do on this day."""
        at, staff = self.plan.at(day, 7), self._staff
        if day == _PAUSED_DAY:
            planning.pause(self.plan, staff, self._waves[0], day=day)
        if day == _RESUMED_DAY:
            planning.resume(self.plan, staff, self._waves[0], day=day)
        if day == _LET_OPEN_DAY:
            for wave in self._waves:
                planning.let_open(self.plan, staff, wave, day=day)
        if day == STOP_DAY:
            self._stop = stopping.order_stop(actor=staff.operates(at), wave_id=None, reason="Exercice", at=at)
        if day == RESTART_DAY:
            stopping.ask_restart(actor=staff.operates(at), stop_id=self._stop.pk, reason="Fin de l'exercice", at=at)
            stopping.confirm_restart(actor=staff.approves(at), stop_id=self._stop.pk, at=at)

    def _noon(self, day: int) -> None:
        """The job of the openings, and what it does at 18."""
        at = self.plan.at(day, 12)
        done = openings.open_spaces(at=at, lanes=self.plan.cores)
        self._tally_of("spaces opened by the end of six weeks", done.opened)
        self._tally_of("openings failed", done.failed)
        if day == STOP_DAY:
            self._tally_of("opened during the stop", done.opened)
        self._tally_of("notices at 18", majority.notify_new_adults(at=self.plan.at(day, 13)))
        while closed := close_dead(at=self.plan.at(day, 13)):
            self._tally_of("spaces closed by a death", closed)

    def _take_in(self, day: int) -> None:
        path, first = self._folder / f"eligibles-{day}.csv", day < 0
        on = self.plan.day(day)
        written = files.write_first(path, self.plan) if first else files.write_later(path, self.plan, on=on)
        at = self.plan.at(day, 5)
        means = Means(processes=self.plan.cores, lanes=self.plan.cores)
        with path.open("rb") as source:
            file = services.EligibilityFile(source=source, name=path.name, is_complete=not first)
            counts = services.import_file(file=file, at=at, means=means)
        path.unlink()
        for name in ("read", "accepted", "unchanged", "refused", "ignored"):
            self._tally_of(f"lines {name}", getattr(counts, name))
        self.told = Told(dead=written.dead, left=written.left, at=at)
        self._tally_of("lines written broken", written.broken)
        for name in ("deaths", "moves", "leavers", "newcomers", "births"):
            self._tally_of(f"{name} in later files", getattr(written, name))

    def _tally_of(self, name: str, number: int) -> None:
        self.tally[name] += number
