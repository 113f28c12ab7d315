"""What came back: reports of every kind, hostile ones, letters entered by operators (SPA-04, RO-05)."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from uuid import uuid4

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from apps.access import AccessDeniedError, Actor, Role
from apps.audit.models import AuditEvent
from apps.common.dates import PARIS
from apps.notifications.gateways.base import HandoverUncertainError
from apps.rollout.gateways.bounces import LARGEST, BounceBox
from apps.rollout.gateways.reports import read_report
from apps.rollout.jobs import batching, majority, preparing, printing, sending
from apps.rollout.jobs.rehearsing import count_as_sent
from apps.rollout.jobs.returning import Failure, fail
from apps.rollout.jobs.returns import Effect, read_bounces
from apps.rollout.letters import letter_reference
from apps.rollout.models import EligiblePerson, Notice, NoticeCode
from apps.rollout.services import posting, returned
from apps.rollout.services.returned import Entered
from simulators.mailbox import bounces as simulator
from simulators.mailbox.letters import Letters
from tests import factories
from tests.notifications.relays import Box
from tests.rollout import factories as rows

AT = datetime(2026, 9, 14, 10, tzinfo=PARIS)
LATER = AT + timedelta(days=2)
Hold, State = EligiblePerson.Hold, EligiblePerson.State


@pytest.fixture
def operator():
    return factories.at_work(factories.staff(), at=AT)


@pytest.fixture
def box(tmp_path):
    """An empty Maildir."""
    for name in ("tmp", "new", "cur"):
        (tmp_path / name).mkdir()
    return BounceBox(str(tmp_path))


def drop(tmp_path, data: bytes, name="1.a"):
    (tmp_path / "new" / name).write_bytes(data)


def sent(**values):
    """Somebody whose mail left at AT."""
    person = rows.person(wave=rows.wave(first_send_on=AT.date()), **values)
    preparing.prepare_due(at=AT)
    sending.send_due(relay=Box(), at=AT)
    person.refresh_from_db()
    return person, Notice.objects.get(person=person)


def dsn(notice, *, action="failed", recipient=None, headers="text/rfc822-headers"):
    """A report as Postfix writes it."""
    message_id = notice.message_id if notice is not None else "<stranger@example.org>"
    address = recipient or (notice.address if notice is not None else "x@example.org")
    return (
        "From: MAILER-DAEMON@relay.example\r\nTo: ne-pas-repondre@localhost\r\nSubject: Undelivered\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/plain\r\n\r\nI could not deliver.\r\n"
        "--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
        f"\r\n--B\r\nContent-Type: {headers}\r\n\r\nFrom: x\r\nMessage-ID: {message_id}\r\nSubject: y\r\n\r\n--B--\r\n"
    ).encode()


class TestReports:
    @pytest.mark.django_db
    def test_rfc_3464(self):
        _person, notice = sent()

        report = read_report(dsn(notice))

        assert report.failed == {"alice.morel@example.fr"}
        assert notice.message_id in report.message_ids

    @pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
    def test_other_actions_are_no_failure(self, action):
        assert read_report(dsn(None, action=action)).failed == frozenset()

    def test_a_mail_in_the_words_of_an_old_relay_is_left_to_flufl(self):
        mail = (
            b"From: Mail Delivery System <MAILER-DAEMON@x.example>\nSubject: failure notice\n\n"
            b"Hi. This is the qmail-send program at x.example.\n"
            b"I'm afraid I wasn't able to deliver your message to the following addresses.\n"
            b"This is a permanent error; I've given up. Sorry it didn't work out.\n\n"
            b"<alice@example.fr>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
            b"--- Below this line is a copy of the message.\n\nMessage-ID: <abc@localhost>\n"
        )

        report = read_report(mail)

        assert report.failed == {"alice@example.fr"}
        assert report.message_ids == ("<abc@localhost>",)

    def test_an_answer_of_a_person_is_no_failure(self):
        answer = EmailMessage()
        answer["From"], answer["In-Reply-To"] = "alice@example.fr", "<abc@localhost>"
        answer.set_content("Bonjour, je m'oppose.")

        report = read_report(answer.as_bytes())

        assert (report.failed, report.message_ids) == (frozenset(), ("<abc@localhost>",))

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\x00" * 1000,
            b"Content-Type: multipart/report; boundary=\xff\xfe\n\n--\xff",
            b"Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822;\nAction: failed\n",
            b"Content-Type: text/plain; charset=no-such\nContent-Transfer-Encoding: base64\n\n%%%",
            b"Message-ID: <" + b"a" * 100_000 + b">\n\n",
            b"Message-ID: <a\x00b@x>\n\n",
            b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000)),
            b"References:" + b" <a@x>" * 20_000 + b"\n\n",
        ],
    )
    def test_hostile_mails_say_nothing_and_break_nothing(self, data):
        report = read_report(data)

        assert report.failed == frozenset()
        assert len(report.message_ids) <= 50
        assert all(len(one) <= 120 and "\x00" not in one for one in report.message_ids)

    @given(st.binary(max_size=2000))
    def test_no_bytes_raise(self, data):
        read_report(
            b"Content-Type: multipart/report; boundary=B\n\n--B\nContent-Type: message/delivery-status\n\n" + data
        )


@pytest.mark.django_db
class TestBounces:
    def test_spa_04_a_mail_that_came_back_is_followed_by_a_letter_and_new_six_weeks(self, box, tmp_path):
        person, notice = sent()
        drop(tmp_path, dsn(notice))

        counts = read_bounces(box=box, at=LATER)

        letter = Notice.objects.get(channel="post")
        assert counts == {"returned": 1}
        assert (rows.again(notice).state, notice.reason, notice.ended_at) == ("returned", "bounced", LATER)
        assert (notice.sent_at, notice.window_ends_at) == (AT, datetime(2026, 10, 27, tzinfo=PARIS))  # the history
        assert (letter.kind, letter.code_id, letter.facts) == ("again", notice.code_id, {})
        assert (rows.again(person).state, person.window_ends_at) == (State.NOTICE_QUEUED, None)
        assert list((tmp_path / "new").iterdir()) == []

    def test_spa_04_the_postal_date_is_the_one_that_counts(self, box, tmp_path, operator):
        person, notice = sent()
        drop(tmp_path, dsn(notice))
        read_bounces(box=box, at=LATER)
        (batch,) = batching.gather(at=LATER, everything=True)
        printing.make_letters(at=LATER)

        posting.hand_over(actor=operator, batch_id=batch.pk, on=LATER.date(), at=LATER)

        assert rows.again(person).state == State.NOTICE_SENT
        assert person.window_ends_at == datetime(2026, 10, 29, tzinfo=PARIS)
        assert NoticeCode.objects.filter(person=person, ended_at=None).count() == 1

    def test_spa_04_without_a_street_the_person_waits_for_an_operator(self, box, tmp_path):
        person, notice = sent(street="", post_code="", city="")
        drop(tmp_path, dsn(notice))

        read_bounces(box=box, at=LATER)

        assert (rows.again(person).state, person.hold) == (State.NOTICE_FAILED, Hold.RETURNED)

    def test_spa_48_the_mail_of_a_childhood_that_comes_back_brings_the_parent_no_code_of_the_adult(self, box, tmp_path):
        mother = rows.person(mail="mere@example.fr")
        child, notice = sent(
            identity=factories.identity(birth_date="2008-09-15"), situation="MINEUR",
            rl1_number=mother.identity.ins_number, rl1_capacity="MERE",
        )  # fmt: skip
        assert notice.reader == mother.identity
        assert majority.notify_new_adults(at=LATER) == 1

        drop(tmp_path, dsn(notice))
        read_bounces(box=box, at=LATER)

        assert rows.again(notice).state == "returned"
        assert set(Notice.objects.exclude(pk=notice.pk).values_list("kind", "reader")) == {("majority", None)}
        assert (rows.again(child).state, child.hold) == (State.NOTICE_QUEUED, "")

    def test_spa_04_who_was_written_to_anew_is_not_written_to_again_for_the_notice_of_before(
        self, box, tmp_path, operator
    ):
        in_charge = rows.person(mail="", channel="courrier")
        person = rows.person(
            wave=rows.wave(first_send_on=AT.date()), situation="MAJEUR_PROTEGE", measure="TUTELLE",
            rl1_number=in_charge.identity.ins_number, rl1_capacity="TUTEUR",
        )  # fmt: skip
        preparing.prepare_due(at=AT)
        sending.send_due(relay=Box(), at=AT)
        count_as_sent(at=AT)
        mail, letter = (Notice.objects.get(channel=channel) for channel in ("mail", "post"))
        failure = Failure(state=Notice.State.RETURNED, reason="letter-returned", actor="x", expected=("sent",))
        assert fail(notice_id=letter.pk, failure=failure, at=AT)
        returned.write_again(actor=operator, person_id=person.pk, at=AT + timedelta(days=1))
        assert Notice.objects.filter(kind="again").count() == 2

        drop(tmp_path, dsn(mail))
        read_bounces(box=box, at=LATER)

        assert rows.again(mail).state == "returned"
        assert Notice.objects.filter(kind="again").count() == 2
        assert (rows.again(person).state, person.hold) == (State.NOTICE_QUEUED, "")

    def test_rel_01_the_same_report_twice_has_one_effect(self, box, tmp_path):
        _person, notice = sent()
        for number in range(2):
            drop(tmp_path, dsn(notice), f"{number}.a")

        assert read_bounces(box=box, at=LATER) == {"returned": 1, "known": 1}
        assert Notice.objects.count() == 2

    def test_a_report_about_another_address_than_ours_changes_nothing(self, box, tmp_path):
        person, notice = sent()
        drop(tmp_path, dsn(notice, recipient="voleur@example.org"))

        assert read_bounces(box=box, at=LATER) == {"unknown": 1}
        assert (rows.again(notice).state, rows.again(person).state) == ("sent", State.NOTICE_SENT)
        assert [path.name for path in (tmp_path / "cur").iterdir()] == ["1.a:2,"]

    def test_a_report_about_no_mail_of_ours_is_put_aside(self, box, tmp_path):
        _person, _notice = sent()
        drop(tmp_path, dsn(None, recipient="alice.morel@example.fr"))

        assert read_bounces(box=box, at=LATER) == {"unknown": 1}
        assert read_bounces(box=box, at=LATER) == {}

    def test_a_delay_changes_nothing(self, box, tmp_path):
        person, notice = sent()
        drop(tmp_path, dsn(notice, action="delayed"))

        assert read_bounces(box=box, at=LATER) == {"delayed": 1}
        assert rows.again(person).state == State.NOTICE_SENT

    def test_rel_08_an_uncertain_mail_that_came_back_has_left(self, box, tmp_path):
        person = rows.person(wave=rows.wave(first_send_on=AT.date()))
        preparing.prepare_due(at=AT)
        sending.send_due(relay=Box(faults=[HandoverUncertainError()]), at=AT)
        drop(tmp_path, dsn(Notice.objects.get()))

        assert read_bounces(box=box, at=LATER) == {"returned": 1}
        assert rows.again(person).state == State.NOTICE_QUEUED
        assert Notice.objects.filter(channel="post", state="prepared").count() == 1

    def test_a_mail_that_is_just_being_settled_is_looked_at_again(self, box, tmp_path):
        _person, notice = sent()
        Notice.objects.update(state="sending", leased_until=LATER)
        drop(tmp_path, dsn(notice))

        assert read_bounces(box=box, at=LATER) == {"later": 1}
        assert len(list((tmp_path / "new").iterdir())) == 1

    def test_who_has_chosen_meanwhile_gets_no_letter(self, box, tmp_path):
        person, notice = sent()
        EligiblePerson.objects.filter(pk=person.pk).update(state=State.OPPOSED)
        drop(tmp_path, dsn(notice))

        read_bounces(box=box, at=LATER)

        assert (rows.again(notice).state, rows.again(person).state) == ("returned", State.OPPOSED)
        assert Notice.objects.count() == 1

    def test_a_huge_mail_is_read_to_a_limit(self, box, tmp_path):
        _person, notice = sent()
        drop(tmp_path, dsn(notice) + b"x" * (2 * LARGEST))

        (mail,) = box.mails(at_most=9)
        assert len(mail.data) == LARGEST
        assert read_bounces(box=box, at=LATER) == {"returned": 1}

    def test_no_folder_is_an_empty_box(self, tmp_path):
        assert read_bounces(box=BounceBox(str(tmp_path / "nowhere")), at=AT) == {}

    def test_the_command_says_what_it_did(self, box, tmp_path, settings, capsys):
        settings.BOUNCES_DIR = str(tmp_path)
        _person, notice = sent()
        drop(tmp_path, dsn(notice))

        call_command("rollout_bounces")

        assert capsys.readouterr().out == "returned=1 known=0 delayed=0 later=0 unknown=0\n"

    def test_the_mailbox_of_the_demonstration_sends_back(self, box, tmp_path):
        person = rows.person(mail="jean@rebond.example", wave=rows.wave(first_send_on=AT.date()))
        preparing.prepare_due(at=AT)
        relay = Box()
        sending.send_due(relay=relay, at=AT)
        (letter,) = relay.letters
        source = f"Message-ID: {letter.message_id}\r\nSubject: x\r\n\r\nTexte\r\n".encode()
        mail = Letters().add(sender="a@localhost", recipients=(letter.address, "b@example.fr"), source=source)

        assert simulator.send_back(mail, tmp_path) == 1
        assert read_bounces(box=box, at=LATER) == {Effect.RETURNED: 1}
        assert rows.again(person).state == State.NOTICE_QUEUED


@pytest.mark.django_db
class TestLettersThatCameBack:
    def handed(self, operator, number=1, **values):
        running = rows.wave(first_send_on=AT.date())
        people = [rows.person(wave=running, mail="", channel="courrier", **values) for _ in range(number)]
        preparing.prepare_due(at=AT)
        (batch,) = batching.gather(at=AT, everything=True)
        printing.make_letters(at=AT)
        posting.hand_over(actor=operator, batch_id=batch.pk, on=AT.date(), at=AT)
        return batch, people

    def test_one_by_one_or_by_list_with_the_reference_or_the_id(self, operator):
        batch, _people = self.handed(operator, 3)
        first, second, third = Notice.objects.order_by("pk")
        reference = letter_reference(batch=batch.number, place=2)

        lines = returned.enter_returned(
            actor=operator, references=[reference, str(third.pk), reference, "12-00001-X", "n'importe quoi"], at=LATER
        )

        assert [line.result for line in lines] == [
            Entered.RETURNED,
            Entered.RETURNED,
            Entered.KNOWN,
            Entered.UNKNOWN,
            Entered.UNKNOWN,
        ]
        assert [rows.again(one).state for one in (first, second, third)] == ["sent", "returned", "returned"]
        person = rows.again(second.person)
        assert (person.state, person.hold, person.window_ends_at) == (State.NOTICE_FAILED, Hold.RETURNED, None)
        assert AuditEvent.objects.filter(action="rollout.notice.returned").count() == 2

    @pytest.mark.parametrize("place", [0, 2])
    def test_a_place_that_the_batch_does_not_have(self, operator, place):
        batch, _people = self.handed(operator)
        reference = letter_reference(batch=batch.number, place=place)

        (line,) = returned.enter_returned(actor=operator, references=[reference], at=LATER)

        assert line.result == Entered.UNKNOWN

    def test_a_letter_that_never_left_cannot_come_back(self, operator):
        rows.person(wave=rows.wave(first_send_on=AT.date()), mail="", channel="courrier")
        preparing.prepare_due(at=AT)

        (line,) = returned.enter_returned(actor=operator, references=[str(Notice.objects.get().pk)], at=LATER)

        assert line.result == Entered.UNKNOWN

    def test_spa_04_written_again_with_a_new_code_once_the_register_knows_better(self, operator):
        _batch, (person,) = self.handed(operator)
        returned.enter_returned(actor=operator, references=[str(Notice.objects.get().pk)], at=LATER)
        EligiblePerson.objects.filter(pk=person.pk).update(street="1 RUE NOUVELLE")

        returned.write_again(actor=operator, person_id=person.pk, at=LATER)

        letter = Notice.objects.get(kind="again")
        assert (rows.again(person).state, person.hold) == (State.NOTICE_QUEUED, "")
        assert NoticeCode.objects.get(person=person, ended_at=None).pk == letter.code_id

    def test_s25_a_child_is_written_to_once_a_representative_is_known(self, operator):
        mother = rows.person()
        child = rows.person(
            wave=rows.wave(first_send_on=AT.date()), identity=factories.child_identity(), situation="MINEUR"
        )
        preparing.prepare_due(at=AT)
        with pytest.raises(returned.NothingToSendError):
            returned.write_again(actor=operator, person_id=child.pk, at=LATER)
        EligiblePerson.objects.filter(pk=child.pk).update(rl1_number=mother.identity.ins_number, rl1_capacity="MERE")

        returned.write_again(actor=operator, person_id=child.pk, at=LATER)

        assert (rows.again(child).state, child.hold) == (State.ELIGIBLE, "")
        assert preparing.prepare_due(at=LATER).people == 1

    @pytest.mark.parametrize("values", [{}, {"hold": "conflict", "state": "NOTICE_FAILED"}, {"state": "OPPOSED"}])
    def test_nobody_else_is_written_to(self, operator, values):
        person = rows.person(**values)

        with pytest.raises(returned.NothingToSendError):
            returned.write_again(actor=operator, person_id=person.pk, at=LATER)

    def test_an_unknown_person(self, operator):
        with pytest.raises(returned.UnknownPersonError):
            returned.write_again(actor=operator, person_id=uuid4(), at=LATER)

    def test_rel_08_a_mail_that_stays_uncertain_is_followed_by_a_letter_when_an_operator_says_so(self, operator):
        rows.person(wave=rows.wave(first_send_on=AT.date()))
        preparing.prepare_due(at=AT)
        for day in range(6):
            relay = Box(faults=[HandoverUncertainError()])
            sending.send_due(relay=relay, at=AT + timedelta(days=day))
        notice = Notice.objects.get()

        assert returned.by_letter(actor=operator, notice_id=notice.pk, at=LATER) is True
        assert returned.by_letter(actor=operator, notice_id=notice.pk, at=LATER) is False
        assert rows.again(notice).state == "failed"
        assert Notice.objects.filter(channel="post", state="prepared").count() == 1

    def test_sec_20_only_people_of_the_staff(self):
        with pytest.raises(AccessDeniedError):
            returned.enter_returned(actor=Actor(role=Role.HOLDER, at=AT), references=[], at=AT)
