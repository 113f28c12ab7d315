"""SEC-28: the master key is changed without an hour in which a file cannot be read."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from apps.audit.services import PLATFORM_SCOPE, events_of
from apps.files import jobs, services
from apps.files.jobs import rotation
from apps.files.keys import MasterKeyMissingError, WrongMasterKeyError
from apps.files.models import KeyRotation, MasterKey, StoredFile, Vault
from apps.files.secrets import seal, unseal
from apps.files.tasks import rotate
from tests.files import keyring
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
START = UUID(int=0)


@pytest.fixture(autouse=True)
def old_key(settings):
    keyring.announce(settings)


def store(number: int) -> StoredFile:
    """A file of a vault of its own."""
    content = services.Content(data=b"content %d" % number, media_type="text/plain")
    return services.store(space_id=uuid4(), content=content, at=NOON)


def readings() -> list[bytes]:
    rows = StoredFile.objects.select_related("vault").order_by("received_at", "id")
    return sorted(jobs.bytes_of(row) for row in rows)


def stored(count: int) -> list[bytes]:
    for number in range(count):
        store(number)
    return sorted(b"content %d" % number for number in range(count))


def versions() -> dict[int, int]:
    return rotation.standing().counts


class TestSteps:
    def test_sec_28_afterwards_the_new_key_alone_opens_everything(self, settings):
        contents = stored(7)
        seed = seal(purpose="accounts.totp", plain=b"seed", bound_to="user-1")
        keyring.switch(settings)

        outcome = rotation.rotate(clock=lambda: NOON)

        assert (outcome.rewrapped, outcome.unreadable, outcome.left) == (8, 0, 0)
        keyring.forget(settings)
        assert versions() == {2: 8}
        assert readings() == contents
        assert unseal(purpose="accounts.totp", sealed=seed, bound_to="user-1") == b"seed"

    def test_sec_28_no_moment_without_reading(self, settings):
        contents = stored(5)
        assert readings() == contents
        keyring.switch(settings)
        rotation.begin(at=NOON)
        batch = rotation.rewrap_batch(at=NOON, after=START, limit=2)
        assert versions() == {1: 3, 2: 2}
        assert readings() == contents
        keyring.announce(settings)  # a process that has not been restarted yet
        assert readings() == contents
        assert batch.rewrapped == 2

    def test_new_vaults_are_closed_with_the_new_key(self, settings):
        stored(1)
        keyring.switch(settings)
        store(1)
        assert versions() == {1: 1, 2: 1}

    def test_destroyed_keys_stay_destroyed(self, settings):
        stored(2)
        Vault.objects.filter(id=Vault.objects.order_by("id")[:1].get().id).update(
            wrapped_key=None, key_destroyed_at=NOON
        )
        keyring.switch(settings)
        assert rotation.rotate(clock=lambda: NOON).rewrapped == 1
        assert Vault.objects.filter(wrapped_key=None).count() == 1

    def test_nothing_to_do_leaves_no_row(self):
        stored(2)
        assert rotation.rotate(clock=lambda: NOON).rewrapped == 0
        assert not KeyRotation.objects.exists()


class TestState:
    def test_row_says_when_and_how_many(self, settings):
        stored(5)
        keyring.switch(settings)
        rotation.begin(at=NOON)
        rotation.rewrap_batch(at=NOON + timedelta(minutes=1), after=START, limit=3)

        row = KeyRotation.objects.get()
        assert (row.to_version, row.started_at, row.moved_on_at) == (2, NOON, NOON + timedelta(minutes=1))
        assert (row.rewrapped, row.finished_at) == (3, None)

    def test_end_is_written_once_and_traced_once(self, settings):
        stored(5)
        keyring.switch(settings)
        rotation.rotate(clock=lambda: NOON)
        rotation.finish(at=NOON + timedelta(hours=1))

        assert KeyRotation.objects.get().finished_at == NOON
        line = events_of(PLATFORM_SCOPE).get(action="files.key.rotate")
        assert (line.actor_id, line.facts) == ("files.rotate", {"version": 2, "vaults": 5})
        assert [key.version for key in MasterKey.objects.order_by("version")] == [2]

    def test_rel_02_an_end_that_was_lost_is_written_by_the_next_run(self, settings):
        stored(2)
        keyring.switch(settings)
        rotation.begin(at=NOON)
        rotation.rewrap_batch(at=NOON, after=START)
        assert rotation.standing().left == 0
        rotation.rotate(clock=lambda: NOON + timedelta(minutes=5))
        assert KeyRotation.objects.get().finished_at == NOON + timedelta(minutes=5)

    def test_vault_made_late_with_the_old_key_opens_the_rotation_again(self, settings):
        stored(1)
        keyring.switch(settings)
        rotation.rotate(clock=lambda: NOON)
        keyring.announce(settings)
        store(1)
        keyring.switch(settings)
        assert rotation.standing().left == 1
        rotation.rotate(clock=lambda: NOON + timedelta(hours=1))
        row = KeyRotation.objects.get()
        assert (row.rewrapped, row.finished_at) == (2, NOON + timedelta(hours=1))

    def test_a_run_ends_when_its_time_is_over(self, settings):
        stored(3)
        keyring.switch(settings)
        outcome = rotation.rotate(clock=lambda: NOON, seconds=0)
        assert (outcome.rewrapped, outcome.left) == (0, 3)


class TestRefusals:
    def test_sec_28_without_the_old_key_nothing_is_changed(self, settings):
        stored(2)
        before = list(Vault.objects.order_by("id").values_list("wrapped_key", flat=True))
        keyring.forget(settings)
        with pytest.raises(MasterKeyMissingError) as caught:
            rotation.rotate(clock=lambda: NOON)
        assert caught.value.version == 1
        assert list(Vault.objects.order_by("id").values_list("wrapped_key", flat=True)) == before
        assert not KeyRotation.objects.exists()

    @pytest.mark.parametrize("position", ["FILES_MASTER_KEY", "FILES_SECOND_MASTER_KEY"])
    def test_sec_28_another_key_under_a_known_number_is_refused(self, settings, position):
        stored(2)
        keyring.switch(settings)
        rotation.begin(at=NOON)
        setattr(settings, position, keyring.OTHER)
        with pytest.raises(WrongMasterKeyError) as caught:
            rotation.rotate(clock=lambda: NOON)
        assert caught.value.version == (2 if position == "FILES_MASTER_KEY" else 1)
        assert versions() == {1: 2}

    def test_rel_07_a_key_that_is_not_what_was_stored_stops_no_other(self, settings):
        stored(5)
        broken = Vault.objects.order_by("id")[:1].get()
        Vault.objects.filter(id=broken.id).update(wrapped_key=b"x" * 60)
        keyring.switch(settings)

        outcome = rotation.rotate(clock=lambda: NOON)

        assert (outcome.rewrapped, outcome.unreadable, outcome.left) == (4, 1, 1)
        assert KeyRotation.objects.get().finished_at is None


class TestWhateverHappens:
    @hypothesis_settings(max_examples=25, deadline=None)
    @given(
        steps=st.lists(
            st.tuples(st.sampled_from(["batch", "killed batch", "store", "finish", "old process"]), st.integers(1, 4)),
            max_size=12,
        )
    )
    def test_rel_02_every_order_of_kills_batches_and_deposits_leaves_all_files_readable(self, settings_of_run, steps):
        """A killed process leaves what a rollback leaves: its transaction does not exist."""
        with transaction.atomic():
            contents = self.play(settings_of_run, steps)
            keyring.switch(settings_of_run)
            assert rotation.rotate(clock=lambda: NOON).left == 0
            keyring.forget(settings_of_run)
            assert list(versions()) == [2]
            assert readings() == contents
            transaction.set_rollback(True)

    @pytest.fixture
    def settings_of_run(self, settings):
        return settings

    def play(self, settings, steps) -> list[bytes]:
        keyring.announce(settings)
        contents = stored(6)
        keyring.switch(settings)
        last = START
        rotation.begin(at=NOON)
        for step, size in steps:
            if step == "batch":
                last = rotation.rewrap_batch(at=NOON, after=last, limit=size).last or START
            elif step == "killed batch":
                with transaction.atomic():
                    rotation.rewrap_batch(at=NOON, after=START, limit=size)
                    transaction.set_rollback(True)
                last = START
            elif step == "finish":
                assert rotation.finish(at=NOON) == (rotation.standing().left == 0)
            else:
                if step == "old process":
                    keyring.announce(settings)
                store(100)
                contents.append(b"content 100")
                keyring.switch(settings)
            assert readings() == sorted(contents)
        return sorted(contents)


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_share_the_work(settings):
    stored(40)
    keyring.switch(settings)
    outcomes = []

    def run():
        outcomes.append(rotation.rotate(clock=lambda: NOON))
        connection.close()

    rotation.begin(at=NOON)
    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(outcome.rewrapped for outcome in outcomes) == 40
    assert KeyRotation.objects.get().rewrapped == 40
    rotation.finish(at=NOON)
    assert versions() == {2: 40}


class TestCommand:
    def test_it_says_what_it_did(self, settings, capsys):
        stored(3)
        keyring.switch(settings)
        call_command("files_rotate")
        assert capsys.readouterr().out == "rewrapped=3 unreadable=0 left=0\n"

    def test_state_changes_nothing(self, settings, capsys):
        stored(3)
        keyring.switch(settings)
        call_command("files_rotate", "--state")
        assert capsys.readouterr().out == "current=2 left=3 keys=1:3 finished=-\n"
        assert versions() == {1: 3}

    def test_sec_28_it_says_which_key_is_missing(self, settings):
        stored(1)
        keyring.forget(settings)
        with pytest.raises(CommandError, match=r"version 1 is not there.*Nothing was changed.*ENS_FILES_SECOND_MASTER"):
            call_command("files_rotate")

    def test_sec_28_it_says_that_a_number_was_used_twice(self, settings):
        stored(1)
        settings.FILES_MASTER_KEY = keyring.OTHER
        settings.FILES_MASTER_KEY_VERSION, settings.FILES_SECOND_MASTER_KEY_VERSION = 2, 1
        with pytest.raises(CommandError, match=r"version 1 is another one than before"):
            call_command("files_rotate")

    def test_a_broken_key_makes_it_fail(self, settings):
        stored(1)
        Vault.objects.update(wrapped_key=b"x" * 60)
        keyring.switch(settings)
        with pytest.raises(CommandError, match="1 vault keys are not what was stored"):
            call_command("files_rotate")


def test_task_carries_on_by_itself(settings):
    stored(3)
    keyring.switch(settings)
    rotate()
    assert versions() == {2: 3}


def test_batches_cost_the_same_for_one_key_and_for_twenty(settings, django_assert_num_queries):
    stored(21)
    keyring.switch(settings)
    rotation.begin(at=NOON)
    with django_assert_num_queries(5):
        rotation.rewrap_batch(at=NOON, after=START, limit=1)
    with django_assert_num_queries(5):
        rotation.rewrap_batch(at=NOON, after=START, limit=20)
