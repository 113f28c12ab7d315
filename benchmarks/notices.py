"""Notices of a wave prepared, handed to a counting transport and printed: goals of the roll-out."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import psycopg
from django.db import connection

from apps.accounts.models import StaffMembership, StaffRole, User
from apps.common.dates import PARIS
from apps.notifications.gateways.base import Letter
from apps.rollout import services
from apps.rollout.jobs import batching, preparing, printing, sending
from apps.rollout.jobs.importing import Means
from apps.rollout.models import EligiblePerson, LetterFile, Notice, Wave

AT = datetime(2026, 2, 2, 10, tzinfo=PARIS)
GOAL_SECONDS = 120  # for 100,000 notices
GOAL_LETTERS = 60  # a second and core
_MAILS, _LETTERS = 2_000, 10_000


class CountingRelay:
    """Takes every mail and keeps only the number."""

    simulated = True

    def __init__(self) -> None:
        self.taken = 0

    def hand_over(self, letter: Letter) -> None:
        self.taken += bool(letter.text)


def measure(path: Path) -> Iterator[str]:
    """Lines of the result, for the people of an eligibility file and nobody else."""
    _import(path)
    wave = _wave()
    people = EligiblePerson.objects.filter(state=EligiblePerson.State.ELIGIBLE).update(wave=wave)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE rollout_eligibleperson")
    prepared = _seconds(_prepare_all)
    notices = Notice.objects.count()
    yield (
        f"notices: {notices} for {people} people prepared in {prepared:.1f} s, {notices / prepared:.0f}/s "
        f"(goal {100_000 / GOAL_SECONDS:.0f}/s)"
    )
    relay = CountingRelay()
    sent = _seconds(lambda: _send_some(relay))
    yield f"mails: {relay.taken} rendered, counted and settled, {relay.taken / sent:.0f}/s (goal 30/s)"
    yield from _letters()
    memory = [resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    yield f"notices: largest memory {memory[0]} MB, of a child {memory[1]} MB"


def _letters() -> Iterator[str]:
    batching.gather(at=AT, everything=True)
    start, cpu = time.perf_counter(), _cpu()
    while time.perf_counter() - start < GOAL_SECONDS and _made() < _LETTERS:
        if not printing.make_letters(at=AT, seconds=1):
            break
    seconds, cpu = time.perf_counter() - start, _cpu() - cpu
    made = _made()
    yield (
        f"letters: {made} in {LetterFile.objects.count()} files, {made / seconds:.0f}/s on one core of "
        f"{os.cpu_count()}, {made / cpu:.0f} a second of its work (goal {GOAL_LETTERS}/s)"
    )


def _cpu() -> float:
    """Seconds of this process and of those that set the letters."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _made() -> int:
    return sum(LetterFile.objects.exclude(place=0).values_list("letters", flat=True))


def _prepare_all() -> None:
    while preparing.prepare_due(at=AT).people:
        pass


def _send_some(relay: CountingRelay) -> None:
    while relay.taken < _MAILS and sending.send_due(relay=relay, at=AT):
        pass


def _import(path: Path) -> None:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        owner.execute("TRUNCATE accounts_insidentity, rollout_importrun CASCADE")
    with path.open("rb") as source:
        file = services.EligibilityFile(source=source, name=path.name)
        services.import_file(file=file, at=AT, means=Means(processes=os.cpu_count() or 1, lanes=os.cpu_count() or 1))


def _wave() -> Wave:
    author, approver = (_staff(role) for role in (StaffRole.OPERATOR, StaffRole.APPROVER))
    return Wave.objects.create(
        number=1, name="", state=Wave.State.NOTIFYING, services=[], first_send_on=date(2026, 2, 2),
        mails_a_day=10_000_000, letters_a_day=10_000_000, author=author, created_at=AT, approver=approver,
        approved_at=AT,
    )  # fmt: skip


def _staff(role: StaffRole) -> User:
    user = User.objects.create(password="!")  # noqa: S106  no password
    StaffMembership.objects.create(user=user, role=role, started_at=AT)
    return user


def _seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
