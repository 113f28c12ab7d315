"""The job that carries on with the files of RO-02: dry run, import, slices, two at once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection, connections
from django.test import TestCase

from apps.accounts.models import InsIdentity
from apps.audit.services import PLATFORM_SCOPE, events_of
from apps.formats import lines as reading
from apps.rollout import services
from apps.rollout.jobs import applying, folder, import_files, importing, pacing, staging, trying
from apps.rollout.jobs.progress import Progress
from apps.rollout.models import EligiblePerson, ImportFile, ImportIssue, ImportRun
from apps.rollout.services import import_console
from apps.rollout.tasks import carry_on_imports, clear_imports
from tests.harness.clock import NOON
from tests.rollout.files import CHILD, FATHER, content, row, run_import
from tests.rollout.import_files import BAD, GOOD, acting, actions, bring, confirmed, received, ticking, tried, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
State = ImportFile.State
LATER = NOON + timedelta(hours=1)


class TestTrial:
    def test_ro_02_counts_what_an_import_would_do(self):
        run_import(content(row(), row(**FATHER, departement="44"), row(**CHILD)))
        file = tried(content(row(), row(**{**CHILD, "foyer": "F2"}), row(matricule="2790244109100"), row(sexe="X")))

        assert (file.state, file.read) == (State.TRIED, 4)
        assert (file.unchanged, file.changed, file.new, file.refused, file.absent) == (1, 1, 1, 1, 1)
        assert file.tried_at is not None

    def test_writes_nothing_of_the_file(self):
        tried(GOOD)

        assert not InsIdentity.objects.exists()
        assert list(ImportRun.objects.values_list("state", flat=True)) == ["trial"]
        with connection.cursor() as cursor:
            for table in ("rollout_stage", "rollout_trial.rollout_stage", "rollout_trial.rollout_finding"):
                cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  constants only
                assert cursor.fetchone() == (0,)

    def test_ro_02_twenty_people_without_names(self):
        run_import(content(row()))
        people = [row(matricule=f"2790244109{order}") for order in range(100, 130)]
        file = tried(content(row(regime="02"), *people))

        assert len(file.sample) == 20
        assert {tuple(sorted(one)) for one in file.sample} == {("department", "initials", "known", "year")}
        assert {(one["initials"], one["year"], one["department"]) for one in file.sample} == {("SE", "1979", "44")}

    def test_findings_are_kept_with_their_shape(self):
        file = tried(content(row(date_naissance="1979-02-31"), row(matricule="2790244109100", nom_naissance="")))

        kept = ImportIssue.objects.filter(run=file.trial).order_by("line")
        assert list(kept.values_list("line", "field", "code", "masked")) == [
            (2, "date_naissance", "DATE", "••••-••-••"),
            (3, "nom_naissance", "NOM_VIDE", "∅"),
        ]

    @pytest.mark.parametrize(
        ("data", "reason", "details"),
        [
            (b"", "empty", []),
            ("nom;prénom\n".encode("cp1252"), "encoding", []),
            (GOOD.decode().encode("utf-16"), "encoding", []),
            (content(row(), header="matricule;cle"), "columns_missing", 30),
            (content(row(), header=content().decode().strip() + ";cle"), "columns_twice", ["cle"]),
            (b"x" * 2_200_000, "endless_line", []),
            (b'"matricule";"cle"\n', "columns_missing", 32),
        ],
        ids=["empty", "cp1252", "utf-16", "missing", "twice", "endless", "quotes"],
    )
    def test_rol_10_a_file_that_is_none_is_refused_with_a_reason(self, place, data, reason, details):
        file = tried(data)

        assert (file.state, file.reason) == (State.REFUSED, reason)
        assert (len(file.details) if isinstance(details, int) else file.details) == details
        assert received(place) == []
        assert actions()[-1] == "rollout.import.refuse"

    def test_rol_11_cp1252_lines_nuls_and_quotes_are_lines_that_are_refused(self):
        lines = content(row(), row(nom_naissance="É", matricule="2790244109100")).decode()
        data = lines.encode("cp1252") + row(nom_naissance="A\x00B").encode() + b'\n"' + row().encode() + b'"\n'
        file = tried(data)

        assert (file.state, file.read, file.refused) == (State.TRIED, 4, 3)
        codes = ImportIssue.objects.filter(run=file.trial).order_by("line").values_list("line", "code")
        assert set(codes) >= {(3, "ENCODAGE"), (4, "CARACTERE")}

    def test_a_bom_and_another_order_of_columns_are_taken(self):
        header, *lines = content(row(), row(**FATHER)).decode().splitlines()
        turned = "\r\n".join(";".join(reversed(line.split(";"))) for line in (header, *lines))

        file = tried(b"\xef\xbb\xbf" + turned.encode())

        assert (file.state, file.new, file.refused) == (State.TRIED, 2, 0)

    def test_rel_02_a_refusal_and_its_line_in_the_trail_are_one(self, place, monkeypatch):
        def killed(**_line):
            raise SystemExit

        file = bring(b"nom;prenom\n1;2\n")
        with monkeypatch.context() as patch, pytest.raises(SystemExit):
            patch.setattr(import_files, "record", killed)
            work()
        file.refresh_from_db()
        assert (file.state, received(place)) == (State.TRYING, [f"{file.id}.csv"])

        work()
        file.refresh_from_db()
        assert (file.state, received(place)) == (State.REFUSED, [])
        assert actions().count("rollout.import.refuse") == 1

    def test_a_file_that_vanished_fails(self, place):
        file = bring(GOOD)
        (place / file.path).unlink()
        work()

        file.refresh_from_db()
        assert (file.state, file.reason) == (State.FAILED, "file-gone")

    def test_rel_07_a_disk_that_fails_keeps_no_other_file_waiting(self, place, broken_disk):
        file, other = bring(GOOD), bring(content(row(regime="02")))
        with broken_disk():
            import_files.go_on(clock=ticking())
        work()

        for one in (file, other):
            one.refresh_from_db()
        assert (file.state, file.reason, other.state) == (State.FAILED, "file-unreadable", State.TRIED)

    def test_one_after_the_other_the_oldest_first(self):
        first, second = bring(GOOD), bring(BAD)
        import_files.go_on(clock=ticking())

        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.state, second.state) == (State.TRIED, State.TRYING)

    def test_sec_22_a_database_error_tells_its_code_only(self):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE rollout_trial.rollout_stage ADD CONSTRAINT no_post CHECK (canal <> 'courrier')")
        file = tried(GOOD)

        assert (file.state, file.reason) == (State.FAILED, "23514")


class TestImport:
    def test_ro_02_writes_the_file_and_forgets_it(self, place):
        file = confirmed()
        work()

        file.refresh_from_db()
        assert (file.state, file.run.accepted, file.trial, file.sample) == (State.DONE, 2, None, [])
        assert InsIdentity.objects.count() == 2
        assert received(place) == []
        assert actions() == [f"rollout.import.{act}" for act in ("bring", "confirm", "finish")]
        facts = events_of(PLATFORM_SCOPE).get(action="rollout.import.finish").facts
        assert facts == {"sha256": file.sha256, "read": 2, "accepted": 2, "unchanged": 0, "refused": 0, "ignored": 0}

    def test_the_trial_s_findings_make_room_for_those_of_the_import(self):
        file = confirmed(content(*(row(matricule=f"2790244109{order}") for order in range(100, 200)), row(sexe="X")))
        work()

        file.refresh_from_db()
        assert list(ImportIssue.objects.values_list("run", "code")) == [(file.run_id, "SEXE")]

    def test_a_file_that_changed_since_its_trial_is_refused(self, place):
        file = confirmed()
        (place / file.path).write_bytes(content(row(nom_naissance="AUTRE")))
        work()

        file.refresh_from_db()
        assert (file.state, file.reason) == (State.REFUSED, "changed")
        assert not InsIdentity.objects.exists()

    def test_rel_07_a_disk_that_fails_stops_the_import_and_it_may_go_on(self, broken_disk):
        file = confirmed()
        with broken_disk():
            work()
        file.refresh_from_db()
        assert (file.state, file.reason) == (State.STOPPED, "file-unreadable")

        import_console.resume(actor=acting(), file_id=file.id, at=NOON)
        work()
        file.refresh_from_db()
        assert file.state == State.DONE

    def test_a_file_that_vanished_stops_and_may_go_on(self, place):
        file = confirmed()
        (place / file.path).unlink()
        work()
        file.refresh_from_db()
        assert (file.state, file.reason) == (State.STOPPED, "file-gone")

        (place / file.path).write_bytes(GOOD)
        import_console.resume(actor=acting(), file_id=file.id, at=NOON)
        work()
        file.refresh_from_db()
        assert file.state == State.DONE

    def test_rel_02_a_kill_after_the_last_line_is_no_second_import(self):
        file = confirmed()
        clock = ticking()
        with folder.opened(file.path) as source:
            eligible = services.EligibilityFile(source=source, name=file.name)
            services.import_file(file=eligible, at=clock())
        work(clock)

        file.refresh_from_db()
        assert (file.state, file.run.accepted) == (State.DONE, 2)
        assert ImportRun.objects.count() == 1

    def test_the_task_of_the_queue_does_it(self, queue):
        file = bring(GOOD)
        with TestCase.captureOnCommitCallbacks(execute=True):
            carry_on_imports()

        file.refresh_from_db()
        assert file.state == State.TRIED
        assert {message.task for message in queue()} == {"rollout.import_files"}


def on_stage() -> int:
    """People on the stage of the import and on that of the trial."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM public.rollout_stage) + (SELECT count(*) FROM rollout_trial.rollout_stage)"
        )
        return int(cursor.fetchone()[0])


