"""Reports that come back about what we sent change its state, and nothing is answered (MSS-63, MSS-65, MSS-71)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.access import AccessDeniedError, Section
from apps.accounts.models import User
from apps.audit.services import AuditEvent
from apps.mss.jobs.sending import send_due
from apps.mss.models import Correspondent, Message, OutgoingMail
from apps.mss.services import answering, outgoing
from apps.mss.services.outgoing import MessageMissingError
from apps.mss.standing import standing_of
from tests import factories
from tests.harness.clock import NOON
from tests.mss.arriving import SENDER, letter, messages_of, receive
from tests.mss.outgoing import answered, conversation, draft, helper, holder, mails_of
from tests.mss.relays import Kept

pytestmark = pytest.mark.django_db
OTHER = "dr.sow@cabinet.mssante.example"
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def sent(space):
    message = answered(space)
    send_due(relay=Kept(), at=NOON)
    return message


def report(kind: str, blocks: list[str], about: str) -> bytes:
    """A multipart/report as servers write it, with the header of the message that it is about."""
    parts = [
        "Content-Type: text/plain\r\n\r\nWords.\r\n",
        f"Content-Type: message/{kind}\r\n\r\n" + "\r\n\r\n".join(blocks) + "\r\n",
        f"Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{about}>\r\n",
    ]
    body = "".join(f"--b\r\n{part}\r\n" for part in parts) + "--b--\r\n"
    head = (
        "From: <mailer-daemon@medecin.mssante.example>\r\nTo: <279@patient.mssante.example>\r\n"
        f"Message-ID: <r{len(body)}@x.example>\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: multipart/report; report-type={kind}; boundary=b\r\n\r\n"
    )
    return (head + body).encode()


def dsn(about: str, *recipients: tuple[str, str, str]) -> bytes:
    blocks = ["Reporting-MTA: dns; mx.medecin.mssante.example"]
    for address, action, status in recipients:
        blocks.append(f"Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}")
    return report("delivery-status", blocks, about)


def mdn(about: str, disposition: str, *, address: str = SENDER, more: str = "") -> bytes:
    fields = (
        f"Final-Recipient: rfc822; {address}\r\nOriginal-Message-ID: <{about}>\r\n"
        f"Disposition: manual-action/MDN-sent-manually; {disposition}{more}"
    )
    return report("disposition-notification", [fields], about)


def come_back(data: bytes, *spaces, at=LATER) -> None:
    receive(data, *spaces, at=at, sender="")


class TestDeliveryReports:
    def test_mss_65_a_failure_attaches_to_the_message(self, space, sent):
        before = len(messages_of(space))

        come_back(dsn(sent.message_id, (SENDER, "failed", "5.1.1")), space)

        (mail,) = mails_of(sent)
        assert (mail.state, mail.problem, mail.status_code, mail.ended_at) == ("refused", "bounced", "5.1.1", NOON)
        assert len(messages_of(space)) == before
        (line,) = AuditEvent.objects.filter(action="mss.report.take")
        assert (line.target, line.facts) == (f"message:{sent.id}", {"kind": "delivery", "failures": 1})

    @pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded", "nonsense"])
    def test_what_is_no_failure_changes_nothing(self, space, sent, action):
        come_back(dsn(sent.message_id, (SENDER, action, "2.0.0")), space)

        assert mails_of(sent)[0].state == "sent"
        assert AuditEvent.objects.get(action="mss.report.take").facts["failures"] == 0

    def test_mss_65_of_two_boxes_the_one_that_failed(self, space):
        thread = conversation(space)
        receive(letter(number="m2", sender=OTHER, fields="In-Reply-To: <m1@x.example>\r\n"), space, sender=OTHER)
        row = draft(space, by=User.objects.get(pk=holder(space).user_id), thread=thread)
        message = answering.send(actor=holder(space), draft_id=row.id, to_all=True, at=NOON)
        send_due(relay=Kept(), at=NOON)

        come_back(dsn(message.message_id, (OTHER.upper(), "failed", "5.2.2")), space)

        assert [(mail.address, mail.state) for mail in mails_of(message)] == [(SENDER, "sent"), (OTHER, "refused")]

    def test_a_forwarding_server_names_another_box(self, space, sent):
        come_back(dsn(sent.message_id, ("forward@elsewhere.example", "failed", "5.2.1")), space)

        assert mails_of(sent)[0].state == "refused"

    def test_sec_01_a_report_in_another_space_touches_nothing(self, space, sent):
        other = factories.space()

        come_back(dsn(sent.message_id, (SENDER, "failed", "5.1.1")), other)

        assert mails_of(sent)[0].state == "sent"
        assert [message.subject for message in messages_of(other)] == ["Undelivered"]

    def test_mss_65_a_report_about_nothing_of_ours_is_kept_as_a_message(self, space):
        come_back(dsn("unknown@x.example", (SENDER, "failed", "5.1.1")), space)

        (message,) = messages_of(space)
        assert (message.subject, message.wants_receipt) == ("Undelivered", False)

    def test_rel_08_a_report_about_an_uncertain_mail_ends_it(self, space):
        message = answered(space)
        OutgoingMail.objects.update(state="uncertain", attempts=1, due_at=LATER)

        come_back(dsn(message.message_id, (SENDER, "failed", "5.1.1")), space)

        (mail,) = mails_of(message)
        assert (mail.state, mail.ended_at) == ("refused", LATER)
        assert send_due(relay=Kept(), at=LATER) == {}

    def test_s19_the_same_report_twice(self, space, sent):
        for _ in range(2):
            come_back(dsn(sent.message_id, (SENDER, "failed", "5.1.1")), space)

        assert mails_of(sent)[0].state == "refused"
        assert OutgoingMail.objects.count() == 1


class TestReadingReports:
    @pytest.mark.parametrize("kind", ["displayed", "deleted", "dispatched", "processed"])
    def test_mss_60_a_receipt_of_reading_is_taken_and_changes_nothing(self, space, sent, kind):
        before = len(messages_of(space))

        come_back(mdn(sent.message_id, kind), space)

        assert mails_of(sent)[0].state == "sent"
        assert len(messages_of(space)) == before

    @pytest.mark.parametrize(("kind", "more"), [("processed/error", "\r\nError: 902^Patient inconnu"), ("failed", "")])
    def test_mss_71_a_software_that_could_not_take_it_in(self, space, sent, kind, more):
        come_back(mdn(sent.message_id, kind, more=more), space)

        mail = mails_of(sent)[0]
        expected = ("refused", "rejected") if "error" in kind else ("sent", "")
        assert (mail.state, mail.problem) == expected

    def test_sec_23_two_machines_stop_after_the_first_mail(self, space, sent):
        """Neither a report nor what a machine wrote is ever answered."""
        fields = "Auto-Submitted: auto-replied\r\nDisposition-Notification-To: <dr.benali@medecin.mssante.example>\r\n"
        receive(letter(number="robot", fields=fields), space)
        come_back(mdn(sent.message_id, "displayed"), space)
        come_back(dsn(sent.message_id, (SENDER, "failed", "5.1.1")), space)
        Message.objects.filter(direction="in").update(read_at=LATER)

        assert send_due(relay=Kept(), at=LATER) == {}
        assert OutgoingMail.objects.count() == 1


class TestStanding:
    @pytest.mark.parametrize(
        ("state", "words"),
        [
            ("waiting", "En attente"), ("sending", "En attente"), ("uncertain", "En attente"), ("sent", "Remis"),
            ("refused", "Refusé"), ("parked", "Refusé"),
        ],
    )  # fmt: skip
    def test_m_03_three_states_in_words(self, state, words):
        assert str(standing_of(OutgoingMail(state=state)).words) == words

    @pytest.mark.parametrize(
        ("columns", "reason", "code", "again"),
        [
            ({"problem": "smtp-550", "status_code": "5.1.1"}, "n'existe pas ou n'existe plus", "5.1.1", True),
            ({"problem": "bounced", "status_code": "5.2.1"}, "est fermée", "5.2.1", True),
            ({"problem": "bounced", "status_code": "5.2.2"}, "est pleine", "5.2.2", True),
            ({"problem": "smtp-552", "status_code": "5.3.4"}, "trop volumineux", "5.3.4", True),
            ({"problem": "smtp-554", "status_code": ""}, "n'accepte pas", "554", True),
            ({"problem": "rejected"}, "Le logiciel", "rejected", True),
            ({"problem": "virus"}, "Un virus", "virus", False),
            ({"problem": "file-unchecked"}, "antivirus", "file-unchecked", True),
            ({"problem": "uncertain", "state": "parked"}, "malgré plusieurs essais", "uncertain", True),
            ({"problem": "smtp-452", "status_code": "4.2.2", "state": "parked"}, "est pleine", "4.2.2", True),
        ],
    )
    def test_mss_65_the_cause_in_words_the_code_in_a_detail(self, columns, reason, code, again):
        standing = standing_of(OutgoingMail(**{"state": "refused", **columns}))

        assert reason in str(standing.reason)
        assert (standing.code, standing.may_try_again) == (code, again)

    def test_mss_22_deliveries_have_names_and_no_address(self, space, sent):
        told = outgoing.deliveries(actor=holder(space), message_ids=[sent.id])

        ((delivery,),) = told.values()
        assert delivery.name == "Dr Karim Benali"
        assert SENDER not in repr(delivery)

    def test_sec_01_deliveries_of_another_space(self, sent):
        assert outgoing.deliveries(actor=holder(factories.space()), message_ids=[sent.id]) == {}

    @pytest.mark.parametrize("number", [1, 20])
    def test_two_queries_whatever_the_number(self, space, number, django_assert_num_queries):
        actor = holder(space)
        ids = [answered(space).id for _ in range(number)]

        with django_assert_num_queries(2):
            assert len(outgoing.deliveries(actor=actor, message_ids=ids)) == number


class TestAgain:
    @pytest.fixture
    def refused(self, space, sent):
        OutgoingMail.objects.update(state="refused", problem="smtp-550", status_code="5.1.1", attempts=1)
        return sent

    def test_m_03_a_refused_message_is_tried_again_as_the_same_mail(self, space, refused):
        assert outgoing.send_again(actor=holder(space), message_id=refused.id, at=LATER) == 1

        relay = Kept()
        assert send_due(relay=relay, at=LATER) == {"sent": 1}
        assert relay.read()[0].message_id == refused.message_id
        (mail,) = mails_of(refused)
        assert (mail.state, mail.status_code, mail.problem) == ("sent", "", "")
        (line,) = AuditEvent.objects.filter(action="mss.message.send_again")
        assert (line.target, line.facts) == (f"message:{refused.id}", {"recipients": 1})

    def test_a_second_click_finds_nothing_to_do(self, space, refused):
        outgoing.send_again(actor=holder(space), message_id=refused.id, at=LATER)

        assert outgoing.send_again(actor=holder(space), message_id=refused.id, at=LATER) == 0

    @pytest.mark.parametrize("problem", ["virus", "too-large", "text-lost"])
    def test_what_would_end_the_same_way_is_not_tried(self, space, refused, problem):
        OutgoingMail.objects.update(problem=problem)

        assert outgoing.send_again(actor=holder(space), message_id=refused.id, at=LATER) == 0

    def test_mss_24_not_to_a_box_that_ended_the_exchange(self, space, refused):
        Correspondent.objects.update(ended_at=LATER)

        with pytest.raises(AccessDeniedError):
            outgoing.send_again(actor=holder(space), message_id=refused.id, at=LATER)

        assert mails_of(refused)[0].state == "refused"
        assert AuditEvent.objects.get(action="mss.message.send_again").outcome == "deny"

    def test_spa_55_not_by_a_relative_who_may_only_read(self, space, refused):
        reader = helper(space, factories.user(), readable=frozenset({Section.MESSAGES}))

        with pytest.raises(AccessDeniedError):
            outgoing.send_again(actor=reader, message_id=refused.id, at=LATER)

    def test_sec_02_a_message_of_another_space_or_one_that_came(self, space, refused):
        with pytest.raises(MessageMissingError):
            outgoing.send_again(actor=holder(factories.space()), message_id=refused.id, at=LATER)
        received = Message.objects.get(space_id=space.id, direction="in")
        with pytest.raises(MessageMissingError):
            outgoing.send_again(actor=holder(space), message_id=received.id, at=LATER)
