"""What an operator does with files that nobody may read (SEC-11, SEC-19, REL-23)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command

from apps.access import SYSTEM, AccessDeniedError, Role
from apps.audit.services import events_of
from apps.files import jobs, services
from apps.files.gateways import store
from apps.files.gateways.base import ScannerRefusedError, Verdict
from apps.files.gateways.scanner_embedded import EmbeddedScanner
from apps.files.jobs import erasing
from apps.files.models import StoredFile
from apps.files.tasks import erase
from tests import factories
from tests.files.clamd import EICAR
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


class TooLong:
    simulated = True

    def scan(self, content: bytes) -> Verdict:
        raise ScannerRefusedError


def stored(data=b"harmless", scanner=None, at=NOON):
    content = services.Content(data=data, media_type="text/plain")
    file = services.store(space_id=uuid4(), content=content, at=at)
    jobs.scan(vault_id=file.vault_id, file_id=file.id, scanner=scanner or EmbeddedScanner(), at=at)
    file.refresh_from_db()
    return file


@pytest.fixture
def infected():
    return stored(EICAR)


@pytest.fixture
def parked():
    return stored(scanner=TooLong())


def ids(file):
    return {"vault_id": file.vault_id, "file_id": file.id}


class TestList:
    def test_infected_and_parked_longest_first_and_nothing_else(self):
        second = stored(EICAR, at=NOON + timedelta(minutes=1))
        stored()
        first = stored(scanner=TooLong())
        assert [file.id for file in services.in_quarantine(actor=SYSTEM)] == [first.id, second.id]

    def test_one_query_for_one_and_for_twenty(self, django_assert_num_queries, infected):
        with django_assert_num_queries(1):
            list(services.in_quarantine(actor=SYSTEM))
        for _ in range(20):
            stored(EICAR)
        with django_assert_num_queries(1):
            assert len([file.vault.owner_kind for file in services.in_quarantine(actor=SYSTEM)]) == 21


class TestWho:
    @pytest.mark.parametrize("role", [role for role in Role if role not in {Role.STAFF, Role.SYSTEM}])
    def test_sec_19_nobody_else_may_look_or_act(self, infected, role):
        actor = replace(SYSTEM, role=role)
        for act in (
            lambda: services.in_quarantine(actor=actor),
            lambda: services.quarantined(actor=actor, **ids(infected)),
            lambda: services.check_again(actor=actor, at=LATER, **ids(infected)),
            lambda: services.destroy(actor=actor, at=LATER, **ids(infected)),
        ):
            with pytest.raises(AccessDeniedError):
                act()
        infected.refresh_from_db()
        assert infected.state == "infected"

    def test_the_holder_neither(self, infected):
        with pytest.raises(AccessDeniedError):
            services.destroy(actor=factories.holder(factories.space()), at=LATER, **ids(infected))


class TestCheckAgain:
    def test_parked_gets_five_new_tries_and_stays_unreadable(self, parked):
        services.check_again(actor=SYSTEM, at=LATER, **ids(parked))
        parked.refresh_from_db()
        assert (parked.state, parked.attempts, parked.problem, parked.parked_at) == ("waiting", 0, "", None)
        with pytest.raises(services.FileNotReadableError):
            services.read(parked)

    def test_infected_may_turn_out_clean(self, infected):
        services.check_again(actor=SYSTEM, at=LATER, **ids(infected))

        class NewDefinitions:
            simulated = True

            def scan(self, content):
                return Verdict(infected=False, engine="newer")

        jobs.scan(**ids(infected), scanner=NewDefinitions(), at=LATER)
        infected.refresh_from_db()
        assert (infected.state, infected.finding, infected.scanner) == ("clean", "", "newer")

    def test_it_is_queued_after_the_commit(self, parked, django_capture_on_commit_callbacks, queue):
        with django_capture_on_commit_callbacks(execute=True):
            services.check_again(actor=SYSTEM, at=LATER, **ids(parked))
        assert [message.task for message in queue()] == ["files.scan"]

    def test_it_is_traced_in_the_scope_of_the_owner(self, parked):
        services.check_again(actor=SYSTEM, at=LATER, **ids(parked))
        line = events_of(parked.vault.owner_id).get(action="files.object.check_again")
        assert (line.target, line.facts) == (f"file:{parked.id}", {"state": "parked", "reason": "too-long"})


class TestDestroy:
    def test_bytes_go_and_the_row_says_so(self, infected):
        services.destroy(actor=SYSTEM, at=LATER, **ids(infected))
        infected.refresh_from_db()
        assert (infected.state, infected.destroyed_at, infected.erased_at) == ("destroyed", LATER, None)
        assert infected.is_blocked
        assert not infected.is_readable

        assert erasing.erase_destroyed(at=LATER) == 1
        infected.refresh_from_db()
        assert infected.erased_at == LATER
        with pytest.raises(FileNotFoundError):
            store.read(infected.object_name)

    def test_only_what_is_infected(self, parked):
        """What could not be checked may be somebody's only copy."""
        with pytest.raises(services.NotInQuarantineError):
            services.destroy(actor=SYSTEM, at=LATER, **ids(parked))

    def test_twice_is_once(self, infected):
        services.destroy(actor=SYSTEM, at=LATER, **ids(infected))
        with pytest.raises(services.NotInQuarantineError):
            services.destroy(actor=SYSTEM, at=LATER, **ids(infected))
        assert events_of(infected.vault.owner_id).filter(action="files.object.destroy").count() == 1

    @pytest.mark.parametrize("state", ["clean", "waiting"])
    def test_sec_11_a_file_of_another_state_is_not_found(self, state):
        file = stored()
        if state == "waiting":
            StoredFile.objects.filter(id=file.id).update(state="waiting", scanned_at=None)
        for act in (services.destroy, services.check_again):
            with pytest.raises(services.NotInQuarantineError):
                act(actor=SYSTEM, at=LATER, **ids(file))

    def test_id_of_another_vault_is_not_found(self, infected, parked):
        with pytest.raises(services.NotInQuarantineError):
            services.destroy(actor=SYSTEM, at=LATER, vault_id=parked.vault_id, file_id=infected.id)

    def test_rel_02_bytes_that_went_before_a_kill_are_no_fault(self, infected):
        services.destroy(actor=SYSTEM, at=LATER, **ids(infected))
        store.delete(infected.object_name)
        erase()
        infected.refresh_from_db()
        assert infected.erased_at is not None
        assert erasing.erase_destroyed(at=LATER) == 0

    def test_other_files_of_the_vault_stay(self, infected):
        content = services.Content(data=b"other", media_type="text/plain")
        other = services.store(space_id=infected.vault.owner_id, content=content, at=NOON)
        services.destroy(actor=SYSTEM, at=LATER, **ids(infected))
        erasing.erase_destroyed(at=LATER)
        assert jobs.bytes_of(other) == b"other"


def test_command_lists_what_waits(infected, parked, capsys):
    call_command("files_quarantine")
    first, second, end = capsys.readouterr().out.splitlines()
    received = "2026-11-25T12:00:00+00:00"
    eicar = len(EICAR)
    assert {first, second} == {
        f"{infected.vault_id} {infected.id} infected 'Eicar-Test-Signature' {received} {eicar} 1",
        f"{parked.vault_id} {parked.id} parked 'too-long' {received} 8 1",
    }
    assert end == "count=2"
