"""Conversations by ids alone, ends of exchanges, closed and binned ones (MSS-23, MSS-24, MSS-30; S43)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.mss import searching
from apps.mss.models import Correspondent, Message, Thread
from tests import factories
from tests.harness.clock import NOON
from tests.mss.arriving import letter, receive

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)
END = "X-MSS-MES: FIN\r\n"


@pytest.fixture
def space():
    return factories.space()


def threads():
    return list(Thread.objects.order_by("started_at", "id"))


class TestIds:
    @pytest.mark.parametrize("field", ["In-Reply-To: <m1@x.example>", "References: <m0@x.example> <m1@x.example>"])
    def test_mss_30_an_answer_joins_the_conversation(self, space, field):
        receive(letter(), space)
        receive(letter(number="m2", subject="Autre sujet", fields=f"{field}\r\n"), space, at=LATER)
        (thread,) = threads()
        assert (thread.messages, thread.unread, thread.last_at) == (2, 2, LATER)
        assert thread.subject == "Vos analyses"

    def test_mss_30_the_same_subject_is_not_enough(self, space):
        receive(letter(), space)
        receive(letter(number="m2"), space)
        assert len(threads()) == 2

    def test_an_answer_that_comes_first_is_found_by_what_it_answers(self, space):
        receive(letter(number="m2", fields="In-Reply-To: <m1@x.example>\r\n"), space)
        receive(letter(), space, at=LATER)
        assert len(threads()) == 1

    def test_two_answers_to_one_message_that_is_not_here_are_together(self, space):
        receive(letter(number="m2", fields="References: <m0@x.example>\r\n"), space)
        receive(letter(number="m3", fields="References: <m0@x.example> <m1@x.example>\r\n"), space)
        assert len(threads()) == 1

    def test_the_message_that_is_answered_counts_more_than_older_ones(self, space):
        receive(letter(number="m1"), space)
        receive(letter(number="m2"), space, at=LATER)
        fields = "In-Reply-To: <m2@x.example>\r\nReferences: <m1@x.example>\r\n"
        (*_, last) = receive(letter(number="m3", fields=fields), space, at=LATER + timedelta(hours=1))
        assert last.thread_id == Message.objects.get(message_id="m2@x.example").thread_id

    def test_sec_01_the_conversation_of_another_space_is_not_joined(self, space):
        other = factories.space()
        receive(letter(), other)
        (message,) = receive(letter(number="m2", fields="In-Reply-To: <m1@x.example>\r\n"), space)
        assert Thread.objects.get(id=message.thread_id).space_id == space.id
        assert len(threads()) == 2


class TestClosedAndBinned:
    def test_mss_24_what_answers_a_closed_conversation_is_kept_in_one_of_its_own(self, space):
        receive(letter(), space)
        Thread.objects.update(closed_at=NOON)
        receive(letter(number="m2", fields="In-Reply-To: <m1@x.example>\r\n"), space, at=LATER)
        closed, new = threads()
        assert (closed.messages, closed.closed_at) == (1, NOON)
        assert (new.messages, new.closed_at) == (1, None)

    def test_the_next_answer_goes_on_with_the_new_one(self, space):
        self.test_mss_24_what_answers_a_closed_conversation_is_kept_in_one_of_its_own(space)
        receive(letter(number="m3", fields="References: <m1@x.example> <m2@x.example>\r\n"), space, at=LATER)
        assert [thread.messages for thread in threads()] == [1, 2]

    def test_mss_37_a_new_message_brings_its_conversation_out_of_the_bin(self, space):
        receive(letter(), space)
        Thread.objects.update(binned_at=NOON)
        receive(letter(number="m2", fields="In-Reply-To: <m1@x.example>\r\n"), space, at=LATER)
        assert Thread.objects.get().binned_at is None


class TestEnd:
    def test_mss_23_the_subject_alone_is_a_line_and_nothing_to_read(self, space):
        receive(letter(), space)
        _, line = receive(letter(number="m2", subject="[FIN]", text=""), space, at=LATER)
        assert (line.kind, line.read_at) == ("end", LATER)
        (thread,) = threads()
        assert (thread.messages, thread.unread) == (2, 1)
        assert Correspondent.objects.get().has_ended

    def test_mss_23_a_message_with_the_header_keeps_its_text_and_is_unread(self, space):
        (message,) = receive(letter(text="Au revoir.", fields=END), space)
        assert (message.kind, message.read_at) == ("letter", None)
        assert message.body_sealed
        assert Correspondent.objects.get().has_ended

    def test_mss_24_a_later_message_opens_the_exchange_again(self, space):
        receive(letter(fields=END), space)
        receive(letter(number="m2"), space, at=LATER)
        box = Correspondent.objects.get()
        assert (box.has_ended, box.may_be_written_to, box.ended_at) == (False, True, NOON)

    def test_mss_24_an_earlier_message_that_is_filed_later_does_not(self, space):
        receive(letter(fields=END), space, at=LATER)
        receive(letter(number="m2"), space, at=NOON)
        assert Correspondent.objects.get().has_ended

    def test_mss_23_an_end_alone_leaves_its_conversation_in_the_bin(self, space):
        receive(letter(), space)
        Thread.objects.update(binned_at=NOON)
        receive(letter(number="m2", subject="[FIN]", text=""), space, at=LATER)
        assert Thread.objects.get().binned_at == NOON

    def test_an_end_of_somebody_who_never_wrote_has_a_conversation_of_its_own(self, space):
        (line,) = receive(letter(subject="[FIN]", text=""), space)
        assert line.kind == "end"
        assert len(threads()) == 1


class TestSearching:
    @pytest.mark.parametrize("words", ["analyse", "ANALYSES", "Benali", "glycemie", "glycémies", "benali GLYCÉMIE"])
    def test_subject_sender_and_text_are_found_without_accents(self, space, words):
        receive(letter(text="Votre glycémie est stable."), space)
        assert Message.objects.filter(search=searching.query(words)).count() == 1

    @pytest.mark.parametrize("words", ["cholestérol", "glycémie cholestérol"])
    def test_other_words_are_not(self, space, words):
        receive(letter(text="Votre glycémie est stable."), space)
        assert not Message.objects.filter(search=searching.query(words)).exists()

    def test_a_very_long_text_is_filed(self, space):
        text = " ".join(f"mot{number:x}" for number in range(200_000))
        (message,) = receive(letter(text=text), space)
        assert message.search

    def test_s43_a_subject_like_a_formula_stays_as_it_is(self, space):
        subject = '=HYPERLINK("http://voleur.example";"ouvrir")'
        (message,) = receive(letter(subject=subject), space)
        assert message.subject == subject


class TestReceipts:
    def test_mss_60_is_wanted_by_the_box_that_sent_it(self, space):
        (message,) = receive(letter(fields="Disposition-Notification-To: dr.benali@medecin.mssante.example\r\n"), space)
        assert message.wants_receipt

    def test_mss_60_another_box_gets_none(self, space):
        (message,) = receive(letter(fields="Disposition-Notification-To: autre@medecin.mssante.example\r\n"), space)
        assert not message.wants_receipt
