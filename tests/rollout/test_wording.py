from __future__ import annotations

from datetime import UTC, datetime

import pytest

from apps.rollout.jobs.progress import Progress
from apps.rollout.management.wording import Ticker, import_error
from apps.rollout.services import ImportInterruptedError, UnfinishedImportError


class Clock:
    """Seconds that the test sets."""

    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def ticker(clock, said) -> Ticker:
    return Ticker(said.append, clock=clock, now=lambda: datetime(2026, 1, 5, 11, 0, 0, tzinfo=UTC))


def at(done: int, items: int, phase: str = "reading") -> Progress:
    return Progress(phase=phase, done=done, total=1000, items=items)


class TestTicker:
    def test_says_share_rate_and_hour_of_the_end_in_paris(self, clock, said, ticker):
        ticker(at(0, 0))
        clock.seconds += 10
        ticker(at(250, 2000))

        # 250 of 1000 in 10 s: 30 s are left; 2,000 lines in 10 s. 11:00:30 UTC is 12:00:30 in Paris.
        assert said == ["lecture du fichier\u00a0: 25 %, 2000 faits, 200 par seconde, fin vers 12:00:30"]

    def test_says_nothing_more_often_than_every_five_seconds(self, clock, said, ticker):
        ticker(at(0, 0))
        for _ in range(20):
            clock.seconds += 1
            ticker(at(10, 10))

        assert len(said) == 4

    def test_counts_each_phase_on_its_own(self, clock, said, ticker):
        ticker(at(1000, 5000))
        clock.seconds += 60
        ticker(at(0, 0, "writing"))
        clock.seconds += 5
        ticker(at(500, 500, "writing"))

        assert said == ["écriture\u00a0: 50 %, 500 faits, 100 par seconde, fin vers 12:00:05"]

    def test_goes_on_from_the_place_of_a_stopped_run(self, clock, said, ticker):
        ticker(at(800, 8000))
        clock.seconds += 5
        ticker(at(900, 9000))

        assert said == ["lecture du fichier\u00a0: 90 %, 9000 faits, 200 par seconde, fin vers 12:00:05"]


class TestImportError:
    def test_names_the_file_to_finish(self):
        assert "eligibles.csv" in import_error(UnfinishedImportError("eligibles.csv"))

    def test_says_that_it_goes_on(self):
        assert "reprendra" in import_error(ImportInterruptedError("40P01"))
