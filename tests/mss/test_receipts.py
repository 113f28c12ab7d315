"""Read receipts and notices of closed conversations: once, to whom they are due, by a machine (MSS-60 to MSS-63)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.audit.services import AuditEvent
from apps.formats.mail.model import Mdn
from apps.mss import counters
from apps.mss.jobs.receipting import queue_due
from apps.mss.jobs.sending import send_due
from apps.mss.models import Correspondent, Message, OutgoingMail, Thread
from apps.mss.services.closing import queue_closing
from tests import factories
from tests.formats.xdm.build import package
from tests.harness.clock import NOON
from tests.mss.arriving import SENDER, letter, receive
from tests.mss.outgoing import box, conversation
from tests.mss.relays import Kept
from tests.mss.test_attaching import doc_of, mixed

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=5)
ASKS = f"Disposition-Notification-To: <{SENDER}>\r\n"
OTHER = "dr.sow@cabinet.mssante.example"


@pytest.fixture
def space():
    return factories.space()


def opened(space, **values) -> Message:
    """A message that somebody of the holder's side has read."""
    message = receive(letter(**{"fields": ASKS, **values}), space)[-1]
    counters.mark_read(space_id=space.id, thread_id=message.thread_id, at=NOON)
    return message


class TestReceipt:
    def test_mss_60_what_arrives(self, space, settings):
        settings.MSS_SOFTWARE = "ens-portal-42"
        message, relay = opened(space), Kept()

        assert (queue_due(at=LATER), send_due(relay=relay, at=LATER)) == (1, {"sent": 1})

        (outbound,), (mail,) = relay.mails, relay.read()
        box = f"{space.identity.number.full}@patient.mssante.example"
        assert (outbound.sender, outbound.address) == ("", SENDER)
        assert isinstance(mail.report, Mdn)
        assert (mail.report.kind, mail.report.action_mode, mail.report.sending_mode) == (
            "displayed", "manual-action", "mdn-sent-automatically"
        )  # fmt: skip
        assert (mail.report.final, mail.report.original, mail.report.original_message_id) == (box, box, "m1@x.example")
        assert (mail.auto_submitted, mail.receipt_to, mail.subject) == ("auto-replied", "", "Lu : Vos analyses")
        assert mail.sender.address == box
        assert Message.objects.get(space_id=space.id, id=message.id).receipt_at == LATER

    def test_mss_60_one_a_message_however_often_it_is_read(self, space):
        message = opened(space)
        assert queue_due(at=LATER) == 1
        Message.objects.filter(id=message.id).update(read_at=None)
        counters.mark_read(space_id=space.id, thread_id=message.thread_id, at=LATER)

        assert queue_due(at=LATER) == 0
        assert OutgoingMail.objects.count() == 1
        (line,) = AuditEvent.objects.filter(action="mss.receipt.queue")
        assert (line.target, line.scope_id) == (f"message:{message.id}", space.id)

    def test_mss_61_nothing_before_it_is_opened(self, space):
        receive(letter(fields=ASKS), space)

        assert queue_due(at=LATER) == 0

    @pytest.mark.parametrize(
        "fields",
        [
            "",
            "Disposition-Notification-To: <other@medecin.mssante.example>\r\n",
            f"{ASKS}Auto-Submitted: auto-generated\r\n",
        ],
    )
    def test_mss_60_nobody_asked_or_may_be_told(self, space, fields):
        opened(space, fields=fields)

        assert queue_due(at=LATER) == 0

    def test_mss_23_the_end_of_an_exchange_is_opened_by_nobody(self, space):
        opened(space)
        queue_due(at=LATER)
        receive(letter(number="end", subject="[FIN]", fields=ASKS, text=""), space)

        assert queue_due(at=LATER) == 0
        assert queue_due(at=LATER) == 0
        assert OutgoingMail.objects.count() == 1

    def test_mss_60_the_receipt_goes_to_the_envelope_that_asked(self, space):
        secretary = "secretariat@medecin.mssante.example"
        data = letter(fields=f"Disposition-Notification-To: <{secretary}>\r\n")
        message = receive(data, space, sender=secretary)[-1]
        counters.mark_read(space_id=space.id, thread_id=message.thread_id, at=NOON)

        queue_due(at=LATER)

        assert OutgoingMail.objects.get().address == secretary

    def test_an_id_that_no_header_may_hold(self, space):
        message = opened(space)
        Message.objects.filter(id=message.id).update(message_id="é é")
        queue_due(at=LATER)

        assert send_due(relay=Kept(), at=LATER) == {"unsendable": 1}
        assert OutgoingMail.objects.get().problem == "no-identifier"


