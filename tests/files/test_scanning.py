"""Tries of the antivirus check: which count, who takes over, what ends them (REL-07, REL-13, REL-23)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.files import jobs, services
from apps.files.gateways.base import (
    ScannerAnswerError,
    ScannerRefusedError,
    ScannerUnavailableError,
    Verdict,
)
from apps.files.models import StoredFile
from tests.files import keyring
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
CLEAN = Verdict(infected=False, engine="scripted")
INFECTED = Verdict(infected=True, engine="scripted", finding="Worm")


class KilledError(BaseException):
    """Stands for the death of the process in the middle of a scan."""


class Scripted:
    """A scanner that answers as told, in this order; the last answer is repeated."""

    simulated = True

    def __init__(self, *answers):
        self.answers = list(answers)
        self.calls = 0

    def scan(self, content):
        self.calls += 1
        answer = self.answers[min(self.calls, len(self.answers)) - 1]
        if isinstance(answer, Verdict):
            return answer
        raise answer


@pytest.fixture
def file():
    content = services.Content(data=b"secret content", media_type="text/plain")
    return services.store(space_id=uuid4(), content=content, at=NOON)


def scan(file, scanner, at=NOON):
    state = jobs.scan(vault_id=file.vault_id, file_id=file.id, scanner=scanner, at=at)
    file.refresh_from_db()
    return state


class TestTriesThatDoNotCount:
    @pytest.mark.parametrize("wait", [MINUTE, timedelta(hours=3)])
    def test_rel_13_a_scanner_that_is_away_never_parks_a_file(self, file, wait):
        away = Scripted(ScannerUnavailableError())
        for number in range(20):
            scan(file, away, at=NOON + number * wait)
        assert away.calls == 20
        assert (file.state, file.attempts, file.problem) == ("waiting", 0, "scanner-away")

    def test_a_store_that_is_away(self, file, settings, tmp_path):
        blocked = tmp_path / "a file where the folder should be"
        blocked.write_text("")
        settings.STORAGES = {
            **settings.STORAGES,
            "default": {
                "BACKEND": "django.core.files.storage.FileSystemStorage",
                "OPTIONS": {"location": str(blocked)},
            },
        }
        scanner = Scripted(CLEAN)
        assert scan(file, scanner) == "waiting"
        assert (file.attempts, file.problem, file.due_at, scanner.calls) == (0, "store-away", NOON + MINUTE, 0)

    def test_a_master_key_that_is_not_in_the_settings(self, file, settings):
        keyring.forget(settings)
        assert scan(file, Scripted(CLEAN)) == "waiting"
        assert (file.attempts, file.problem) == (0, "key-missing")


class TestTriesThatCount:
    def test_rel_07_answers_that_mean_nothing_park_the_file_at_the_fifth(self, file):
        garbage = Scripted(ScannerAnswerError())
        for hours in range(5):
            assert file.state == "waiting"
            scan(file, garbage, at=NOON + timedelta(hours=hours))
        assert (file.state, file.problem, file.parked_at) == ("parked", "no-answer", NOON + timedelta(hours=4))
        assert scan(file, garbage, at=NOON + timedelta(days=9)) == "parked"
        assert garbage.calls == 5

    def test_a_file_that_the_scanner_will_not_take_is_parked_at_once(self, file):
        assert scan(file, Scripted(ScannerRefusedError())) == "parked"
        assert (file.problem, file.attempts) == ("too-long", 1)

    def test_a_verdict_after_failures_clears_them_away(self, file):
        scanner = Scripted(ScannerAnswerError(), CLEAN)
        scan(file, scanner)
        assert scan(file, scanner, at=NOON + MINUTE) == "clean"
        assert (file.problem, file.due_at) == ("", None)

    def test_before_it_is_due_nothing_is_tried(self, file):
        scanner = Scripted(ScannerAnswerError())
        scan(file, scanner)
        scan(file, scanner, at=NOON + MINUTE - timedelta(seconds=1))
        assert scanner.calls == 1

    def test_rel_13_nothing_is_readable_whatever_the_try(self, file):
        for answer in (ScannerAnswerError(), ScannerUnavailableError(), ScannerRefusedError(), INFECTED):
            scan(file, Scripted(answer), at=NOON + timedelta(days=1))
            with pytest.raises(services.FileNotReadableError):
                services.read(file)


class TestKilled:
    def test_rel_02_a_try_that_died_is_counted_and_taken_over_after_its_lease(self, file):
        with pytest.raises(KilledError):
            scan(file, Scripted(KilledError()))
        file.refresh_from_db()
        assert (file.attempts, file.problem, file.due_at) == (1, "interrupted", NOON + timedelta(seconds=330))

        late = Scripted(CLEAN)
        assert scan(file, late, at=NOON + timedelta(seconds=329)) == "waiting"
        assert scan(file, late, at=NOON + timedelta(seconds=330)) == "clean"
        assert (late.calls, file.attempts) == (1, 2)

    def test_rel_07_a_file_that_kills_its_process_five_times_is_parked_untouched(self, file):
        killer = Scripted(KilledError())
        for hours in range(5):
            with pytest.raises(KilledError):
                scan(file, killer, at=NOON + timedelta(hours=hours))
        assert scan(file, killer, at=NOON + timedelta(hours=5)) == "parked"
        assert (file.problem, killer.calls) == ("interrupted", 5)

    def test_rel_01_a_slow_try_that_was_taken_over_writes_nothing(self, file):
        """The scanner answers « clean » after another run has found a virus."""

        class Slow:
            simulated = True

            def scan(self, content):
                later = NOON + timedelta(minutes=10)
                assert jobs.scan(vault_id=file.vault_id, file_id=file.id, scanner=Scripted(INFECTED), at=later)
                return CLEAN

        assert scan(file, Slow()) == "infected"
        assert (file.state, file.finding) == ("infected", "Worm")

    @settings(max_examples=40, deadline=None)
    @given(answers=st.lists(st.sampled_from(["clean", "infected", "away", "garbage", "killed"]), max_size=9))
    def test_rel_02_whatever_happens_the_state_is_that_of_the_first_verdict(self, answers):
        """Model: tries count unless the scanner was away; five without a verdict park the file."""
        kinds = {
            "clean": CLEAN,
            "infected": INFECTED,
            "away": ScannerUnavailableError(),
            "garbage": ScannerAnswerError(),
            "killed": KilledError(),
        }
        content = services.Content(data=b"x", media_type="text/plain")
        row = services.store(space_id=uuid4(), content=content, at=NOON)
        tries, expected = 0, "waiting"
        for day, answer in enumerate(answers):
            if expected == "waiting" and tries == 5:
                expected = "parked"  # five kills: seen at the next run
            elif expected == "waiting":
                tries += answer != "away"
                expected = answer if answer in ("clean", "infected") else expected
                expected = "parked" if answer == "garbage" and tries == 5 else expected
            try:
                scan(row, Scripted(kinds[answer]), at=NOON + timedelta(days=day))
            except KilledError:
                row.refresh_from_db()
            assert row.state == expected
            assert row.is_readable == (expected == "clean")


class TestSweep:
    def test_it_ends_at_the_first_silence_of_the_scanner(self, file):
        for _ in range(3):
            services.store(space_id=uuid4(), content=services.Content(data=b"x", media_type="text/plain"), at=NOON)
        away = Scripted(ScannerUnavailableError())
        assert jobs.sweep(scanner=away, clock=lambda: NOON + timedelta(hours=1)) == 1
        assert away.calls == 1

    def test_it_ends_when_its_time_is_over(self, file):
        assert jobs.sweep(scanner=Scripted(CLEAN), clock=lambda: NOON + timedelta(hours=1), seconds=0) == 0

    def test_rel_23_a_parked_file_is_not_due(self, file):
        scan(file, Scripted(ScannerRefusedError()))
        assert jobs.waiting(at=NOON + timedelta(days=1)) == []

    def test_rel_23_a_try_that_died_is_due_after_its_lease(self, file):
        with pytest.raises(KilledError):
            scan(file, Scripted(KilledError()))
        assert jobs.waiting(at=NOON + timedelta(seconds=329)) == []
        assert jobs.waiting(at=NOON + timedelta(seconds=330)) == [(file.vault_id, file.id)]


class TestTable:
    @pytest.mark.parametrize(
        "change",
        [
            {"state": "parked"},
            {"state": "clean"},
            {"state": "destroyed", "scanned_at": NOON},
            {"parked_at": NOON},
            {"scanned_at": NOON},
        ],
    )
    def test_a_state_without_its_hour_is_refused(self, file, change):
        with pytest.raises(IntegrityError), transaction.atomic():
            StoredFile.objects.filter(id=file.id).update(**change)
