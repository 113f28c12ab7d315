"""Who may be written to (MSS-20 to MSS-25, MSS-27)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.mss import policies
from apps.mss.models import Correspondent, Message, Thread
from apps.mss.services import answerable as asking
from apps.mss.services.answerable import Reply
from tests import factories
from tests.harness.clock import NOON
from tests.mss.arriving import letter, receive
from tests.mss.writing import box_in, conversation, helper, writer

pytestmark = pytest.mark.django_db
SECOND = "dr.roy@medecin.mssante.example"
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def space():
    return factories.space()


def state(space, thread: Thread, actor=None) -> asking.Answerable:
    return asking.answerable(actor=actor or writer(space), thread=Thread.objects.get(id=thread.id))


def two_writers(space) -> Thread:
    receive(letter(number="a1"), space)
    second = letter(number="a2", fields="In-Reply-To: <a1@x.example>\r\n", sender=SECOND)
    message = receive(second, space, at=LATER, sender=SECOND)[-1]
    return Thread.objects.get(id=message.thread_id)


class TestConversation:
    def test_mss_20_who_wrote_gets_an_answer(self, space):
        thread = conversation(space)
        found = state(space, thread)
        assert (found.state, found.first, found.may_answer) == (Reply.REPLY, box_in(thread), True)

    def test_mss_25_several_who_wrote_may_all_be_answered_the_last_one_first(self, space):
        found = state(space, two_writers(space))
        assert found.state is Reply.REPLY_TO_ALL
        assert [box.address for box in found.boxes] == [SECOND, "dr.benali@medecin.mssante.example"]

    def test_mss_24_an_end_takes_the_answer_away_until_a_later_message(self, space):
        receive(letter(number="b1"), space)
        ended = receive(letter(number="b2", subject="[FIN]", fields="In-Reply-To: <b1@x.example>\r\n"), space, at=LATER)
        thread = Thread.objects.get(id=ended[0].thread_id)
        found = state(space, thread)
        assert (found.state, found.decision, found.may_answer) == (Reply.BLOCKED, policies.ENDED, False)
        assert found.refused == box_in(thread)

        receive(letter(number="b3", fields="In-Reply-To: <b1@x.example>\r\n"), space, at=LATER + timedelta(hours=1))
        assert state(space, thread).state is Reply.REPLY

    def test_mss_24_one_of_two_ended_the_other_gets_the_answer(self, space):
        thread = two_writers(space)
        Correspondent.objects.filter(space_id=space.id, address=SECOND).update(ended_at=LATER + timedelta(hours=1))
        found = state(space, thread)
        assert (found.state, len(found.boxes)) == (Reply.REPLY, 1)
        assert found.boxes[0].address != SECOND

    def test_a_blocked_box_gets_nothing(self, space):
        thread = conversation(space)
        Correspondent.objects.filter(space_id=space.id).update(blocked_at=NOON)
        assert (state(space, thread).state, state(space, thread).decision) == (Reply.BLOCKED, policies.BLOCKED)

    @pytest.mark.parametrize(
        ("column", "decision"), [("closed_at", policies.THREAD_CLOSED), ("binned_at", policies.IN_BIN)]
    )
    def test_mss_25_a_closed_conversation_leaves_a_new_message(self, space, column, decision):
        thread = conversation(space)
        Thread.objects.filter(space_id=space.id, id=thread.id).update(**{column: LATER})
        found = state(space, thread)
        assert (found.state, found.decision, found.first) == (Reply.NEW_MESSAGE, decision, box_in(thread))

    def test_mss_25_a_message_of_a_machine_takes_no_answer(self, space):
        thread = conversation(space)
        Message.objects.filter(space_id=space.id).update(correspondent_id=None)
        assert state(space, thread).state is Reply.NO_REPLY

    def test_mss_81_who_may_only_read_is_told(self, space):
        thread = conversation(space)
        found = state(space, thread, helper(space, manages=False))
        assert (found.state, found.boxes) == (Reply.FORBIDDEN, ())
        assert state(space, thread, helper(space)).state is Reply.REPLY

    def test_queries_do_not_grow(self, space, django_assert_num_queries):
        thread, actor = two_writers(space), writer(space)
        with django_assert_num_queries(1):
            asking.answerable(actor=actor, thread=thread)
        receive(
            letter(number="a3", fields="In-Reply-To: <a1@x.example>\r\n", sender="c@x.example"), space, sender="c@x"
        )
        with django_assert_num_queries(1):
            asking.answerable(actor=actor, thread=thread)


class TestNewMessage:
    def test_mss_20_only_boxes_that_wrote_and_did_not_end(self, space):
        two_writers(space)
        Correspondent.objects.filter(space_id=space.id, address=SECOND).update(ended_at=LATER + timedelta(hours=1))
        (box,) = asking.boxes_to_write(actor=writer(space))
        assert box.address == "dr.benali@medecin.mssante.example"
        assert asking.ended_boxes(actor=writer(space)) == 1

    def test_mss_21_a_pharmacy_that_was_chosen_is_among_them(self, space):
        kinds = {"space_id": space.id, "kind": "ORG"}
        Correspondent.objects.create(
            **kinds, address="p@pharma.mssante.example", display_name="Pharmacie B", is_pharmacy=True
        )
        Correspondent.objects.create(**kinds, address="n@x.mssante.example", display_name="N")
        assert [box.display_name for box in asking.boxes_to_write(actor=writer(space))] == ["Pharmacie B"]

    def test_blocked_boxes_and_those_of_others_are_not(self, space):
        conversation(space)
        Correspondent.objects.filter(space_id=space.id).update(blocked_at=NOON)
        conversation(factories.space())
        assert asking.boxes_to_write(actor=writer(space)) == []

    def test_the_filter_is_the_policy(self, space):
        states = [
            {"wrote_at": wrote, "ended_at": ended, "blocked_at": blocked, "is_pharmacy": pharmacy}
            for wrote in (None, NOON, LATER) for ended in (None, NOON) for blocked in (None, NOON)
            for pharmacy in (False, True)
        ]  # fmt: skip
        for number, values in enumerate(states):
            Correspondent.objects.create(space_id=space.id, address=f"{number}@x.example", display_name="X", **values)
        actor = writer(space)
        allowed = {box.id for box in Correspondent.objects.filter(space_id=space.id) if policies.may_write(actor, box)}
        assert {box.id for box in asking.boxes_to_write(actor=actor)} == allowed
        assert len(allowed) == 7

    def test_mss_27_who_left_activity_is_told_and_not_refused(self, space):
        thread = conversation(space)
        box = box_in(thread)
        gone = factories.professional(is_active=False)
        assert asking.left_activity([box]) == []
        box.national_id = gone.national_id
        box.save(update_fields=["national_id"])
        assert asking.left_activity([box]) == [box]
        assert state(space, thread).state is Reply.REPLY
        gone.is_active = True
        gone.save(update_fields=["is_active"])
        assert asking.left_activity([box]) == []

    def test_sec_01_a_box_of_another_space_is_not_there(self, space):
        box = box_in(conversation(space))
        assert asking.box_of(actor=writer(space), correspondent_id=box.id) == box
        assert asking.box_of(actor=writer(factories.space()), correspondent_id=box.id) is None