@pytest.fixture
def small_steps(monkeypatch):
    """A block holds a line or two, a transaction one block, a slice two lines."""
    monkeypatch.setattr(reading, "_BLOCK", 400)
    monkeypatch.setattr(staging, "_BLOCKS", 1)
    monkeypatch.setattr(applying, "SLICE", 2)


@pytest.mark.usefixtures("small_steps")
class TestSlices:
    PEOPLE = content(*(row(matricule=f"2790244109{order}") for order in range(100, 112)))

    def test_decisions_18_work_goes_on_task_after_task(self):
        file = bring(self.PEOPLE)
        assert work(seconds=0) > 4
        file.refresh_from_db()
        assert (file.state, file.new) == (State.TRIED, 12)

        import_console.confirm(actor=acting(), file_id=file.id, is_complete=False, at=NOON)
        assert work(seconds=0) > 8
        file.refresh_from_db()
        assert (file.state, file.run.accepted, EligiblePerson.objects.count()) == (State.DONE, 12, 12)

    def test_rel_11_a_trial_whose_lines_were_lost_begins_anew(self):
        file = bring(self.PEOPLE)
        clock = ticking()
        import_files.go_on(clock=clock, seconds=0)
        with staging.trial_tables():
            staging.empty_tables()
        work(clock)

        file.refresh_from_db()
        assert (file.state, file.read, file.new) == (State.TRIED, 12, 12)

    def test_ro_02_progress_has_rate_and_place(self):
        file = confirmed(self.PEOPLE)
        clock = ticking()
        import_files.go_on(clock=clock, seconds=0)

        file.refresh_from_db()
        assert file.phase == "reading"
        assert 0 < file.done < file.total == file.size
        assert file.items >= 1
        assert file.progress_at is not None

    def test_ro_02_stop_and_resume(self):
        file = confirmed(self.PEOPLE)
        clock = ticking()
        while not EligiblePerson.objects.exists():
            import_files.go_on(clock=clock, seconds=0)
        import_console.stop(actor=acting(), file_id=file.id, at=NOON)
        written = EligiblePerson.objects.count()
        work(clock)
        assert EligiblePerson.objects.count() == written < 12
        with pytest.raises(import_console.HalfWrittenError):
            import_console.abandon(actor=acting(), file_id=file.id, at=NOON)
        with pytest.raises(services.UnfinishedImportError):
            services.open_spaces(at=LATER)

        import_console.resume(actor=acting(), file_id=file.id, at=NOON)
        work(clock)
        file.refresh_from_db()
        assert (file.state, EligiblePerson.objects.count()) == (State.DONE, 12)
        assert actions()[-3:] == [f"rollout.import.{act}" for act in ("stop", "resume", "finish")]

    def test_ro_02_a_stop_takes_effect_inside_a_task(self):
        file = confirmed(self.PEOPLE)

        def stopping_once_something_is_written() -> datetime:
            if EligiblePerson.objects.count() == 4 and ImportFile.objects.get().state == State.RUNNING:
                import_console.stop(actor=acting(), file_id=file.id, at=NOON)
            return LATER

        assert import_files.go_on(clock=stopping_once_something_is_written, seconds=60) is False
        file.refresh_from_db()
        assert file.state == State.STOPPED
        assert EligiblePerson.objects.count() == 4

    def test_ro_02_nothing_of_a_file_given_up_before_its_first_line_is_ever_written(self, monkeypatch):
        """Killed before it writes, stopped, given up: its lines must not wait for the next file."""

        def killed(*_means):
            raise SystemExit

        half = confirmed(self.PEOPLE)
        clock = ticking()
        with monkeypatch.context() as patch, pytest.raises(SystemExit):
            patch.setattr(importing, "_write", killed)
            import_files.go_on(clock=clock)
        import_console.stop(actor=acting(), file_id=half.id, at=NOON)
        import_console.abandon(actor=acting(), file_id=half.id, at=NOON)
        assert on_stage() == 0
        services.open_spaces(at=LATER)  # which waits for imports that are half written
        other = confirmed(content(row()))
        work(clock)

        other.refresh_from_db()
        assert (other.state, EligiblePerson.objects.count()) == (State.DONE, 1)

    def test_ro_02_a_file_is_not_given_up_while_its_job_has_not_halted(self):
        file = confirmed()
        import_console.stop(actor=acting(), file_id=file.id, at=NOON)
        other = connections.create_connection("default")
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [services.LOCK])
                with pytest.raises(import_console.AtWorkError):
                    import_console.abandon(actor=acting(), file_id=file.id, at=NOON)
                cursor.execute("SELECT pg_advisory_unlock(%s)", [services.LOCK])  # closing lets go a moment later
        finally:
            other.close()

        assert import_console.abandon(actor=acting(), file_id=file.id, at=NOON).state == State.ABANDONED

    def test_sec_22_nobody_of_a_refused_file_stays_on_the_stage(self):
        file = tried(self.PEOPLE + b"x" * 100_000)

        assert (file.state, file.reason, on_stage()) == (State.REFUSED, "endless_line", 0)

    def test_sec_22_nobody_of_a_file_given_up_in_its_trial_stays_on_the_stage(self):
        file = bring(self.PEOPLE)
        import_files.go_on(clock=ticking(), seconds=0)
        assert on_stage() > 0
        clear_imports()
        assert on_stage() > 0  # it is still wanted
        import_console.abandon(actor=acting(), file_id=file.id, at=NOON)
        clear_imports()

        assert on_stage() == 0

    def test_sec_22_a_trial_given_up_while_it_reads_leaves_nobody(self):
        bring(self.PEOPLE)
        clock = ticking()
        import_files.go_on(clock=clock, seconds=0)
        reading_it = ImportFile.objects.select_related("trial").get()
        import_console.abandon(actor=acting(), file_id=reading_it.id, at=NOON)
        with pytest.raises(pacing.StoppedError):
            trying.try_file(file=reading_it, pacer=pacing.Pacer(reading_it, clock=clock, seconds=60))

        assert on_stage() == 0

    def test_another_file_that_stopped_while_it_wrote_comes_first(self):
        half = confirmed(self.PEOPLE)
        clock = ticking()
        while not EligiblePerson.objects.exists():
            import_files.go_on(clock=clock, seconds=0)
        import_console.stop(actor=acting(), file_id=half.id, at=NOON)
        other = confirmed(content(row()))
        work(clock)

        other.refresh_from_db()
        assert other.state == State.DONE  # what the first one had still to write was written with it
        assert EligiblePerson.objects.count() == 13


class TestTwoAtOnce:
    def test_s27_the_second_waits_and_says_so(self, place):
        file = confirmed()
        other = connections.create_connection("default")
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [services.LOCK])
                assert import_files.go_on(clock=ticking()) is False
                file.refresh_from_db()
                assert (file.state, file.reason) == (State.RUNNING, "lock-taken")
                cursor.execute("SELECT pg_advisory_unlock(%s)", [services.LOCK])
        finally:
            other.close()
        work()

        file.refresh_from_db()
        assert (file.state, file.reason) == (State.DONE, "")

    def test_a_trial_at_work_is_not_disturbed(self):
        file = bring(GOOD)
        other = connections.create_connection("default")
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [0x656E7302])
                assert import_files.go_on(clock=ticking()) is False
                cursor.execute("SELECT pg_advisory_unlock(%s)", [0x656E7302])
        finally:
            other.close()

        file.refresh_from_db()
        assert file.state == State.TRYING


def test_pacer_always_lets_one_step_through():
    file = bring(GOOD)
    pacer = pacing.Pacer(file, clock=ticking(), seconds=0)

    step = Progress(phase="reading", done=1, total=2, items=1)
    pacer(step)
    with pytest.raises(pacing.PausedError):
        pacer(step)
