from __future__ import annotations

import hashlib
import itertools
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, connection
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from apps.accounts.models import InsIdentity
from apps.audit.services import PLATFORM_SCOPE, events_of
from apps.formats import lines as reading
from apps.rollout import services
from apps.rollout.jobs import applying, staging
from apps.rollout.jobs import import_files as jobs
from apps.rollout.jobs.importing import Means
from apps.rollout.jobs.progress import Progress
from apps.rollout.models import EligiblePerson, ImportIssue, ImportRun, ImportSlice
from tests.harness.clock import NOON
from tests.rollout import import_files
from tests.rollout.files import CHILD, FATHER, NIA, content, counts, row, run_import

# Twelve lines: people, a child, a broken key, an exact double, another address, a temporary number of Sophie's, an
# empty line.
WORK = content(
    row(),
    row(**CHILD),
    *(row(matricule=f"2790244109{order}") for order in range(100, 104)),
    row(cle="00"),
    row(),
    row(adresse_voie="9 RUE NEUVE"),
    "",
    row(**FATHER),
    row(matricule="8790299000001", nature="NIA", oid=NIA),
)
LATER = NOON + timedelta(hours=2)


class StoppedError(Exception):
    """What the listener raises: the import ends as under a kill, its row stays as it was."""


class StopAt:
    """A listener that lets `calls` reports pass and stops at the next one."""

    def __init__(self, calls: int) -> None:
        self.left = calls

    def __call__(self, _progress: Progress) -> None:
        if self.left == 0:
            raise StoppedError
        self.left -= 1


class EndSession:
    """A listener that has the server end the session of the import at the report after `calls`."""

    def __init__(self, calls: int) -> None:
        self.left = calls

    def __call__(self, _progress: Progress) -> None:
        self.left -= 1
        if self.left == -1:
            end_session()


def end_session() -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
    finally:
        other.close()


@pytest.fixture(autouse=True)
def small_steps(monkeypatch) -> None:
    _small_steps(monkeypatch)


