"""The sealer: every line once, in order, whatever happens to it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from apps.access import SYSTEM
from apps.audit import heads, jobs
from apps.audit.chain import START
from apps.audit.models import AppendOnlyError, AuditCheckpoint, AuditEvent, AuditSeal, UnsealedLine
from apps.audit.services import Line, record, record_many
from apps.common.ids import uuid7
from apps.common.locks import advisory_lock
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(seconds=10)


def write(count: int = 1, scope=None, **values) -> list[AuditEvent]:
    line = Line(action="test.line.write", scope_id=scope, **values)
    return [record(actor=SYSTEM, at=NOON, line=line) for _ in range(count)]


def seals(scope) -> list[AuditSeal]:
    return list(AuditSeal.objects.filter(scope_id=scope).order_by("seq"))


class TestSeal:
    def test_sec_13_each_line_gets_the_next_number_of_its_scope(self):
        first, second = uuid7(), uuid7()
        lines = write(2, first) + write(1, second)

        assert jobs.seal(at=NOON) == jobs.Sealing(lines=3)

        assert [(seal.seq, seal.line_id) for seal in seals(first)] == [(1, lines[0].id), (2, lines[1].id)]
        assert [(seal.seq, seal.line_id) for seal in seals(second)] == [(1, lines[2].id)]
        assert not UnsealedLine.objects.exists()

    def test_sec_13_each_seal_holds_the_mac_before_it_and_the_year_of_its_key(self):
        scope = uuid7()
        write(2, scope)
        jobs.seal(at=NOON)
        write(1, scope)
        jobs.seal(at=LATER)

        one, two, three = seals(scope)
        assert [bytes(seal.prev) for seal in (one, two, three)] == [START, bytes(one.mac), bytes(two.mac)]
        assert {len(seal.mac) for seal in (one, two, three)} == {32}
        assert {seal.key_version for seal in (one, two, three)} == {NOON.year}

    def test_a_second_run_seals_nothing(self):
        write(2)
        jobs.seal(at=NOON)

        assert jobs.seal(at=LATER) == jobs.Sealing(lines=0)
        assert AuditSeal.objects.count() == 2
        assert AuditCheckpoint.objects.count() == 1

    def test_sec_13_a_line_that_commits_late_is_sealed_behind_later_ones(self):
        """Ids tell when a line was written, not when it was committed: the queue does not look at them."""
        scope = uuid7()
        old_id = UUID("0193a000-0000-7000-8000-000000000001")
        (young,) = write(1, scope)
        jobs.seal(at=NOON)
        AuditEvent.objects.create(
            scope_id=scope, id=old_id, at=NOON, action="test.line.late", actor_role="SYSTEM", purpose="OWN"
        )
        jobs.seal(at=LATER)

        assert old_id < young.id
        assert [seal.line_id for seal in seals(scope)] == [young.id, old_id]

    def test_batches_give_the_chain_that_one_run_gives(self):
        scope = uuid7()
        write(5, scope)

        assert jobs.seal(at=NOON, batch=2, batches=1) == jobs.Sealing(lines=2, more=True)
        assert jobs.seal(at=NOON, batch=2) == jobs.Sealing(lines=3)
        assert [seal.seq for seal in seals(scope)] == [1, 2, 3, 4, 5]
        assert [row.total for row in AuditCheckpoint.objects.order_by("number")] == [2, 4, 5]

    def test_lines_written_at_once_wait_as_well(self):
        record_many(actor=SYSTEM, at=NOON, lines=[Line(action="a.b.c")] * 3)

        assert jobs.seal(at=NOON).lines == 3

    def test_a_line_rolled_back_leaves_nothing_in_the_queue(self):
        with transaction.atomic():
            write()
            transaction.set_rollback(True)

        assert not UnsealedLine.objects.exists()

    def test_forged_messages_in_the_queue_seal_nothing_twice(self):
        """SEC-24: the queue can only ask for what rows already demand."""
        (line,) = write()
        jobs.seal(at=NOON)
        UnsealedLine.objects.create(scope_id=line.scope_id, line_id=line.id)
        UnsealedLine.objects.create(scope_id=line.scope_id, line_id=uuid7())
        (other,) = write()
        UnsealedLine.objects.create(scope_id=other.scope_id, line_id=other.id)

        assert jobs.seal(at=LATER).lines == 1
        assert [seal.line_id for seal in seals(line.scope_id)] == [line.id, other.id]
        assert not UnsealedLine.objects.exists()

    def test_only_rubbish_in_the_queue_ends_as_well(self):
        UnsealedLine.objects.create(scope_id=uuid7(), line_id=uuid7())

        assert jobs.seal(at=NOON) == jobs.Sealing(lines=0)
        assert not UnsealedLine.objects.exists()


class TestRights:
    @pytest.mark.parametrize("table", ["audit_auditseal", "audit_auditcheckpoint"])
    @pytest.mark.parametrize("statement", ["UPDATE {} SET mac = ''", "DELETE FROM {}"])
    def test_sec_13_nobody_changes_or_deletes_a_seal(self, table, statement):
        write()
        jobs.seal(at=NOON)

        for role, refusal in (("ens_app", "permission denied"), ("ens_owner", "append-only")):
            with (
                connection.cursor() as cursor,
                pytest.raises(DatabaseError, match=refusal),
                transaction.atomic(),
            ):
                cursor.execute(f"SET LOCAL ROLE {role}")
                cursor.execute(statement.format(table))

    def test_sec_13_the_application_role_seals(self):
        write()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE ens_app")
            write()
            assert jobs.seal(at=NOON).lines == 2
            cursor.execute("RESET ROLE")

    def test_sec_13_a_line_has_one_seal_and_a_place_one_line(self):
        scope = uuid7()
        write(1, scope)
        jobs.seal(at=NOON)
        (seal,) = seals(scope)
        values = {field.attname: getattr(seal, field.attname) for field in AuditSeal._meta.concrete_fields}
        for change in ({"seq": 2}, {"line_id": uuid7()}, {"seq": 0, "line_id": uuid7()}):
            with pytest.raises(IntegrityError), transaction.atomic():
                AuditSeal.objects.create(**{**values, **change})

    def test_the_models_refuse_too(self):
        write()
        jobs.seal(at=NOON)
        for row in (AuditSeal.objects.get(), AuditCheckpoint.objects.get()):
            with pytest.raises(AppendOnlyError):
                row.save()
            with pytest.raises(AppendOnlyError):
                row.delete()


class TestExport:
    def test_sec_13_heads_of_the_chains_that_grew_leave_the_database(self, heads_dir):
        first, second = sorted([uuid7(), uuid7()])
        write(2, first)
        (last,) = write(1, second)
        jobs.seal(at=NOON)

        (file,) = heads_dir.iterdir()
        lines = file.read_text().splitlines()
        assert file.name == "heads-00000000.txt"
        assert lines[1] == f"{second} 1 {last.id} {bytes(seals(second)[0].mac).hex()}"
        assert lines[0].startswith(f"{first} 2 ")
        assert lines[2].startswith("= 1 2026-")
        assert heads.last_number() == 1

    def test_a_section_cut_off_by_a_kill_is_written_again(self, heads_dir):
        write(3, uuid7())
        jobs.seal(at=NOON, batch=2)
        (file,) = heads_dir.iterdir()
        whole = file.read_bytes()
        for cut in (0, 1, 100, len(whole) - 1, len(whole) // 2, whole.index(b"= 1") + 3):
            file.write_bytes(whole[:cut])
            jobs.seal(at=LATER)
            assert file.read_bytes() == whole, cut

    @pytest.mark.parametrize("left", [0, 50])
    def test_a_new_file_cut_off_before_its_first_section_hides_no_other(self, heads_dir, monkeypatch, left):
        monkeypatch.setattr(heads, "_SECTIONS", 2)
        write(2, uuid7())
        jobs.seal(at=NOON, batch=1)
        _first, second = sorted(heads_dir.iterdir())
        second.write_bytes(second.read_bytes()[:left])

        assert heads.last_number() == 1

    def test_files_that_are_gone_are_written_again(self, heads_dir):
        write(3, uuid7())
        jobs.seal(at=NOON, batch=2)
        (file,) = heads_dir.iterdir()
        whole = file.read_bytes()
        file.unlink()
        heads_dir.rmdir()

        jobs.seal(at=LATER)

        assert file.read_bytes() == whole

    def test_sec_13_a_database_behind_the_files_is_told(self, heads_dir):
        write()
        jobs.seal(at=NOON)
        (file,) = heads_dir.iterdir()
        file.write_bytes(file.read_bytes() + file.read_bytes().replace(b"= 1 ", b"= 7 "))

        with pytest.raises(heads.HeadsAheadError, match="7"):
            jobs.seal(at=LATER)

    def test_sec_13_another_checkpoint_under_the_same_number_is_told(self, heads_dir):
        """A restored database that has caught up must not go on behind heads of a past that it never had."""
        write()
        jobs.seal(at=NOON)
        (file,) = heads_dir.iterdir()
        mac = bytes(AuditCheckpoint.objects.get().mac).hex()
        file.write_text(file.read_text().replace(mac, "ab" * 32))
        write()

        with pytest.raises(heads.HeadsAheadError, match="1"):
            jobs.seal(at=LATER)

        assert AuditSeal.objects.count() == 2

    def test_a_folder_that_cannot_be_written_does_not_stop_the_sealing(self, heads_dir):
        heads_dir.write_text("not a folder")
        write()

        with pytest.raises(OSError, match="heads"):
            jobs.seal(at=NOON)

        assert AuditSeal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_sec_13_one_sealer_at_a_time():
    write()
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [jobs.LOCK])
            assert jobs.seal(at=NOON) == jobs.Sealing(busy=True)
            cursor.execute("SELECT pg_advisory_unlock(%s)", [jobs.LOCK])
    finally:
        other.close()

    assert jobs.seal(at=LATER).lines == 1
    with advisory_lock(jobs.LOCK, wait=False):
        pass
