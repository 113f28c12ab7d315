"""Wrong codes of notices: the time of an answer must not tell why it was no (SEC-06, decisions.md 34)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import median
from time import perf_counter

from apps.accounts.ins import Authority, control_key
from apps.accounts.models import InsIdentity
from apps.common.ids import uuid7
from apps.rollout.codes import code_of, mac_of
from apps.rollout.models import EligiblePerson, ImportRun, NoticeCode
from apps.rollout.services import identifying
from apps.rollout.services.proving import Notified, prove_by_number
from apps.rollout.window import window_end

TIMES = 200
CLASS = 0.005  # seconds between the fastest and the slowest kind of miss
_NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
_BIRTH, _OTHER = "1984-06-14", "1984-06-15"
_NEVER = "K7MF3QXT9BRE"  # its check symbol is wrong


def measure() -> Iterator[str]:
    """Medians of 200 for each kind of miss at both doors, and how far they lie apart. Each try has its own address."""
    living, old = _code(sent_at=_NOW - timedelta(days=10)), _code(sent_at=_NOW - timedelta(days=200))
    misses = {
        "no code": (_NEVER, _BIRTH),
        "unknown": (code_of(uuid7()), _BIRTH),
        "wrong date": (living, _OTHER),
        "expired": (old, _BIRTH),
    }
    yield from _medians("opposition", {name: partial(_tried, *pair) for name, pair in misses.items()})
    wrong = {**misses, "wrong number": (living, _BIRTH)}
    yield from _medians("activation", {name: partial(_proved, *pair) for name, pair in wrong.items()})


def _medians(act: str, misses: dict[str, Callable[[str, datetime], float]]) -> Iterator[str]:
    spent: dict[str, list[float]] = {name: [] for name in misses}
    for number in range(TIMES):
        for name, tried in misses.items():
            spent[name].append(tried(f"{act} {name} {number}", _NOW + timedelta(seconds=2 * number)))
            NoticeCode.objects.update(failures=0, locked_until=None)
    medians = {name: median(times) for name, times in spent.items()}
    for name, seconds in medians.items():
        yield f"{act}, {name}: {seconds * 1e3:.2f} ms"
    apart = max(medians.values()) - min(medians.values())
    yield f"{act}, medians of {TIMES} apart: {apart * 1e3:.2f} ms ({'within' if apart < CLASS else 'over'} 5 ms)"


def _proved(typed: str, birth_date: str, address: str, at: datetime) -> float:
    """A number that is nobody's: each try fails, with whatever else is right."""
    notified = Notified(code=typed, birth_date=birth_date, address=address)
    start = perf_counter()
    found = prove_by_number(notified=notified, number="2840644109999", at=at)
    spent = perf_counter() - start
    if found is not None:
        msg = "a wrong number was taken for a right one"
        raise RuntimeError(msg)
    return spent


def _tried(typed: str, birth_date: str, address: str, at: datetime) -> float:
    start = perf_counter()
    found = identifying.identify(typed=typed, birth_date=birth_date, address=address, at=at)
    spent = perf_counter() - start
    if found is not None:
        msg = "a wrong pair was taken for a right one"
        raise RuntimeError(msg)
    return spent


def _code(*, sent_at: datetime) -> str:
    """Somebody whose notice left then, and their code."""
    code_id, run = uuid7(), ImportRun.objects.create(file_name="-", started_at=_NOW, finished_at=_NOW, state="done")
    number = f"2840644109{900 + EligiblePerson.objects.filter(fingerprint='-').count():03d}"
    identity = InsIdentity.objects.create(
        ins_number=number, ins_key=control_key(number), authority=Authority.TEST_NIR, birth_family_name="MOREL",
        birth_given_names="ALICE", first_given_name="ALICE", sex="F", birth_date=_BIRTH, birth_place="44109",
    )  # fmt: skip
    person = EligiblePerson.objects.create(
        identity=identity, situation="MAJEUR", channel="courrier", fingerprint="-", state="NOTICE_SENT",
        state_at=sent_at, notice_sent_at=sent_at, window_ends_at=window_end(sent_at), first_run=run, changed_run=run,
    )  # fmt: skip
    code = code_of(code_id)
    NoticeCode.objects.create(id=code_id, person=person, mac=mac_of(code), issued_at=sent_at)
    return code
