"""From the queue to the operator: once, as the same mail, and every end is written down (REL-01, REL-07, REL-08)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.access import Role, Section
from apps.accounts.models import User
from apps.audit.services import AuditEvent
from apps.files.models import StoredFile, Vault
from apps.mss.gateways.base import HandoverUncertainError, MailRefusedError, RelayUnavailableError, Trouble
from apps.mss.jobs import sending
from apps.mss.jobs.sending import LEASE, WAITS, send_due
from apps.mss.models import Attachment, Message, OutgoingMail
from apps.mss.services import answering, outgoing
from apps.spaces.models import HealthSpace
from tests import factories
from tests.harness.clock import NOON
from tests.mss.arriving import SENDER, letter, receive
from tests.mss.outgoing import answered, attached, conversation, draft, helper, holder, judged, mails_of
from tests.mss.relays import Kept

pytestmark = pytest.mark.django_db
OTHER = "dr.sow@cabinet.mssante.example"
AWAY = RelayUnavailableError(Trouble.NO_CONNECTION)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def relay():
    return Kept()


def only() -> OutgoingMail:
    return OutgoingMail.objects.get()


def lines() -> list[dict[str, object]]:
    return list(AuditEvent.objects.filter(action="mss.mail.end").order_by("at", "id").values_list("facts", flat=True))


class TestLetter:
    def test_what_arrives(self, space, relay, settings):
        settings.MSS_SOFTWARE = "ens-portal-42"
        message = answered(space, text="Merci docteur.\n.\nÀ bientôt.")

        assert send_due(relay=relay, at=NOON) == {"sent": 1}

        (outbound,), (mail,) = relay.mails, relay.read()
        number = space.identity.number.full
        assert (outbound.sender, outbound.address) == (f"{number}@patient.mssante.example", SENDER)
        assert (mail.sender.name, mail.sender.address) == ("Alice Morel", f"{number}@patient.mssante.example")
        assert [(box.name, box.address) for box in mail.to] == [("Dr Karim Benali", SENDER)]
        assert (mail.message_id, mail.answers) == (message.message_id, message.answers)
        assert mail.references == tuple(message.references)
        assert (mail.subject, mail.body.text) == ("Vos analyses", "Merci docteur.\n.\nÀ bientôt.")
        assert (mail.mss.software, mail.mss.document_codes, mail.mss.ins_is_qualified) == ("ens-portal-42", (), None)
        assert (mail.dated_at, mail.auto_submitted, mail.receipt_to, mail.parts) == (NOON, "", "", ())
        assert b"Subject: Re: Vos analyses\r\n" in outbound.data

    def test_it_is_over_and_the_trail_says_so(self, space, relay):
        message = answered(space)

        send_due(relay=relay, at=NOON + MINUTE)

        mail = only()
        assert (mail.state, mail.ended_at, mail.attempts, mail.problem) == ("sent", NOON + MINUTE, 1, "")
        assert lines() == [{"state": "sent", "reason": "", "kind": "letter"}]
        assert AuditEvent.objects.get(action="mss.mail.end").target == f"message:{message.id}"
        assert send_due(relay=relay, at=NOON + timedelta(days=30)) == {}
        assert len(relay.mails) == 1

    def test_files_travel_with_their_names(self, space, relay):
        row = draft(space, by=User.objects.get(pk=holder(space).user_id), thread=conversation(space))
        attached(row, name="Échographie n° 2.pdf")
        answering.send(actor=holder(space), draft_id=row.id, to_all=False, at=NOON)

        send_due(relay=relay, at=NOON)

        ((part,),) = [mail.parts for mail in relay.read()]
        assert (part.name, part.declared_type) == ("Échographie n° 2.pdf", "application/pdf")
        assert part.data == b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"

    def test_mss_26_each_box_gets_its_mail_and_sees_the_others(self, space, relay):
        thread = conversation(space)
        receive(letter(number="m2", sender=OTHER, fields="In-Reply-To: <m1@x.example>\r\n"), space, sender=OTHER)
        row = draft(space, by=User.objects.get(pk=holder(space).user_id), thread=thread)
        message = answering.send(actor=holder(space), draft_id=row.id, to_all=True, at=NOON)

        assert send_due(relay=relay, at=NOON) == {"sent": 2}

        assert sorted(outbound.address for outbound in relay.mails) == [SENDER, OTHER]
        first, second = relay.read()
        assert first.to == second.to
        assert sorted(box.address for box in first.to) == [SENDER, OTHER]
        assert first.message_id == second.message_id == message.message_id

    @pytest.mark.parametrize(
        ("role", "words"),
        [
            (Role.DELEGATE, "Message écrit par Diane Morel, qui aide Alice Morel."),
            (Role.REPRESENTATIVE, "Message écrit par Diane Morel, qui représente Alice Morel."),
        ],
    )
    def test_mss_14_the_text_says_who_wrote_it(self, space, relay, role, words):
        row = draft(space, by=factories.user(), thread=conversation(space), text="Bonjour.")
        diane = factories.user(person=factories.identity(first_given_name="DIANE"))
        actor = helper(space, diane, role=role, manageable=frozenset({Section.MESSAGES}))
        answering.send(actor=actor, draft_id=row.id, to_all=False, at=NOON)

        send_due(relay=relay, at=NOON)

        (mail,) = relay.read()
        assert mail.body.text == f"Bonjour.\n\n-- \n{words}"
        assert mail.sender.name == "Alice Morel"

    def test_sec_22_nothing_of_it_is_in_a_repr(self, space, relay):
        answered(space)

        send_due(relay=relay, at=NOON)

        assert repr(relay.mails[0]) == "Outbound()"


class TestAnswersOfTheOperator:
    def test_rel_08_uncertain_is_repeated_as_the_same_bytes(self, space):
        relay = Kept(faults=[HandoverUncertainError()], keeps=True)
        answered(space)

        assert send_due(relay=relay, at=NOON) == {"uncertain": 1}
        assert (only().state, only().due_at, only().problem) == ("uncertain", NOON + WAITS[0], "uncertain")
        assert send_due(relay=relay, at=NOON + WAITS[0]) == {"sent": 1}

        first, second = relay.mails
        assert first == second
        assert only().state == "sent"

    def test_rel_07_five_tries_with_growing_waits_then_parked(self, space):
        relay = Kept(faults=[MailRefusedError(452, status="4.2.2", permanent=False)] * 9)
        answered(space)
        at, waits = NOON, []
        for _ in range(9):
            if only().ended_at is not None:
                break
            at = only().due_at
            send_due(relay=relay, at=at)
            waits.append(only().due_at - at)

        mail = only()
        assert (mail.state, mail.attempts, mail.problem, mail.status_code) == ("parked", 5, "smtp-452", "4.2.2")
        assert tuple(waits[:4]) == WAITS
        assert relay.tries == 5
        assert lines() == [{"state": "parked", "reason": "smtp-452", "kind": "letter"}]

    def test_mss_65_a_permanent_refusal_is_the_end(self, space):
        relay = Kept(faults=[MailRefusedError(550, status="5.1.1", permanent=True)])
        answered(space)

        assert send_due(relay=relay, at=NOON) == {"refused": 1}

        mail = only()
        assert (mail.state, mail.problem, mail.status_code, mail.ended_at) == ("refused", "smtp-550", "5.1.1", NOON)

    def test_an_operator_that_is_away_costs_no_try_and_ends_the_run(self, space):
        relay = Kept(faults=[AWAY] * 8)
        for _ in range(2):
            answered(space)

        for minute in range(8):
            assert send_due(relay=relay, at=NOON + minute * MINUTE) == {"away": 1}
        assert set(OutgoingMail.objects.values_list("attempts", "state")) == {(0, "waiting")}
        assert send_due(relay=relay, at=NOON + 9 * MINUTE) == {"sent": 2}

    def test_rel_07_after_five_days_of_silence_it_is_put_aside(self, space):
        answered(space)
        assert send_due(relay=Kept(faults=[AWAY]), at=NOON + timedelta(days=5)) == {"away": 1}
        assert only().state == "waiting"
        send_due(relay=Kept(faults=[AWAY]), at=NOON + timedelta(days=5, minutes=2))
        assert (only().state, only().problem) == ("parked", "relay-away")

    def test_rel_07_tried_again_after_days_it_has_five_more(self, space):
        answered(space)
        later = NOON + timedelta(days=6)
        OutgoingMail.objects.update(state="parked", ended_at=NOON, problem="relay-away")
        outgoing.send_again(actor=holder(space), message_id=only().message_id, at=later)

        assert send_due(relay=Kept(faults=[AWAY]), at=later) == {"away": 1}
        assert only().state == "waiting"

    def test_one_refused_mail_holds_nobody_up(self, space):
        relay = Kept(faults=[MailRefusedError(550, permanent=True)])
        for _ in range(3):
            answered(space)

        assert send_due(relay=relay, at=NOON) == {"refused": 1, "sent": 2}


class TestLease:
    def test_rel_08_a_try_that_died_is_tried_again_after_its_lease(self, space, relay):
        answered(space)
        mail = sending._claim(NOON)
        assert mail is not None

        assert send_due(relay=relay, at=NOON + LEASE - timedelta(seconds=1)) == {}
        assert send_due(relay=relay, at=NOON + LEASE) == {"sent": 1}
        assert only().attempts == 2

    def test_rel_07_a_mail_that_kills_its_process_five_times_is_parked(self, space, relay):
        answered(space)
        for number in range(5):
            assert sending._claim(NOON + number * LEASE) is not None

        assert send_due(relay=relay, at=NOON + 5 * LEASE) == {}

        assert (only().state, only().problem, relay.tries) == ("parked", "uncertain", 0)

    def test_rel_01_a_run_that_lost_its_lease_changes_nothing(self, space, relay):
        answered(space)

        class Slow(Kept):
            def hand_over(self, mail):
                send_due(relay=relay, at=NOON + LEASE)
                raise MailRefusedError(550, permanent=True)

        send_due(relay=Slow(), at=NOON)

        assert (only().state, len(relay.mails)) == ("sent", 1)


class TestWhatIsMissing:
    def sent(self, space, *, clean=True):
        row = draft(space, by=User.objects.get(pk=holder(space).user_id), thread=conversation(space))
        attached(row, clean=clean)
        return answering.send(actor=holder(space), draft_id=row.id, to_all=False, at=NOON)

    def test_mss_58_a_message_waits_for_the_antivirus(self, space, relay):
        self.sent(space, clean=False)

        assert send_due(relay=relay, at=NOON) == {"not-ready": 1}
        assert (only().state, only().attempts, only().problem) == ("waiting", 0, "file-waiting")
        for file in StoredFile.objects.exclude(media_type="message/rfc822"):
            judged(file)
        assert send_due(relay=relay, at=only().due_at) == {"sent": 1}

    def test_mss_58_a_virus_that_is_found_later_never_leaves(self, space, relay):
        self.sent(space, clean=False)
        for file in StoredFile.objects.all():
            judged(file, "infected")

        assert send_due(relay=relay, at=NOON) == {"unsendable": 1}
        assert (only().state, only().problem, relay.mails) == ("refused", "virus", [])

    def test_a_file_that_nobody_could_check(self, space, relay):
        self.sent(space, clean=False)
        StoredFile.objects.update(state="parked", parked_at=NOON)

        assert send_due(relay=relay, at=NOON) == {"unsendable": 1}
        assert only().problem == "file-unchecked"

    def test_a_file_whose_row_is_gone(self, space, relay):
        message = self.sent(space)
        Attachment.objects.filter(message_id=message.id).update(file_id=message.id)

        assert send_due(relay=relay, at=NOON) == {"unsendable": 1}
        assert only().problem == "file-lost"

    def test_mss_56_a_mail_that_grew_over_the_limit(self, space, relay, settings):
        self.sent(space)
        settings.MSS_MAX_MESSAGE_BYTES = 500

        assert send_due(relay=relay, at=NOON) == {"unsendable": 1}
        assert only().problem == "too-large"

    def test_spa_38_nothing_leaves_a_space_that_is_erased(self, space, relay):
        self.sent(space)
        HealthSpace.objects.update(status="deleted", closed_at=NOON)

        assert send_due(relay=relay, at=NOON) == {"unsendable": 1}
        assert (only().problem, relay.mails) == ("space-deleted", [])

    def test_mss_38_a_destroyed_key_opens_no_text(self, space, relay):
        answered(space)
        Vault.objects.filter(owner_id=space.id).update(wrapped_key=None, key_destroyed_at=NOON)

        assert send_due(relay=relay, at=NOON) == {"unsendable": 1}
        assert only().problem == "text-lost"

    def test_sec_23_an_address_that_is_none(self, space, relay):
        answered(space)
        OutgoingMail.objects.update(address="a@b.example\r\nBcc: c@d.example")

        assert send_due(relay=relay, at=NOON) == {"unsendable": 1}
        assert (only().problem, relay.mails) == ("unwritable", [])

    @pytest.mark.parametrize("subject", ["a\r\nBcc: x@y.example", "\u202etfel", "x" * 500])
    def test_sec_23_a_subject_ends_no_header(self, space, relay, subject):
        answered(space)
        Message.objects.filter(direction="out").update(subject=subject)

        assert send_due(relay=relay, at=NOON) == {"sent": 1}
        head = relay.mails[0].data.partition(b"\r\n\r\n")[0]
        assert b"\nBcc:" not in head


def test_mss_30_an_answer_to_our_letter_comes_into_its_conversation(space, relay):
    message = answered(space)
    send_due(relay=relay, at=NOON)

    receive(letter(number="back", fields=f"In-Reply-To: <{relay.read()[0].message_id}>\r\n"), space)

    assert Message.objects.get(message_id="back@x.example").thread_id == message.thread_id


def test_mails_of_a_message_are_found_by_it(space):
    message = answered(space)

    assert [mail.message_id for mail in mails_of(message)] == [message.id]
