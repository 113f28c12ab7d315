"""Close, reopen, bin, restore, report, block (M-05, M-07), and what leaves the bin for good (MSS-37)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from apps.access import AccessDeniedError
from apps.audit.services import events_of
from apps.common.ids import uuid7
from apps.files.models import StoredFile
from apps.mss.jobs.purging import purge_bin
from apps.mss.models import Attachment, Correspondent, Draft, Message, OutgoingMail, Thread
from apps.mss.services import answering, reading, tidying
from tests import factories
from tests.harness.clock import NOON
from tests.mss.arriving import letter, receive
from tests.mss.test_attaching import mixed
from tests.mss.writing import PDF, attach, box_in, conversation, draft_in, helper, writer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
ACTS = [tidying.close_thread, tidying.reopen_thread, tidying.bin_thread, tidying.restore_thread]


@pytest.fixture
def space():
    return factories.space()


def fresh(thread: Thread) -> Thread:
    return Thread.objects.get(space_id=thread.space_id, id=thread.id)


def actions(space) -> list[str]:
    return [event.action for event in events_of(space.id)]


class TestClosing:
    def test_m_05_the_professional_is_told_once(self, space):
        thread = conversation(space)
        for hour in (0, 1):
            tidying.close_thread(actor=writer(space), thread_id=thread.id, at=NOON + timedelta(hours=hour))
        assert fresh(thread).closed_at == NOON
        assert OutgoingMail.objects.filter(space_id=space.id, kind="closing").count() == 1
        assert actions(space).count("mss.thread.close") == 1

    def test_m_05_an_answer_to_a_closed_one_begins_another_and_reopening_takes_it_again(self, space):
        thread = conversation(space)
        message = Message.objects.get(space_id=space.id)
        tidying.close_thread(actor=writer(space), thread_id=thread.id, at=NOON)
        receive(letter(number="late", fields=f"In-Reply-To: <{message.message_id}>\r\n"), space)
        assert Thread.objects.filter(space_id=space.id).count() == 2
        tidying.reopen_thread(actor=writer(space), thread_id=thread.id, at=NOON)
        receive(letter(number="again", fields=f"In-Reply-To: <{message.message_id}>\r\n"), space)
        assert fresh(thread).messages == 2

    @pytest.mark.parametrize("act", ACTS)
    def test_mss_81_who_may_only_read_tidies_nothing(self, space, act):
        thread = conversation(space)
        with pytest.raises(AccessDeniedError):
            act(actor=helper(space, manages=False), thread_id=thread.id, at=NOON)

    @pytest.mark.parametrize("act", ACTS)
    def test_sec_01_unknown_and_forbidden_are_the_same(self, space, act):
        other = conversation(factories.space())
        for thread_id in (other.id, uuid7()):
            with pytest.raises(reading.ThreadNotFoundError):
                act(actor=writer(space), thread_id=thread_id, at=NOON)


class TestBin:
    def test_mss_37_into_it_and_out_again(self, space):
        thread = conversation(space)
        tidying.bin_thread(actor=writer(space), thread_id=thread.id, at=NOON)
        tidying.bin_thread(actor=writer(space), thread_id=thread.id, at=NOON + DAY)
        assert fresh(thread).binned_at == NOON
        tidying.restore_thread(actor=writer(space), thread_id=thread.id, at=NOON + DAY)
        assert fresh(thread).binned_at is None
        assert [each for each in actions(space) if "bin" in each or "restore" in each] == [
            "mss.thread.restore",
            "mss.thread.bin",
        ]

    @pytest.mark.parametrize(("days", "left"), [(29, 1), (30, 0)])
    def test_mss_37_erased_after_thirty_days(self, space, days, left):
        thread = conversation(space)
        tidying.bin_thread(actor=writer(space), thread_id=thread.id, at=NOON)
        assert purge_bin(at=NOON + days * DAY) == 1 - left
        assert Thread.objects.filter(space_id=space.id).count() == left
        assert Message.objects.filter(space_id=space.id).count() == left

    def test_the_files_go_with_it_and_another_conversation_stays_whole(self, space):
        receive(mixed(("notes.pdf", "application/pdf", PDF)), space)
        gone = Thread.objects.get(space_id=space.id)
        kept = conversation(space)
        draft_in(gone, text="Commencé")
        tidying.bin_thread(actor=writer(space), thread_id=gone.id, at=NOON)
        purge_bin(at=NOON + 31 * DAY)
        assert list(Thread.objects.filter(space_id=space.id)) == [kept]
        assert not Attachment.objects.filter(space_id=space.id).exists()
        assert not Draft.objects.filter(space_id=space.id).exists()
        assert StoredFile.objects.filter(state="destroyed").count() == 2  # the file, and the message as it came
        assert StoredFile.objects.exclude(state="destroyed").count() == 1
        assert "mss.thread.erase" in actions(space)

    def test_one_with_mail_on_its_way_waits(self, space):
        thread = conversation(space)
        draft = draft_in(thread)
        attach(draft)
        answering.send(actor=writer(space), draft_id=draft.id, to_all=False, at=NOON)
        tidying.bin_thread(actor=writer(space), thread_id=thread.id, at=NOON)
        assert purge_bin(at=NOON + 31 * DAY) == 0
        OutgoingMail.objects.update(state="sent", ended_at=NOON)
        assert purge_bin(at=NOON + 31 * DAY) == 1
        assert not OutgoingMail.objects.exists()

    def test_a_new_message_brings_it_back_before(self, space):
        thread = conversation(space)
        message = Message.objects.get(space_id=space.id)
        tidying.bin_thread(actor=writer(space), thread_id=thread.id, at=NOON)
        receive(letter(number="late", fields=f"In-Reply-To: <{message.message_id}>\r\n"), space, at=NOON + DAY)
        assert purge_bin(at=NOON + 31 * DAY) == 0
        assert fresh(thread).unread == 2


class TestSenders:
    def test_m_07_nothing_of_a_blocked_box_comes_in_until_it_may_again(self, space):
        box = box_in(conversation(space))
        tidying.block_sender(actor=writer(space), correspondent_id=box.id, at=NOON)
        receive(letter(number="lost"), space)
        assert Message.objects.filter(space_id=space.id).count() == 1
        tidying.unblock_sender(actor=writer(space), correspondent_id=box.id, at=NOON)
        receive(letter(number="again"), space)
        assert Message.objects.filter(space_id=space.id).count() == 2
        assert {"mss.sender.block", "mss.sender.unblock"} <= set(actions(space))

    def test_twice_is_once(self, space):
        box = box_in(conversation(space))
        for days in (0, 1):
            tidying.block_sender(actor=writer(space), correspondent_id=box.id, at=NOON + days * DAY)
        assert Correspondent.objects.get(space_id=space.id).blocked_at == NOON
        assert actions(space).count("mss.sender.block") == 1

    def test_mss_84_a_report_is_traced_and_told_with_the_domain_alone(self, space, django_capture_on_commit_callbacks):
        conversation(space)
        message = Message.objects.get(space_id=space.id)
        with capture_logs() as told, django_capture_on_commit_callbacks(execute=True):
            for _ in range(2):
                tidying.report_message(actor=writer(space), message_id=message.id, at=NOON)
        assert told == [
            {"event": "mailbox_message_reported", "log_level": "warning", "domain": "medecin.mssante.example"}
        ]
        (line,) = [event for event in events_of(space.id) if event.action == "mss.message.report"]
        assert line.facts == {"domain": "medecin.mssante.example"}

    @pytest.mark.parametrize("act", [tidying.block_sender, tidying.unblock_sender])
    def test_sec_01_a_box_of_another_space_is_not_found(self, space, act):
        other = box_in(conversation(factories.space()))
        with pytest.raises(reading.ContentNotFoundError):
            act(actor=writer(space), correspondent_id=other.id, at=NOON)
