"""Opening conversations and what came with them (MSS-35, MSS-39, MSS-53, SEC-01)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.audit.services import events_of
from apps.common.ids import uuid7
from apps.files.jobs import scanning
from apps.files.models import StoredFile
from apps.mss.models import Attachment, Message, Thread
from apps.mss.services import reading
from tests import factories
from tests.harness.clock import NOON
from tests.mss.arriving import letter, receive
from tests.mss.test_attaching import mixed
from tests.mss.writing import PDF, Judge, conversation, helper, writer

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def space():
    return factories.space()


def check_all(*, infected: bool = False) -> None:
    for file in StoredFile.objects.filter(state="waiting").order_by("id"):
        scanning.scan(vault_id=file.vault_id, file_id=file.id, scanner=Judge(infected=infected), at=NOON)


def actions(space) -> list[str]:
    return [event.action for event in events_of(space.id)]


def unread_of(thread: Thread) -> int:
    return Thread.objects.get(space_id=thread.space_id, id=thread.id).unread


class TestThreads:
    def test_mss_35_opening_marks_read_and_leaves_a_line(self, space):
        thread = conversation(space)
        reading.open_thread(actor=writer(space), thread_id=thread.id, at=LATER)
        assert unread_of(thread) == 0
        assert Message.objects.get(space_id=space.id).read_at == LATER
        assert actions(space).count("mss.message.read") == 1

    def test_mss_62_a_relative_who_may_read_marks_read_too(self, space):
        thread = conversation(space)
        reading.open_thread(actor=helper(space, manages=False), thread_id=thread.id, at=LATER)
        assert unread_of(thread) == 0

    def test_what_was_read_keeps_its_hour(self, space):
        thread = conversation(space)
        for hour in (1, 2):
            reading.open_thread(actor=writer(space), thread_id=thread.id, at=NOON + timedelta(hours=hour))
        assert Message.objects.get(space_id=space.id).read_at == LATER

    def test_marked_as_unread_again_the_last_one_alone(self, space):
        thread = conversation(space)
        first = Message.objects.get(space_id=space.id)
        receive(letter(number="two", fields=f"In-Reply-To: <{first.message_id}>\r\n"), space, at=LATER)
        reading.open_thread(actor=writer(space), thread_id=thread.id, at=LATER)
        assert reading.mark_unread(actor=writer(space), thread_id=thread.id, at=LATER)
        assert unread_of(thread) == 1
        assert Message.objects.get(space_id=space.id, id=first.id).read_at == LATER

    @pytest.mark.parametrize("act", [reading.open_thread, reading.mark_unread])
    def test_sec_01_unknown_and_forbidden_are_the_same(self, space, act):
        other = conversation(factories.space())
        for thread_id in (other.id, uuid7()):
            with pytest.raises(reading.ThreadNotFoundError):
                act(actor=writer(space), thread_id=thread_id, at=LATER)


class TestAttachments:
    def test_only_what_the_antivirus_found_clean_is_read(self, space):
        receive(mixed(("notes.pdf", "application/pdf", PDF)), space)
        row = Attachment.objects.get(space_id=space.id)
        before = reading.read_attachment(actor=writer(space), attachment_id=row.id, at=LATER)
        check_all()
        after = reading.read_attachment(actor=writer(space), attachment_id=row.id, at=LATER)
        assert (before.data, before.problem) == (None, "waiting")
        assert after.data == PDF
        assert actions(space).count("mss.attachment.read") == 1

    def test_a_copy_has_a_line_of_its_own(self, space):
        receive(mixed(("notes.pdf", "application/pdf", PDF)), space)
        check_all()
        row = Attachment.objects.get(space_id=space.id)
        reading.read_attachment(actor=writer(space), attachment_id=row.id, at=LATER, keeps=True)
        assert "mss.attachment.download" in actions(space)

    def test_rel_13_an_infected_one_is_never_given_out(self, space):
        receive(mixed(("notes.pdf", "application/pdf", PDF)), space)
        check_all(infected=True)
        row = Attachment.objects.get(space_id=space.id)
        content = reading.read_attachment(actor=writer(space), attachment_id=row.id, at=LATER)
        assert (content.data, content.problem) == (None, "infected")

    @pytest.mark.parametrize("held", ["invisible-patient", "other-patient", "size", "hash"])
    def test_mss_53_held_ones_are_not_there(self, space, held):
        receive(mixed(("notes.pdf", "application/pdf", PDF)), space)
        Attachment.objects.filter(space_id=space.id).update(held=held)
        row = Attachment.objects.get(space_id=space.id)
        with pytest.raises(reading.ContentNotFoundError):
            reading.read_attachment(actor=writer(space), attachment_id=row.id, at=LATER)
        told = Attachment.objects.told_as_held(writer(space)).count()
        assert told == (0 if held == "invisible-patient" else 1)

    def test_mss_39_the_message_as_it_came(self, space):
        data = letter(number="raw")
        receive(data, space)
        check_all()
        message = Message.objects.get(space_id=space.id)
        assert reading.read_raw(actor=writer(space), message_id=message.id, at=LATER).data == data
        assert "mss.message.download" in actions(space)

    def test_sec_01_of_another_space_nothing_is_found(self, space):
        other = factories.space()
        receive(mixed(("notes.pdf", "application/pdf", PDF)), other)
        row = Attachment.objects.get(space_id=other.id)
        with pytest.raises(reading.ContentNotFoundError):
            reading.read_attachment(actor=writer(space), attachment_id=row.id, at=LATER)
        with pytest.raises(reading.ContentNotFoundError):
            reading.read_raw(actor=writer(space), message_id=row.message_id, at=LATER)