class TestRejection:
    """MSS-71: a software that asked is told that its document was not taken in."""

    def arrived(self, space, *docs, kind="APP", asks=ASKS):
        box(space, kind=kind)
        data = mixed(("IHE_XDM.ZIP", "application/zip", package(*docs)))
        return receive(data.replace(b"Subject: ", f"{asks}Subject: XDM/1.0/DDM+".encode(), 1), space)[-1]

    @pytest.mark.parametrize(
        ("values", "error"),
        [
            ({"family": "AUTRE"}, "904^INS du document autre que celle du patient"),
            ({"number": "2790351215189"}, "904^INS du document autre que celle du patient"),
            ({"sha1": "0" * 40}, "906^Autre erreur"),
        ],
    )
    def test_mss_71_what_arrives(self, space, values, error):
        message, relay = self.arrived(space, doc_of(space, **values)), Kept()

        assert send_due(relay=relay, at=LATER) == {"sent": 1}

        (mail,) = relay.read()
        assert isinstance(mail.report, Mdn)
        assert (mail.report.kind, mail.report.modifiers, mail.report.error) == ("processed", ("error",), error)
        assert mail.report.original_message_id == "m1@x.example"
        assert mail.subject == f"[KO Intégration système !][{error[:3]}] XDM/1.0/DDM+Vos analyses"
        assert mail.auto_submitted == "auto-replied"
        assert Message.objects.get(space_id=space.id, id=message.id).receipt_at == NOON

    def test_mss_60_there_is_one_receipt_a_message(self, space):
        message = self.arrived(space, doc_of(space, family="AUTRE"))
        counters.mark_read(space_id=space.id, thread_id=message.thread_id, at=NOON)

        assert queue_due(at=LATER) == 0
        assert OutgoingMail.objects.count() == 1

    @pytest.mark.parametrize(("kind", "asks"), [("PER", ASKS), ("", ASKS), ("APP", "")])
    def test_mss_71_a_person_or_a_software_that_did_not_ask_is_told_nothing(self, space, kind, asks):
        self.arrived(space, doc_of(space, family="AUTRE"), kind=kind, asks=asks)

        assert not OutgoingMail.objects.exists()

    def test_a_document_that_was_taken_in_is_no_error(self, space):
        self.arrived(space, doc_of(space))

        assert not OutgoingMail.objects.exists()


class TestClosing:
    def closed(self, space, **values) -> Thread:
        thread = conversation(space, **values)
        thread.closed_at = LATER
        thread.save(update_fields=["closed_at"])
        return thread

    def test_m_05_the_professional_is_told(self, space):
        thread, relay = self.closed(space), Kept()

        assert queue_closing(thread=thread, at=LATER) == 1
        assert send_due(relay=relay, at=LATER) == {"sent": 1}

        (outbound,), (mail,) = relay.mails, relay.read()
        assert (outbound.sender, outbound.address) == ("", SENDER)
        assert (mail.subject, mail.answers) == ("Conversation close : Vos analyses", "m1@x.example")
        assert mail.body.text.startswith("Alice Morel a clos cette conversation\u00a0: elle ne reçoit plus de réponse.")
        assert (mail.auto_submitted, mail.receipt_to) == ("auto-generated", "")

    def test_rel_01_once_a_closing(self, space):
        thread = self.closed(space)

        for _ in range(2):
            queue_closing(thread=thread, at=LATER)

        assert OutgoingMail.objects.count() == 1

    def test_mss_84_opened_and_closed_again_on_one_day_is_one_notice(self, space):
        thread = self.closed(space)
        queue_closing(thread=thread, at=LATER)
        thread.closed_at = LATER + timedelta(hours=2)

        queue_closing(thread=thread, at=LATER + timedelta(hours=2))

        assert OutgoingMail.objects.count() == 1

    def test_m_05_closed_again_behind_a_message_is_told_again(self, space):
        thread = self.closed(space)
        queue_closing(thread=thread, at=LATER)
        thread.messages += 1

        queue_closing(thread=thread, at=LATER + timedelta(hours=2))

        assert OutgoingMail.objects.count() == 2

    def test_m_05_closed_again_on_another_day_is_told_again(self, space):
        thread = self.closed(space)
        queue_closing(thread=thread, at=LATER)
        thread.closed_at = LATER + timedelta(days=1)

        queue_closing(thread=thread, at=LATER + timedelta(days=1))

        assert OutgoingMail.objects.count() == 2

    def test_all_boxes_that_wrote_but_those_that_ended_or_are_blocked(self, space):
        thread = self.closed(space)
        Thread.objects.update(closed_at=None)
        for number, address in enumerate((OTHER, "a@m.mssante.example", "b@m.mssante.example")):
            fields = "In-Reply-To: <m1@x.example>\r\n"
            receive(letter(number=f"n{number}", sender=address, fields=fields), space, sender=address)
        Correspondent.objects.filter(address="a@m.mssante.example").update(blocked_at=NOON)
        Correspondent.objects.filter(address="b@m.mssante.example").update(ended_at=LATER)

        queue_closing(thread=thread, at=LATER)

        assert sorted(OutgoingMail.objects.values_list("address", flat=True)) == [SENDER, OTHER]

    def test_an_open_conversation_tells_nobody(self, space):
        assert queue_closing(thread=conversation(space), at=LATER) == 0