def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A block holds a line or two, a transaction one block, a slice two lines."""
    monkeypatch.setattr(reading, "_BLOCK", 400)
    monkeypatch.setattr(staging, "_BLOCKS", 1)
    monkeypatch.setattr(applying, "SLICE", 2)


def stop_after(calls: int, data: bytes = WORK) -> bool:
    """Import until the listener stops it; whether it was stopped."""
    try:
        run_import(data, means=Means(progress=StopAt(calls)))
    except StoppedError:
        return True
    return False


def lasting() -> dict[str, list[tuple[object, ...]]]:
    """Everything that an import leaves, without generated ids and instants."""
    people = EligiblePerson.objects.order_by("identity__ins_number", "identity__authority")
    fields = [
        field.attname
        for field in EligiblePerson._meta.concrete_fields
        if field.attname not in {"identity_id", "double_of_id", "state_at", "first_run_id", "changed_run_id"}
    ]
    traits = [field.attname for field in InsIdentity._meta.concrete_fields if field.attname != "id"]
    return {
        "identities": list(InsIdentity.objects.order_by("ins_number", "authority").values_list(*traits)),
        "register": list(people.values_list("identity__ins_number", "double_of__ins_number", *fields)),
        "issues": list(ImportIssue.objects.order_by("line", "code").values_list("line", "field", "code", "other_line")),
        "runs": list(ImportRun.objects.values_list("state", "read", "accepted", "unchanged", "refused", "ignored")),
    }


@pytest.mark.django_db
class TestResume:
    def test_rel_11_a_stop_while_reading_goes_on_behind_the_last_lines_taken_in(self):
        assert stop_after(3)
        stopped = ImportRun.objects.get()
        assert (stopped.state, stopped.phase) == ("running", "staging")
        assert stopped.next_line > 2
        assert not InsIdentity.objects.exists()

        again = run_import(WORK, at=LATER)

        run = ImportRun.objects.get()
        assert (run.pk, run.state, run.finished_at) == (stopped.pk, "done", LATER)
        assert counts(again) == (12, 8, 1, 1, 2)

    def test_rel_11_a_stop_while_writing_keeps_the_slices_written(self):
        assert stop_after(1000) is False
        straight = lasting()
        reports = _reports()
        assert stop_after(reports - 2)
        stopped = ImportRun.objects.get()
        assert (stopped.state, stopped.phase) == ("running", "applying")
        assert 0 < ImportSlice.objects.count() < 6
        assert InsIdentity.objects.exists()

        run_import(WORK, at=LATER)

        assert lasting() == straight
        assert not ImportSlice.objects.exists()

    def test_idn_50_an_import_with_stops_has_one_line_in_the_trail(self):
        stop_after(3)
        stop_after(3)
        run_import(WORK)

        lines = events_of(PLATFORM_SCOPE).filter(action="rollout.file.import")
        assert lines.get().facts == {"read": 12, "accepted": 8, "unchanged": 1, "refused": 1, "ignored": 2}

    def test_dates_of_a_resumed_import_are_those_of_its_start(self):
        stop_after(3)
        run_import(WORK, at=LATER)

        assert set(EligiblePerson.objects.values_list("state_at", flat=True)) == {NOON}

    def test_another_file_gives_up_a_run_that_had_written_nothing(self):
        stop_after(3)
        run_import(content(row()))

        states = dict(ImportRun.objects.values_list("sha256", "state"))
        assert states[hashlib.sha256(WORK).hexdigest()] == "interrupted"
        assert counts(run_import(content(row()))) == (1, 0, 1, 0, 0)

    def test_another_file_waits_until_what_was_being_written_is_written(self):
        assert stop_after(_reports() - 2)
        run_import(content(row(**{**FATHER, "nom_naissance": "AUTRE"})))

        assert list(ImportRun.objects.order_by("started_at", "pk").values_list("state", "accepted")) == [
            ("done", 8),
            ("done", 1),
        ]
        assert InsIdentity.objects.filter(ins_number="2790244109103").exists()

    def test_a_trial_run_leaves_what_was_taken_in(self):
        stop_after(3)
        before = ImportRun.objects.get().next_line
        assert counts(run_import(WORK, dry_run=True)) == (12, 8, 1, 1, 2)

        assert ImportRun.objects.get().next_line == before
        assert counts(run_import(WORK)) == (12, 8, 1, 1, 2)

    def test_decisions_31_nothing_opens_while_an_import_is_half_written(self):
        assert stop_after(_reports() - 2)

        with pytest.raises(services.UnfinishedImportError) as caught:
            services.open_spaces(at=NOON)

        assert caught.value.file_name == "eligibles.csv"


@pytest.mark.django_db(transaction=True)
class TestLostSession:
    """The server ends the session of the import, as in a restart: nobody knows of a fault of the file."""

    @pytest.mark.parametrize("before_the_end", [1, 2, 5])
    def test_rel_04_the_import_is_gone_on_with_as_after_a_kill(self, before_the_end):
        run_import(WORK)
        straight = lasting()
        reports = _reports()
        lines = events_of(PLATFORM_SCOPE).filter(action="rollout.file.import")
        before = lines.count()

        with pytest.raises(OperationalError):
            run_import(WORK, means=Means(progress=EndSession(reports - before_the_end)))
        assert ImportRun.objects.get().state == "running"
        run_import(WORK, at=LATER)

        assert lasting() == straight
        assert lines.count() == before + 1

    def test_rel_04_a_file_of_the_console_is_gone_on_with(self, place):
        file = import_files.bring(WORK)

        clock, looks = import_files.ticking(), itertools.count(1)

        def look() -> datetime:
            if next(looks) == 2:
                end_session()
            return clock()

        with pytest.raises(OperationalError):
            jobs.go_on(clock=look)
        file.refresh_from_db()
        assert (file.state, file.reason) == ("trying", "")
        import_files.work()

        file.refresh_from_db()
        assert (file.state, file.read) == ("tried", 12)


@pytest.mark.django_db
class TestLostStage:
    """A crash of the server empties the staging tables: they are in no log."""

    def test_rel_11_lines_lost_while_reading_are_read_again(self):
        stop_after(3)
        staging.empty_tables()

        assert counts(run_import(WORK)) == (12, 8, 1, 1, 2)

    def test_rel_11_lines_lost_while_writing_are_read_again_and_counted_once(self):
        run_import(WORK)
        straight = lasting()
        reports = _reports()
        stop_after(reports - 2)
        staging.empty_tables()
        run_import(WORK)

        assert lasting() == straight

    def test_another_file_is_refused_when_the_lines_to_write_are_lost(self):
        stop_after(_reports() - 2)
        staging.empty_tables()

        with pytest.raises(services.UnfinishedImportError):
            run_import(content(row()))

    def test_another_file_is_refused_while_they_are_read_again(self):
        reports = _reports()
        stop_after(reports - 2)
        staging.empty_tables()
        stop_after(2)  # begun anew, stopped while it reads: half of the lines stand on the stage, not compared

        with pytest.raises(services.UnfinishedImportError):
            run_import(content(row()))

        assert ImportRun.objects.get().state == "running"

    def test_nothing_opens_until_they_are_written(self):
        reports = _reports()
        stop_after(reports - 2)
        staging.empty_tables()
        stop_after(2)  # begun anew, stopped while it reads

        with pytest.raises(services.UnfinishedImportError):
            services.open_spaces(at=NOON)


class AnyStopsTests(TestCase):
    @given(stops=st.lists(st.integers(min_value=0, max_value=25), max_size=5))
    def test_rel_11_any_stops_end_in_the_tables_of_a_straight_run(self, stops):
        with pytest.MonkeyPatch.context() as monkeypatch:
            _small_steps(monkeypatch)
            run_import(WORK)
            straight = lasting()
            _forget()
            for calls in stops:
                if not stop_after(calls):
                    _forget()
            run_import(WORK)

            assert lasting() == straight


@pytest.mark.django_db
class TestRights:
    def test_sec_13_the_application_role_may_import(self):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE ens_app")

        assert counts(run_import(WORK)) == (12, 8, 1, 1, 2)


def _reports() -> int:
    """How often an import of `WORK` tells how far it is; everything it wrote is taken away."""
    told: list[Progress] = []
    _forget()
    run_import(WORK, means=Means(progress=told.append))
    _forget()
    return len(told)


def _forget() -> None:
    for model in (EligiblePerson, InsIdentity, ImportRun):
        model.objects.all().delete()
