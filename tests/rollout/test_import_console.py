"""What operators do with eligibility files: the services behind RO-02."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import TestCase

from apps.access import SYSTEM, AccessDeniedError
from apps.accounts.models import InsIdentity, StaffRole
from apps.audit.services import PLATFORM_SCOPE, events_of
from apps.common.ids import uuid7
from apps.rollout import policies
from apps.rollout.jobs import folder
from apps.rollout.models import EligiblePerson, ImportFile
from apps.rollout.services import import_console
from apps.rollout.services.errors import SamePersonError
from apps.rollout.tasks import clear_imports
from tests import factories
from tests.harness.clock import NOON
from tests.rollout.files import FATHER, content, row, run_import
from tests.rollout.import_files import BAD, GOOD, acting, bring, confirmed, received, tried, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
State = ImportFile.State
LATER = NOON + timedelta(hours=1)


class TestUpload:
    def test_ro_02_a_file_is_kept_privately_with_its_checksum(self, place, queue):
        file = bring(GOOD)

        assert (file.state, file.sha256, file.size) == (State.TRYING, hashlib.sha256(GOOD).hexdigest(), len(GOOD))
        kept = place / file.path
        assert kept.read_bytes() == GOOD
        assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)
        assert [message.task for message in queue()] == ["rollout.import_files"]

    def test_idn_50_the_trail_holds_hash_and_size(self):
        file = bring(GOOD)

        line = events_of(PLATFORM_SCOPE).get()
        assert (line.action, line.target) == ("rollout.import.bring", f"import:{file.id}")
        assert line.facts == {"sha256": file.sha256, "size": len(GOOD), "source": "upload"}

    def test_a_checksum_that_fits_may_be_typed_in_capitals(self):
        assert bring(GOOD, sha256=hashlib.sha256(GOOD).hexdigest().upper()).state == State.TRYING

    def test_another_checksum_keeps_nothing(self, place):
        with pytest.raises(import_console.ChecksumError) as caught:
            bring(GOOD, sha256="0" * 64)

        assert caught.value.sha256 == hashlib.sha256(GOOD).hexdigest()
        assert received(place) == []
        assert not ImportFile.objects.exists()

    def test_a_cut_upload_leaves_nothing(self, place):
        def cut() -> Iterator[bytes]:
            yield GOOD[:100]
            raise ConnectionResetError

        with pytest.raises(ConnectionResetError):
            import_console.bring_upload(actor=acting(), name="x.csv", blocks=cut(), sha256="", at=NOON)

        assert received(place) == []
        assert not ImportFile.objects.exists()

    def test_s27_the_same_file_under_way_is_recognised(self, place):
        first = bring(GOOD)
        with pytest.raises(import_console.AlreadyThereError) as caught:
            bring(GOOD)

        assert caught.value.file_id == first.id
        assert len(received(place)) == 1

    def test_s27_the_database_refuses_it_even_when_both_come_at_once(self):
        first = bring(GOOD)
        with pytest.raises(IntegrityError, match="one_under_way"), transaction.atomic():
            ImportFile.objects.create(
                name="x", source="upload", path="y", sha256=first.sha256, size=1, brought_by=first.brought_by,
                brought_at=NOON,
            )  # fmt: skip

    def test_rel_11_the_file_of_the_last_import_is_recognised(self, place):
        run_import(GOOD)
        with pytest.raises(import_console.AlreadyImportedError) as caught:
            bring(GOOD)

        assert caught.value.at == NOON
        assert received(place) == []

    def test_an_older_file_may_come_again_after_another_one(self):
        run_import(GOOD)
        run_import(content(row(regime="02")), at=LATER)

        assert bring(GOOD).state == State.TRYING

    def test_sec_20_no_job_brings_a_file(self):
        with pytest.raises(AccessDeniedError):
            bring(GOOD, actor=SYSTEM)


class TestServerFile:
    def bring(self, name: str) -> ImportFile:
        return import_console.bring_server_file(actor=acting(), name=name, sha256="", at=NOON)

    def test_ro_02_a_file_of_the_folder_stays_where_it_is(self, place):
        (place / "avril.csv").write_bytes(GOOD)
        file = self.bring("avril.csv")
        work()
        import_console.confirm(actor=acting(), file_id=file.id, is_complete=False, at=NOON)
        work()

        file.refresh_from_db()
        assert file.state == State.DONE
        assert (place / "avril.csv").exists()

    def test_lists_plain_files_only(self, place):
        (place / "b.csv").write_bytes(GOOD)
        (place / "a.csv").write_bytes(GOOD)
        (place / ".caché").write_bytes(GOOD)
        (place / "dossier").mkdir()
        (place / "lien.csv").symlink_to("/etc/passwd")

        assert folder.server_files() == ["a.csv", "b.csv"]

    def test_a_folder_that_is_not_there_has_none(self, settings):
        settings.IMPORT_DIR = "/nulle/part"

        assert folder.server_files() == []

    @pytest.mark.parametrize(
        "name",
        [
            "../secret.csv",
            "/etc/passwd",
            "dossier/../../secret.csv",
            "dossier/x.csv",
            "lien.csv",
            "dossier",
            "",
            "non",
            "a\x00b",
        ],
    )
    def test_sec_11_nothing_outside_the_folder_is_read(self, place, tmp_path_factory, settings, name):
        inner = place / "imports"
        (inner / "dossier").mkdir(parents=True)
        (place / "secret.csv").write_bytes(GOOD)
        os.mkfifo(inner / "tuyau")
        (inner / "dossier" / "x.csv").write_bytes(GOOD)
        (inner / "lien.csv").symlink_to(place / "secret.csv")
        settings.IMPORT_DIR = str(inner)

        with pytest.raises(import_console.FileMissingError):
            self.bring(name)


class TestConfirm:
    def test_ro_02_a_file_with_few_refusals_needs_one_person(self, queue):
        people = [row(matricule=f"2790244109{order}") for order in range(100, 200)]
        file = confirmed(content(*people, row(sexe="X")))

        assert (file.read, file.refused, file.state) == (101, 1, State.RUNNING)

    def test_sec_21_over_one_in_a_hundred_waits_for_a_second_person(self):
        asker, approver = factories.staff(*policies.RUNS), factories.staff(StaffRole.APPROVER)
        file = confirmed(BAD, actor=acting(asker))
        assert (file.state, file.needs_second_person) == (State.ASKED, True)
        work()
        assert not InsIdentity.objects.exists()

        with pytest.raises(SamePersonError):
            import_console.approve(actor=acting(asker), file_id=file.id, at=NOON)
        import_console.approve(actor=acting(approver), file_id=file.id, at=NOON)
        work()

        file.refresh_from_db()
        assert (file.state, file.approved_by, InsIdentity.objects.count()) == (State.DONE, approver, 1)

    def test_sec_21_the_database_holds_it(self):
        file = tried(BAD)
        user = factories.staff(StaffRole.OPERATOR)
        rows = ImportFile.objects.filter(pk=file.pk)
        for values in ({"state": "running"}, {"state": "asked", "approved_by": user}):
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.update(confirmed_by=user, confirmed_at=NOON, **values)

    def test_spa_06_taking_people_out_needs_a_second_person(self):
        run_import(content(row(), row(**FATHER, departement="44")))
        file = confirmed(content(row(regime="02")), is_complete=True)
        assert (file.state, file.absent) == (State.ASKED, 1)

        import_console.approve(actor=acting(factories.staff(StaffRole.APPROVER)), file_id=file.id, at=NOON)
        work()

        assert sorted(EligiblePerson.objects.values_list("state", flat=True)) == ["ELIGIBLE", "NOT_ELIGIBLE"]

    def test_a_file_with_refused_lines_cannot_say_who_is_gone(self):
        file = tried(BAD)
        with pytest.raises(import_console.NotCompleteError):
            import_console.confirm(actor=acting(), file_id=file.id, is_complete=True, at=NOON)

    def test_only_what_was_tried_is_confirmed_and_only_once(self):
        file = bring(GOOD)
        for _twice in range(2):
            with pytest.raises(import_console.WrongStateError):
                import_console.confirm(actor=acting(), file_id=file.id, is_complete=False, at=NOON)
            work()
            import_console.confirm(actor=acting(), file_id=file.id, is_complete=False, at=NOON)
            break
        with pytest.raises(import_console.WrongStateError):
            import_console.confirm(actor=acting(), file_id=file.id, is_complete=False, at=NOON)

    def test_unknown_is_unknown(self):
        actor = acting(factories.staff(*policies.RUNS))
        for act in (import_console.approve, import_console.stop, import_console.resume, import_console.abandon):
            with pytest.raises(import_console.UnknownFileError):
                act(actor=actor, file_id=uuid7(), at=NOON)


class TestAbandon:
    def test_the_uploaded_file_goes(self, place):
        file = tried(GOOD)
        with TestCase.captureOnCommitCallbacks(execute=True):
            import_console.abandon(actor=acting(), file_id=file.id, at=NOON)

        file.refresh_from_db()
        assert (file.state, file.sample, received(place)) == (State.ABANDONED, [], [])
        assert bring(GOOD).pk != file.pk  # and may come again

    def test_what_is_over_cannot_be_given_up(self):
        file = confirmed()
        work()
        with pytest.raises(import_console.WrongStateError):
            import_console.abandon(actor=acting(), file_id=file.id, at=NOON)

    def test_a_stopped_one_that_wrote_nothing_can(self):
        file = confirmed()
        import_console.stop(actor=acting(), file_id=file.id, at=NOON)

        assert import_console.abandon(actor=acting(), file_id=file.id, at=NOON).state == State.ABANDONED


class TestClear:
    def test_uploads_without_a_row_go_after_hours(self, place):
        kept = bring(GOOD)
        left = place / "received" / f"{uuid7()}.csv"
        left.write_bytes(b"x")
        young = place / "received" / f"{uuid7()}.csv"
        young.write_bytes(b"x")
        hours_ago = (NOON - timedelta(days=1)).timestamp()
        for path in (left, place / kept.path):
            os.utime(path, (hours_ago, hours_ago))
        os.utime(young, (NOON.timestamp(), NOON.timestamp()))

        assert folder.clear(at=NOON) == 1
        assert received(place) == sorted([young.name, f"{kept.id}.csv"])

    def test_the_task(self, place):
        (place / "received").mkdir()
        left = place / "received" / "x.csv"
        left.write_bytes(b"x")
        os.utime(left, (0, 0))
        clear_imports()

        assert received(place) == []

    def test_rel_01_a_file_that_is_gone_when_it_is_looked_at_keeps_no_other(self, place):
        """Another run deletes it meanwhile; a link to nothing looks the same."""
        (place / "received").mkdir()
        (place / "received" / "gone.csv").symlink_to(place / "nowhere")
        left = place / "received" / "x.csv"
        left.write_bytes(b"x")
        os.utime(left, (0, 0))

        assert folder.clear(at=NOON) == 1
        assert not left.exists()
