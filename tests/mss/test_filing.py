"""Arrivals become messages of spaces (REL-01, REL-02, REL-07; S19)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings

from apps.audit.models import AuditEvent
from apps.files.models import StoredFile, Vault
from apps.mss.bodies import Bodies
from apps.mss.invariants import (
    arrivals_not_filed_for_two_hours,
    filed_arrivals_not_in_every_space,
    threads_with_wrong_counts,
)
from apps.mss.jobs import filing
from apps.mss.models import Arrival, ArrivalAddress, Correspondent, Message, Thread
from apps.mss.sealing import seal
from tests import factories
from tests.harness.clock import NOON
from tests.mss.arriving import arrive, letter, messages_of, receive

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def space():
    return factories.space()


class TestOneMessage:
    def test_it_is_a_message_of_the_space_with_its_text_sealed(self, space):
        (message,) = receive(letter(text="Votre glycémie est normale."), space)
        assert (message.subject, message.direction, message.kind) == ("Vos analyses", "in", "letter")
        assert message.message_id == "m1@x.example"
        assert "glyc" not in message.body_sealed
        assert Bodies(space.id).open(message.body_sealed, row_id=message.id).strip() == "Votre glycémie est normale."
        assert message.read_at is None
        assert message.recipients == [{"name": "Alice", "is_copy": False}]

    def test_mss_39_the_message_as_it_came_is_a_file_that_waits_for_the_antivirus(self, space):
        data = letter()
        (message,) = receive(data, space)
        file = StoredFile.objects.get(vault_id=message.vault_id, id=message.file_id)
        assert (file.state, file.size, file.media_type) == ("waiting", len(data), "message/rfc822")

    def test_the_arrival_is_over_and_its_bytes_are_gone(self, space):
        receive(letter(), space)
        arrival = Arrival.objects.get()
        assert (arrival.state, arrival.sealed, arrival.ended_at) == ("filed", None, NOON)
        assert ArrivalAddress.objects.get().filed_at == NOON

    def test_the_conversation_counts_it(self, space):
        receive(letter(), space)
        thread = Thread.objects.get()
        assert (thread.messages, thread.unread, thread.has_attachments) == (1, 1, False)
        assert (thread.started_at, thread.last_at) == (NOON, NOON)

    def test_mss_22_the_box_has_the_name_that_its_sender_wrote_and_is_not_listed(self, space):
        receive(letter(), space)
        box = Correspondent.objects.get()
        assert (box.display_name, box.is_listed, box.wrote_at) == ("Dr Karim Benali", False, NOON)
        assert box.address == "dr.benali@medecin.mssante.example"

    def test_mss_22_a_name_that_is_an_address_gives_way_to_the_domain(self, space):
        data = letter().replace(b"Dr Karim Benali", b'"chu@chu.mssante.fr"')
        receive(data, space)
        assert Correspondent.objects.get().display_name == "medecin.mssante.example"

    def test_two_spaces_have_each_their_own(self, space):
        other = factories.space()
        receive(letter(), space, other)
        assert len(messages_of(other)) == 1
        assert Message.objects.count() == 2

    def test_it_is_traced_without_a_word_of_it(self, space):
        (message,) = receive(letter(), space)
        line = AuditEvent.objects.get(action="mss.message.receive")
        assert line.target == f"message:{message.id}"
        assert "Benali" not in str(vars(line))

    def test_mss_39_what_is_no_mail_at_all_is_filed_as_unreadable_with_its_bytes(self, space):
        (message,) = receive(b"\x00\xff\xfe" * 50, space)
        assert message.body_kind == Message.Body.UNREADABLE
        assert message.file_id is not None

    def test_mss_38_a_space_closed_since_keeps_what_the_door_took_for_it(self, space):
        arrival = arrive(letter(), space)
        type(space).objects.filter(id=space.id).update(status="closed", closed_at=NOON, closure_reason="holder")
        assert filing.file_arrival(arrival_id=arrival.id, at=NOON) == "filed"
        assert len(messages_of(space)) == 1

    def test_an_erased_space_keeps_nothing_and_the_trail_says_so(self, space):
        arrival = arrive(letter(), space)
        type(space).objects.filter(id=space.id).update(status="deleted", closed_at=NOON, closure_reason="holder")
        assert filing.file_arrival(arrival_id=arrival.id, at=NOON) == "filed"
        assert messages_of(space) == []
        assert AuditEvent.objects.get(action="mss.message.drop").facts == {"reason": "space-deleted"}

    def test_mss_82_the_holder_gets_nothing_from_a_box_they_blocked(self, space):
        receive(letter(), space)
        Correspondent.objects.update(blocked_at=NOON)
        assert len(receive(letter(number="m2"), space)) == 1
        assert AuditEvent.objects.get(action="mss.message.drop").facts == {"reason": "blocked"}


class TestTwice:
    def test_s19_a_relay_that_delivers_twice_makes_one_message(self, space):
        receive(letter(), space)
        assert len(receive(b"Received: from relais.example\r\n" + letter(), space)) == 1
        assert Arrival.objects.filter(state="filed").count() == 2

    def test_another_text_under_the_same_id_is_not_lost(self, space):
        receive(letter(text="un"), space)
        first, second = receive(letter(text="deux"), space)
        assert first.message_id == "m1@x.example"
        assert second.message_id.endswith(".m1@x.example")

    def test_another_text_under_the_same_id_delivered_twice_is_one_more(self, space):
        receive(letter(text="un"), space)
        receive(letter(text="deux"), space)
        assert len(receive(letter(text="deux"), space)) == 2

    def test_a_message_without_an_id_is_told_by_its_digest(self, space):
        receive(letter(number=""), space)
        (message,) = receive(letter(number=""), space)
        assert message.message_id.endswith("@digest.invalid")

    def test_rel_01_the_job_twice_is_the_job_once(self, space):
        arrival = arrive(letter(), space)
        filing.file_arrival(arrival_id=arrival.id, at=NOON)
        assert filing.file_arrival(arrival_id=arrival.id, at=NOON) == "filed"
        assert len(messages_of(space)) == 1

    def test_rel_02_a_run_that_died_between_two_spaces_goes_on_with_the_second(self, space):
        other = factories.space()
        arrival = arrive(letter(), space, other)
        ArrivalAddress.objects.filter(space=space).update(filed_at=NOON)
        filing.file_arrival(arrival_id=arrival.id, at=NOON)
        assert messages_of(space) == []
        assert len(messages_of(other)) == 1

    def test_rel_02_a_run_that_died_holds_it_for_a_lease_only(self, space):
        arrival = arrive(letter(), space)
        Arrival.objects.update(attempts=1, due_at=NOON + filing.LEASE, problem="interrupted")
        assert filing.file_arrival(arrival_id=arrival.id, at=NOON) == "received"
        assert filing.file_arrival(arrival_id=arrival.id, at=NOON + filing.LEASE) == "filed"

    def test_there_is_no_such_arrival(self, space):
        assert filing.file_arrival(arrival_id=space.id, at=NOON) is None


class TestFailing:
    @staticmethod
    def _poison(space):
        """Sealed for another row: it never opens."""
        arrival = arrive(letter(), space)
        Arrival.objects.filter(id=arrival.id).update(sealed=seal(b"x", row_id=space.id))
        return arrival

    def test_rel_07_bytes_that_do_not_open_are_parked_at_once_and_kept(self, space):
        arrival = self._poison(space)
        assert filing.file_arrival(arrival_id=arrival.id, at=NOON) == "parked"
        arrival.refresh_from_db()
        assert (arrival.problem, arrival.ended_at) == ("bytes-lost", NOON)
        assert arrival.sealed is not None
        assert AuditEvent.objects.get(action="mss.arrival.park").facts == {"attempts": 1, "reason": "bytes-lost"}

    def test_rel_07_the_others_go_on(self, space):
        self._poison(space)
        arrive(letter(), space)
        assert filing.file_arrivals(at=NOON) == 2
        assert len(messages_of(space)) == 1

    def test_rel_07_five_runs_that_died_are_enough(self, space):
        arrival = arrive(letter(), space)
        Arrival.objects.update(attempts=5, problem="interrupted")
        assert filing.file_arrival(arrival_id=arrival.id, at=NOON) == "parked"

    def test_rel_07_waits_grow(self, space):
        arrival = arrive(letter(), space)
        waits = []
        for attempts in (1, 2, 3, 4):
            Arrival.objects.update(attempts=attempts)
            arrival.refresh_from_db()
            filing._settle(arrival, filing.Failure(problem="refused-row"), NOON)
            waits.append(Arrival.objects.get().due_at - NOON)
        assert waits == [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), HOUR]

    def test_a_key_that_is_away_costs_no_try_and_ends_the_run(self, space):
        arrive(letter(), space)
        arrive(letter(number="m2"), space)
        with override_settings(FILES_MASTER_KEY_VERSION=77):
            assert filing.file_arrivals(at=NOON) == 1
        assert sorted(Arrival.objects.values_list("attempts", "problem")) == [(0, ""), (0, "key-missing")]
        assert filing.file_arrivals(at=NOON + filing.AWAY) == 2

    def test_an_earlier_run_has_no_say_once_another_took_over(self, space):
        arrival = arrive(letter(), space)
        arrival.attempts = 1
        Arrival.objects.update(attempts=2)
        filing._settle(arrival, None, NOON)
        assert Arrival.objects.get().state == "received"

    def test_no_time_no_work(self, space):
        arrive(letter(), space)
        assert filing.file_arrivals(at=NOON, seconds=0) == 0

    def test_at_most_so_many(self, space):
        arrive(letter(), space)
        arrive(letter(number="m2"), space)
        assert filing.file_arrivals(at=NOON, at_most=1) == 1


class TestInvariants:
    def test_they_hold(self, space):
        receive(letter(), space)
        arrive(letter(number="m2"), space)
        assert threads_with_wrong_counts(at=NOON) == 0
        assert filed_arrivals_not_in_every_space(at=NOON) == 0
        assert arrivals_not_filed_for_two_hours(at=NOON + HOUR) == 0

    def test_wrong_counts_are_found(self, space):
        receive(letter(), space)
        Thread.objects.update(unread=0)
        assert threads_with_wrong_counts(at=NOON) == 1

    def test_counts_without_messages_are_found(self, space):
        Thread.objects.create(space=space, started_at=NOON, last_at=NOON, messages=1)
        assert threads_with_wrong_counts(at=NOON) == 1

    def test_a_space_without_its_message_is_found(self, space):
        receive(letter(), space)
        ArrivalAddress.objects.update(filed_at=None)
        assert filed_arrivals_not_in_every_space(at=NOON) == 1

    def test_what_nobody_files_is_found(self, space):
        arrive(letter(), space)
        assert arrivals_not_filed_for_two_hours(at=NOON + 3 * HOUR) == 1


def test_the_vault_of_the_space_has_everything(space):
    receive(letter(), space)
    assert Vault.objects.filter(owner_kind=Vault.Owner.SPACE, owner_id=space.id).count() == 1
    assert StoredFile.objects.filter(vault__owner_id=space.id).count() == 1


def test_mss_39_a_clock_of_no_zone_on_earth_keeps_its_instant():
    space = factories.space()
    (message,) = receive(letter().replace(b"10:15:00 +0100", b"10:15:00 +2026"), space)
    assert message.dated_at == datetime(2026, 2, 2, 13, 49, tzinfo=UTC)
