"""A draft leaves once, to those who may be written to, with its files, its words and its line in the trail (M-03)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from apps.access import AccessDeniedError, Role, Section
from apps.accounts.models import User
from apps.audit.services import AuditEvent
from apps.files.models import StoredFile
from apps.mss import searching
from apps.mss.bodies import Bodies
from apps.mss.models import Attachment, Correspondent, Draft, DraftFile, Message, OutgoingMail, Thread
from apps.mss.services import answering
from apps.mss.services.answering import (
    DraftMissingError,
    EmptyMessageError,
    MessageTooLargeError,
    TooManyMessagesError,
    UnsafeFileError,
)
from tests import factories
from tests.harness.clock import NOON
from tests.mss.arriving import SENDER, letter, receive
from tests.mss.outgoing import attached, box, conversation, draft, helper, holder, judged, mails_of

pytestmark = pytest.mark.django_db
OTHER = "dr.sow@cabinet.mssante.example"
LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def actor(space):
    return holder(space)


@pytest.fixture
def user(actor):
    return User.objects.get(pk=actor.user_id)


def send(actor, row, *, to_all=False, at=LATER):
    return answering.send(actor=actor, draft_id=row.id, to_all=to_all, at=at)


def lines(space, action="mss.message.send"):
    return list(AuditEvent.objects.filter(scope_id=space.id, action=action).order_by("at", "id"))


class TestAnswer:
    def test_mss_30_an_answer_names_what_it_answers(self, space, actor, user):
        thread = conversation(space, fields="References: <m0@x.example>\r\n")

        message = send(actor, draft(space, by=user, thread=thread, text="Merci docteur."))

        assert (message.thread_id, message.direction, message.kind) == (thread.id, "out", "letter")
        assert (message.answers, message.references) == ("m1@x.example", ["m0@x.example", "m1@x.example"])
        assert message.subject == "Vos analyses"
        assert (message.received_at, message.author_id, message.author_role) == (LATER, user.pk, "holder")
        assert message.recipients == [{"name": "Dr Karim Benali", "is_copy": False}]
        assert "Merci" not in message.body_sealed
        assert Bodies(space.id).open(message.body_sealed, row_id=message.id) == "Merci docteur."

    def test_rel_08_the_id_of_the_mail_is_made_once_and_tells_nothing(self, space, actor, user):
        message = send(actor, draft(space, by=user, thread=conversation(space)))

        (mail,) = mails_of(message)
        name, _, domain = mail.rfc_message_id.partition("@")
        assert mail.rfc_message_id == message.message_id
        assert (len(name), domain) == (32, "patient.mssante.example")
        assert (mail.state, mail.kind, mail.address, mail.attempts) == ("waiting", "letter", SENDER, 0)
        assert (mail.written_at, mail.due_at, mail.ended_at) == (LATER, LATER, None)
        assert mail.key == f"letter:{message.id}:{Correspondent.objects.get(space_id=space.id).id}"

    def test_s46_counts_follow_and_an_answer_is_not_unread(self, space, actor, user):
        thread = conversation(space)

        send(actor, draft(space, by=user, thread=thread))

        thread = Thread.objects.get(space_id=space.id, id=thread.id)
        assert (thread.messages, thread.unread, thread.last_at) == (2, 1, LATER)

    def test_mss_36_the_draft_is_gone_and_its_files_hang_on_the_message(self, space, actor, user):
        row = draft(space, by=user, thread=conversation(space))
        first, second = attached(row, name="a.pdf"), attached(row, name="b.pdf")

        message = send(actor, row)

        assert not Draft.objects.exists()
        assert not DraftFile.objects.exists()
        found = Attachment.objects.filter(space_id=space.id, message_id=message.id).order_by("position")
        assert [(one.position, one.kind, one.name, one.file_id, one.size) for one in found] == [
            (0, "file", "a.pdf", first.file_id, 45),
            (1, "file", "b.pdf", second.file_id, 45),
        ]
        assert Thread.objects.get(space_id=space.id).has_attachments

    def test_a_search_finds_words_subject_boxes_and_files_of_an_answer(self, space, actor, user):
        row = draft(space, by=user, thread=conversation(space), text="Douleurs à l'épaule")
        attached(row, name="radiographie.pdf")

        message = send(actor, row)

        for words in ("epaule", "analyse", "benali", "radiographies"):
            found = Message.objects.filter(space_id=space.id, direction="out", search=searching.query(words))
            assert [one.id for one in found] == [message.id], words

    def test_mss_80_the_line_of_the_trail_holds_ids_and_counts(self, space, actor, user):
        row = draft(space, by=user, thread=conversation(space))
        attached(row)

        message = send(actor, row)

        (line,) = lines(space)
        assert (line.target, line.actor_role, line.outcome) == (f"message:{message.id}", "holder", "permit")
        assert line.facts == {
            "recipients": 1, "attachments": 1, "documents": 0, "thread": str(message.thread_id)
        }  # fmt: skip

    def test_the_sending_is_queued_after_the_commit(
        self, space, actor, user, queue, django_capture_on_commit_callbacks
    ):
        with django_capture_on_commit_callbacks(execute=True):
            send(actor, draft(space, by=user, thread=conversation(space)))

        assert "mss.send_mails" in [message.task for message in queue()]

    def test_rel_01_sent_twice_is_sent_once(self, space, actor, user):
        row = draft(space, by=user, thread=conversation(space))

        first, second = send(actor, row), send(actor, row, at=LATER + timedelta(hours=1))

        assert first.pk == second.pk
        assert OutgoingMail.objects.count() == 1
        assert len(lines(space)) == 1

    def test_an_id_that_no_header_may_hold_is_not_named(self, space, actor, user):
        thread = conversation(space)
        Message.objects.filter(space_id=space.id).update(message_id="é@x.example")

        message = send(actor, draft(space, by=user, thread=thread))

        assert (message.answers, message.references) == ("", [])


class TestWhoGetsIt:
    def test_mss_25_only_the_first_box_unless_all_are_asked_for(self, space, actor, user):
        thread = conversation(space)
        receive(letter(number="m2", sender=OTHER, fields="In-Reply-To: <m1@x.example>\r\n"), space, sender=OTHER)

        message = send(actor, draft(space, by=user, thread=thread))

        assert [mail.address for mail in mails_of(message)] == [SENDER]

    def test_mss_25_to_all_is_one_mail_a_box_under_one_id(self, space, actor, user):
        thread = conversation(space)
        receive(letter(number="m2", sender=OTHER, fields="In-Reply-To: <m1@x.example>\r\n"), space, sender=OTHER)

        message = send(actor, draft(space, by=user, thread=thread), to_all=True)

        mails = mails_of(message)
        assert [mail.address for mail in mails] == [SENDER, OTHER]
        assert {mail.rfc_message_id for mail in mails} == {message.message_id}
        assert len(message.recipients) == 2
        assert message.answers == "m1@x.example"

    def test_mss_24_a_box_that_ended_the_exchange_is_left_out_of_all(self, space, actor, user):
        thread = conversation(space)
        receive(letter(number="m2", sender=OTHER, fields="In-Reply-To: <m1@x.example>\r\n"), space, sender=OTHER)
        Correspondent.objects.filter(address=OTHER).update(ended_at=LATER)

        message = send(actor, draft(space, by=user, thread=thread), to_all=True)

        assert [mail.address for mail in mails_of(message)] == [SENDER]

    def test_mss_20_a_new_conversation_with_a_box_that_has_written(self, space, actor, user):
        row = draft(space, by=user, correspondent=box(space), subject="Une question")

        message = send(actor, row)

        thread = Thread.objects.get(space_id=space.id, id=message.thread_id)
        assert (thread.subject, thread.messages, thread.unread) == ("Une question", 1, 0)
        assert (thread.started_at, thread.last_at) == (LATER, LATER)
        assert (message.answers, message.references) == ("", [])

    def test_mss_21_a_pharmacy_that_never_wrote(self, space, actor, user):
        pharmacy = box(space, "officine@pharmacie.mssante.example", wrote_at=None, is_pharmacy=True)

        message = send(actor, draft(space, by=user, correspondent=pharmacy, subject="Mon ordonnance"))

        assert [mail.address for mail in mails_of(message)] == ["officine@pharmacie.mssante.example"]


class TestRefusals:
    @pytest.mark.parametrize(
        ("change", "rule"),
        [({"ended_at": LATER}, "MSS-24"), ({"blocked_at": NOON}, "MSS-20.blocked"), ({"wrote_at": None}, "MSS-20")],
    )
    def test_mss_20_a_box_that_may_not_be_written_to(self, space, actor, user, change, rule):
        row = draft(space, by=user, thread=conversation(space))
        Correspondent.objects.update(**change)

        with pytest.raises(AccessDeniedError) as refused:
            send(actor, row)

        assert refused.value.decision.rule == rule
        assert nothing_left(space)
        assert [(line.outcome, line.target) for line in lines(space)] == [("deny", f"draft:{row.id}")]

    @pytest.mark.parametrize(("change", "rule"), [("closed_at", "MSS-24.closed"), ("binned_at", "MSS-37")])
    def test_mss_24_a_conversation_that_takes_no_answer(self, space, actor, user, change, rule):
        thread = conversation(space)
        Thread.objects.update(**{change: NOON})

        with pytest.raises(AccessDeniedError) as refused:
            send(actor, draft(space, by=user, thread=thread))

        assert refused.value.decision.rule == rule
        assert nothing_left(space)

    def test_spa_55_a_relative_who_may_only_read(self, space, user):
        row = draft(space, by=user, thread=conversation(space))
        reader = helper(space, factories.user(), readable=frozenset({Section.MESSAGES}))

        with pytest.raises(AccessDeniedError) as refused:
            send(reader, row)

        assert refused.value.decision.rule == "SPA-55"
        assert nothing_left(space)

    @pytest.mark.parametrize("role", [Role.PROFESSIONAL, Role.STAFF, Role.NOBODY])
    def test_mss_82_nobody_else_writes(self, space, actor, user, role):
        with pytest.raises(AccessDeniedError):
            send(replace(actor, role=role), draft(space, by=user, thread=conversation(space)))

        assert nothing_left(space)

    def test_sec_02_a_draft_of_another_space_is_not_there(self, actor):
        other = factories.space()
        row = draft(other, by=factories.user(person=other.identity), thread=conversation(other))

        with pytest.raises(DraftMissingError):
            send(actor, row)

        assert nothing_left(other)

    @pytest.mark.parametrize("text", ["", "  \n "])
    def test_mss_31_a_text_is_needed(self, space, actor, user, text):
        with pytest.raises(EmptyMessageError) as refused:
            send(actor, draft(space, by=user, thread=conversation(space), text=text))

        assert refused.value.missing == "text"
        assert nothing_left(space)

    def test_mss_31_a_new_conversation_needs_a_subject_and_an_answer_does_not(self, space, actor, user):
        with pytest.raises(EmptyMessageError) as refused:
            send(actor, draft(space, by=user, correspondent=box(space)))
        assert refused.value.missing == "subject"

        thread = conversation(space, subject="")
        message = send(actor, draft(space, by=user, thread=thread))

        assert message.subject == ""

    @pytest.mark.parametrize("state", ["infected", "destroyed", "parked"])
    def test_mss_58_a_file_that_is_not_safe(self, space, actor, user, state):
        row = draft(space, by=user, thread=conversation(space))
        fine, bad = attached(row), attached(row, name="b.pdf", clean=False)
        mark(bad, state)

        with pytest.raises(UnsafeFileError) as refused:
            send(actor, row)

        assert refused.value.row_id == bad.id != fine.id
        assert nothing_left(space)

    def test_mss_58_a_file_that_still_waits_leaves_with_its_message_later(self, space, actor, user):
        row = draft(space, by=user, thread=conversation(space))
        attached(row, clean=False)

        assert Attachment.objects.filter(message_id=send(actor, row).id).count() == 1

    def test_mss_56_files_that_travel_over_the_limit(self, space, actor, user, settings):
        settings.MSS_MAX_MESSAGE_BYTES = 100_000
        row = draft(space, by=user, thread=conversation(space))
        attached(row)
        DraftFile.objects.update(size=73_000)  # 100,010 bytes in base64

        with pytest.raises(MessageTooLargeError):
            send(actor, row)

        assert nothing_left(space)

    def test_mss_84_twenty_messages_an_hour(self, space, actor, user):
        to = box(space)
        for number in range(20):
            send(actor, draft(space, by=user, correspondent=to, subject=f"n° {number}"))
        row = draft(space, by=user, correspondent=to, subject="un de trop")

        with pytest.raises(TooManyMessagesError) as refused:
            send(actor, row)

        assert refused.value.retry_at == LATER + timedelta(hours=1)
        assert Message.objects.filter(direction="out").count() == 20
        assert send(actor, row, at=LATER + timedelta(hours=1)).subject == "un de trop"


class TestRelatives:
    def test_mss_14_a_relative_writes_for_the_holder_under_their_own_name(self, space, user):
        row = draft(space, by=user, thread=conversation(space))
        diane = factories.user(person=factories.identity(first_given_name="DIANE"))
        actor = helper(space, diane, manageable=frozenset({Section.MESSAGES}))

        message = send(actor, row)

        assert (message.author_id, message.author_role) == (diane.pk, "delegate")
        assert [(line.actor_role, line.actor_id) for line in lines(space)] == [("delegate", str(diane.pk))]


@pytest.mark.parametrize("number", [1, 20])
def test_queries_do_not_grow_with_the_conversation(space, actor, user, number, django_assert_num_queries):
    thread = conversation(space)
    for each in range(2, number + 1):
        receive(letter(number=f"m{each}", fields="In-Reply-To: <m1@x.example>\r\n"), space)
    row = draft(space, by=user, thread=thread)

    with django_assert_num_queries(QUERIES):
        send(actor, row)


QUERIES = 21


def nothing_left(space) -> bool:
    return (
        not OutgoingMail.objects.exists()
        and not Message.objects.filter(direction="out").exists()
        and Draft.objects.filter(space_id=space.id).count() in {0, 1}
    )


def mark(row: DraftFile, state: str) -> None:
    file = StoredFile.objects.get(pk=(row.vault_id, row.file_id))
    if state == "parked":
        StoredFile.objects.filter(pk=file.pk).update(state=state, parked_at=NOON)
        return
    judged(file, "infected")
    if state == "destroyed":
        StoredFile.objects.filter(pk=file.pk).update(state=state, destroyed_at=NOON)
