"""Oppositions that race with the opening of the same people, on real connections (REL-09)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.db import connection

from apps.rollout.jobs.openings import open_spaces
from apps.rollout.models import Capacity, Channel, EligiblePerson, NoticeCode, Opposition
from apps.rollout.services import opposing
from apps.rollout.services.wishes import AlreadyOpenError, Wish
from apps.spaces.models import HealthSpace
from tests.harness.clock import NOON
from tests.rollout import factories

State = EligiblePerson.State


@dataclass(kw_only=True)
class Race:
    """`people` in the order in which their windows end; `receipts`: who was told that the opposition is recorded."""

    people: list[EligiblePerson]
    codes: dict[object, NoticeCode]
    receipts: set[object] = field(default_factory=set)
    too_late: set[object] = field(default_factory=set)

    def oppose(self, person: EligiblePerson, at: datetime) -> None:
        wish = Wish(channel=Channel.ONLINE, capacity=Capacity.SELF, received_at=at, code=self.codes[person.pk])
        try:
            opposing.oppose(person_id=person.pk, wish=wish, at=at)
        except AlreadyOpenError:
            self.too_late.add(person.pk)
        else:
            self.receipts.add(person.pk)


def line_up(number: int) -> Race:
    """People whose window ended yesterday, each with a code, in a wave that may open."""
    wave, run = factories.opening_wave(), factories.run()
    race = Race(people=[], codes={})
    for _ in range(number):
        person = factories.person(wave=wave, run=run, state=State.ELIGIBLE)
        notice, _code = factories.noticed(person, sent_at=NOON - timedelta(days=44))
        race.people.append(person)
        race.codes[person.pk] = notice.code
    return race


def in_pairs(race: Race, *, seed: int) -> None:
    """Pair by pair: one thread opposes, the other runs the opening, both from the same start; who wins is chance."""
    rng = Random(seed)
    due = EligiblePerson.objects.filter
    due(pk__in=[person.pk for person in race.people]).update(window_ends_at=NOON + timedelta(days=1))
    for person in race.people:
        due(pk=person.pk).update(window_ends_at=NOON)
        delay = rng.randrange(300)  # the run comes to the person's row later than the opposition does
        together(
            _after(delay, lambda person=person: race.oppose(person, NOON)),
            lambda: open_spaces(at=NOON),
        )
    open_spaces(at=NOON)


def in_a_crowd(race: Race, *, seed: int, threads: int = 3) -> None:
    """All at once: several threads oppose in any order while one run opens everybody in small slices."""
    people = list(race.people)
    Random(seed).shuffle(people)
    parts = [people[place::threads] for place in range(threads)]

    def all_of(part: Iterable[EligiblePerson]) -> None:
        for person in part:
            race.oppose(person, NOON)

    together(*(lambda part=part: all_of(part) for part in parts), lambda: open_spaces(at=NOON))
    open_spaces(at=NOON)


def violations(race: Race) -> int:
    """People with a receipt and a space, with both or none of the two ends, or in a state that says something else."""
    spaces = set(HealthSpace.objects.values_list("identity_id", flat=True))
    standing = set(Opposition.objects.filter(withdrawn_at=None).values_list("person_id", flat=True))
    states = dict(EligiblePerson.objects.values_list("pk", "state"))
    found = 0
    for person in race.people:
        pk = person.pk
        opposed = (pk in race.receipts, pk in standing, states[pk] == State.OPPOSED)
        opened = (pk in race.too_late, pk in spaces, states[pk] == State.OPEN)
        found += not ((all(opposed) and not any(opened)) or (all(opened) and not any(opposed)))
    return found


def together(*works: Callable[[], object]) -> None:
    """Each in a thread of its own with its own connection, from one start; the first error is raised."""
    start, errors = threading.Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            start.wait()
            work()
        except Exception as error:  # noqa: BLE001  raised below, in the thread of the test
            errors.append(error)
            with suppress(threading.BrokenBarrierError):
                start.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def _after(queries: int, work: Callable[[], object]) -> Callable[[], object]:
    """The work after some queries for nothing, so that both orders come up."""

    def waits() -> object:
        with connection.cursor() as cursor:
            for _ in range(queries):
                cursor.execute("SELECT 1")
        return work()

    return waits
