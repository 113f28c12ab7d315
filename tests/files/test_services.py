from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from apps.audit.services import events_of
from apps.files import jobs, services
from apps.files.gateways.base import ScannerUnavailableError, Verdict
from apps.files.gateways.scanner_absent import AbsentScanner
from apps.files.gateways.scanner_embedded import EmbeddedScanner
from apps.files.jobs import erasing
from apps.files.models import StoredFile, Vault
from tests import factories
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-" + b"TEST-FILE!$H+H*"


@pytest.fixture
def space():
    return factories.space()


def store(space, data=b"secret content"):
    return services.store(space_id=space.id, content=services.Content(data=data, media_type="text/plain"), at=NOON)


def scan(file, scanner=None, at=NOON):
    return jobs.scan(vault_id=file.vault_id, file_id=file.id, scanner=scanner or EmbeddedScanner(), at=at)


class TestStore:
    def test_bytes_are_encrypted_before_they_reach_the_storage(self, space):
        file = store(space)
        with default_storage.open(file.object_name, "rb") as stored:
            assert b"secret" not in stored.read()

    def test_object_name_tells_nothing(self, space):
        file = store(space)
        assert str(space.id) not in file.object_name
        assert str(file.id) not in file.object_name

    def test_one_vault_a_space_made_at_its_first_file(self, space):
        assert not Vault.objects.exists()
        assert store(space).vault_id == store(space).vault_id
        assert store(factories.space()).vault_id != Vault.objects.get(owner_id=space.id).id

    def test_size_and_hash_are_those_of_the_content(self, space):
        file = store(space, b"abc")
        assert file.size == 3
        assert file.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    def test_check_is_queued_after_commit(self, space, django_capture_on_commit_callbacks, queue):
        with django_capture_on_commit_callbacks(execute=True):
            store(space)
        assert [message.task for message in queue()] == ["files.scan"]


class TestScan:
    """REL-13: nothing is readable before `clean`."""

    def test_waiting_file_is_not_read(self, space):
        with pytest.raises(services.FileNotReadableError) as caught:
            services.read(store(space))
        assert caught.value.state == "waiting"

    def test_clean_file_is_read_and_counted(self, space):
        file = store(space)
        assert scan(file) == StoredFile.State.CLEAN
        file.refresh_from_db()
        assert services.read(file) == b"secret content"
        file.refresh_from_db()
        assert (file.read_count, file.scanner) == (1, "embedded (knows EICAR only)")

    def test_eicar_is_found_kept_away_and_traced(self, space):
        file = store(space, b"before " + EICAR + b" after")
        assert scan(file) == StoredFile.State.INFECTED
        file.refresh_from_db()
        with pytest.raises(services.FileNotReadableError):
            services.read(file)
        line = events_of(space.id).get()
        assert (line.action, line.target, line.actor_id) == ("files.object.quarantine", f"file:{file.id}", "files.scan")

    def test_rel_13_scanner_away_leaves_the_file_waiting(self, space):
        file = store(space)
        assert scan(file, AbsentScanner()) == StoredFile.State.WAITING
        assert scan(file, at=NOON + timedelta(minutes=1)) == StoredFile.State.CLEAN

    def test_rel_01_judging_twice_is_judging_once(self, space):
        file = store(space, EICAR)
        scan(file)
        assert scan(file) == StoredFile.State.INFECTED
        assert events_of(space.id).count() == 1

    def test_unknown_file_is_nothing(self, space):
        file = store(space)
        assert jobs.scan(vault_id=file.vault_id, file_id=space.id, scanner=EmbeddedScanner(), at=NOON) is None

    def test_sweep_finds_what_waits_longer_than_a_minute(self, space):
        file = store(space)
        assert jobs.waiting(at=NOON + timedelta(seconds=60)) == []
        assert jobs.waiting(at=NOON + timedelta(seconds=61)) == [(file.vault_id, file.id)]
        scan(file)
        assert jobs.waiting(at=NOON + timedelta(hours=1)) == []


class TestScannerContract:
    """What every scanner keeps."""

    def test_embedded_says_what_it_is(self):
        assert EmbeddedScanner().simulated
        assert EmbeddedScanner().scan(b"harmless") == Verdict(infected=False, engine="embedded (knows EICAR only)")

    def test_absent_scanner_never_says_clean(self):
        with pytest.raises(ScannerUnavailableError):
            AbsentScanner().scan(b"harmless")


class TestDiscard:
    def test_what_waits_and_what_is_clean_is_destroyed_once(self, space):
        waiting, clean = store(space), store(space, b"another")
        scan(clean)
        for file in (waiting, clean):
            key = {"vault_id": file.vault_id, "file_id": file.id}
            assert [services.discard(**key, at=NOON), services.discard(**key, at=NOON)] == [True, False]
            file.refresh_from_db()
            assert (file.state, file.destroyed_at) == (StoredFile.State.DESTROYED, NOON)
            with pytest.raises(services.FileNotReadableError):
                services.read(file)
        assert erasing.erase_destroyed(at=NOON) == 2
        assert not default_storage.exists(waiting.object_name)

    def test_a_scan_that_comes_later_brings_nothing_back(self, space):
        file = store(space)
        services.discard(vault_id=file.vault_id, file_id=file.id, at=NOON)
        scan(file)
        file.refresh_from_db()
        assert file.state == StoredFile.State.DESTROYED

    def test_the_quarantine_is_the_operators(self, space):
        file = store(space, EICAR)
        scan(file)
        assert not services.discard(vault_id=file.vault_id, file_id=file.id, at=NOON)
        file.refresh_from_db()
        assert file.state == StoredFile.State.INFECTED
