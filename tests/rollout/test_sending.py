"""Mails of notices: once, the same one when repeated, six weeks from the sending, a letter when it fails (REL-08)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from apps.common.dates import PARIS
from apps.notifications.gateways.base import (
    HandoverUncertainError,
    LetterRefusedError,
)
from apps.rollout import writing
from apps.rollout.codes import code_of
from apps.rollout.jobs import preparing, sending
from apps.rollout.models import EligiblePerson, Notice, NoticeCode, PersonTransition, StopOrder
from apps.rollout.symbols import grouped
from tests import factories
from tests.notifications.relays import Box
from tests.rollout import factories as rows

pytestmark = pytest.mark.django_db

AT = datetime(2026, 9, 14, 10, tzinfo=PARIS)
END = datetime(2026, 10, 27, tzinfo=PARIS)
Hold, State = EligiblePerson.Hold, EligiblePerson.State


def prepared(**values):
    """Somebody of a running wave whose notices wait to be sent."""
    running = values.pop("wave", None) or rows.wave(first_send_on=AT.date())
    person = rows.person(wave=running, **values)
    preparing.prepare_due(at=AT)
    person.refresh_from_db()
    return person


def under_guardianship(**tutor):
    """Somebody and the person in charge, who both get the notice."""
    in_charge = rows.person(**{"mail": "tutrice@example.fr", **tutor})
    return prepared(
        situation="MAJEUR_PROTEGE",
        measure="TUTELLE",
        rl1_number=in_charge.identity.ins_number,
        rl1_capacity="TUTEUR",
    )


def test_s28_rol_14_the_six_weeks_run_from_the_sending_over_the_end_of_summer_time():
    person = prepared()

    counts = sending.send_due(relay=Box(), at=AT)

    notice = Notice.objects.get()
    rows.again(person)
    assert counts == {"sent": 1}
    assert (notice.state, notice.sent_at, notice.window_ends_at) == ("sent", AT, END)
    assert (notice.due_at, notice.leased_until, notice.attempts) == (None, None, 1)
    assert (person.state, person.notice_sent_at, person.window_ends_at) == (State.NOTICE_SENT, AT, END)


def test_rol_20_the_sending_is_written_down():
    person = prepared()

    sending.send_due(relay=Box(), at=AT)

    step = PersonTransition.objects.filter(person_id=person.pk).order_by("id").last()
    assert (step.from_state, step.to_state, step.rule) == ("NOTICE_QUEUED", "NOTICE_SENT", "SPA-03")
    assert (step.actor, step.channel, step.at) == ("rollout.send", "mail", AT)


def test_sec_06_the_mail_shows_the_code_in_three_groups_and_only_there():
    prepared()
    box = Box()

    sending.send_due(relay=box, at=AT)

    (letter,) = box.letters
    notice = Notice.objects.get()
    code = grouped(code_of(notice.code_id))
    assert (letter.address, letter.message_id) == ("alice.morel@example.fr", notice.message_id)
    assert f"\n\n    {code}\n\n" in letter.text
    assert letter.text.count(code) == letter.html.count(code) == 1
    assert "jusqu'au 26\u00a0octobre 2026 inclus" in letter.text
    assert code not in letter.subject


def test_spa_40_the_mail_of_a_child_goes_to_the_parent_and_names_only_the_child():
    mother = rows.person(
        mail="mere@example.fr", identity=factories.identity(first_given_name="CLAIRE", birth_family_name="PETIT")
    )
    prepared(
        identity=factories.child_identity(),
        situation="MINEUR",
        mail="",
        channel="courrier",
        rl1_number=mother.identity.ins_number,
        rl1_capacity="MERE",
    )
    box = Box()

    sending.send_due(relay=box, at=AT)

    (letter,) = box.letters
    assert letter.address == "mere@example.fr"
    assert "Lea M., né(e) en 2017" in letter.text
    assert "Claire" not in letter.text
    assert "Petit" not in letter.text
    assert "enfant nommé dans cet envoi" in letter.text


def test_spa_50_the_window_begins_with_the_last_of_the_two_sendings():
    person = under_guardianship()
    later = AT + timedelta(days=2)

    sending.send_due(relay=Box(), at=AT, at_most=1)
    assert rows.again(person).state == State.NOTICE_QUEUED

    sending.send_due(relay=Box(), at=later)
    assert rows.again(person).state == State.NOTICE_SENT
    assert (person.notice_sent_at, person.window_ends_at) == (later, END + timedelta(days=2))
    assert NoticeCode.objects.filter(person=person, ended_at=None).count() == 1


def test_spa_50_both_mails_carry_the_same_code():
    under_guardianship()
    box = Box()

    sending.send_due(relay=box, at=AT)

    code = grouped(code_of(NoticeCode.objects.get().pk))
    assert sorted(letter.address for letter in box.letters) == ["alice.morel@example.fr", "tutrice@example.fr"]
    assert all(code in letter.text for letter in box.letters)


def test_rel_08_an_uncertain_mail_is_repeated_as_the_same_one_with_the_same_code():
    person = prepared()
    box = Box(faults=[HandoverUncertainError()], keeps=True)

    assert sending.send_due(relay=box, at=AT) == {"uncertain": 1}
    notice = Notice.objects.get()
    assert (notice.state, notice.due_at, rows.again(person).state) == (
        "uncertain",
        AT + timedelta(minutes=1),
        State.NOTICE_QUEUED,
    )
    assert sending.send_due(relay=box, at=AT + timedelta(days=1)) == {"sent": 1}

    first, second = box.letters
    assert first == second
    assert rows.again(person).window_ends_at == END + timedelta(days=1)


def test_rel_08_after_five_tries_it_stays_uncertain_for_an_operator():
    person = prepared()
    box = Box(faults=[HandoverUncertainError() for _ in range(9)])
    for day in range(7):
        sending.send_due(relay=box, at=AT + timedelta(days=day))

    notice = Notice.objects.get()
    assert (box.tries, notice.state, notice.due_at, notice.attempts) == (5, "uncertain", None, 5)
    assert rows.again(person).state == State.NOTICE_QUEUED


def test_rel_02_a_try_that_never_ended_is_uncertain_once_its_lease_is_over():
    prepared()
    Notice.objects.update(state="sending", attempts=1, leased_until=AT + sending.LEASE, reason="trying")

    assert sending.reclaim(at=AT + timedelta(minutes=4)) == 0
    assert sending.reclaim(at=AT + timedelta(minutes=6)) == 1
    assert Notice.objects.get().state == "uncertain"
    assert sending.send_due(relay=Box(), at=AT + timedelta(minutes=8)) == {"sent": 1}


@pytest.mark.parametrize(("reason", "state"), [("", "prepared"), ("smtp-451", "prepared"), ("uncertain", "uncertain")])
def test_rel_02_what_a_machine_had_taken_and_not_tried_costs_no_try(reason, state):
    prepared()
    Notice.objects.update(state="sending", attempts=4, leased_until=AT, reason=reason)

    assert sending.reclaim(at=AT + timedelta(minutes=1)) == 1

    notice = Notice.objects.get()
    assert (notice.state, notice.attempts, notice.due_at) == (state, 4, AT + timedelta(minutes=1))


def test_rel_08_a_mail_whose_lease_was_lost_is_not_handed_over(monkeypatch):
    prepared()
    box = Box()
    leased = sending._lease(AT, 9)
    sending.reclaim(at=AT + timedelta(hours=1))

    assert sending._tried(leased.tries[0], box).outcome == "lost"
    assert box.tries == 0


def test_rel_08_what_somebody_else_has_leased_since_is_not_given_back():
    prepared()
    slow = sending._lease(AT, 9)
    sending.reclaim(at=AT + timedelta(hours=1))
    other = sending._lease(AT + timedelta(hours=1), 9)

    sending._give_back(slow.tries, due_at=AT)

    assert Notice.objects.values_list("state", "leased_until").get() == (
        "sending",
        other.tries[0].notice.leased_until,
    )


def test_rel_01_a_mail_that_left_does_not_leave_again():
    prepared()
    box = Box()
    for hour in range(3):
        sending.send_due(relay=box, at=AT + timedelta(hours=hour))

    assert len(box.letters) == 1


@pytest.mark.parametrize("code", [550, 0])
def test_spa_04_a_refused_mail_becomes_a_letter_and_the_six_weeks_wait_for_it(code):
    person = prepared()

    sending.send_due(relay=Box(faults=[LetterRefusedError(code, permanent=True)]), at=AT)

    mail, letter = Notice.objects.order_by("prepared_at", "channel")
    assert (mail.state, mail.reason, mail.ended_at) == ("failed", f"smtp-{code}", AT)
    assert (letter.kind, letter.channel, letter.state) == ("again", "post", "prepared")
    assert (letter.key, letter.code_id, letter.wave_id) == (f"again:{mail.pk}", mail.code_id, mail.wave_id)
    assert rows.again(person).state == State.NOTICE_QUEUED
    assert (person.window_ends_at, person.hold) == (None, "")
    steps = PersonTransition.objects.filter(person_id=person.pk).order_by("id").values_list("to_state", "rule")
    assert list(steps) == [("NOTICE_QUEUED", "SPA-02"), ("NOTICE_FAILED", "SPA-04"), ("NOTICE_QUEUED", "SPA-04")]


def test_rel_07_a_mail_refused_for_now_five_times_becomes_a_letter_too():
    prepared()
    box = Box(faults=[LetterRefusedError(451, permanent=False) for _ in range(9)])
    for day in range(7):
        sending.send_due(relay=box, at=AT + timedelta(days=day))

    assert box.tries == 5
    assert sorted(Notice.objects.values_list("channel", "state")) == [("mail", "failed"), ("post", "prepared")]


def test_spa_04_without_a_street_the_person_waits_for_an_operator():
    person = prepared(street="", post_code="", city="")

    sending.send_due(relay=Box(faults=[LetterRefusedError(550, permanent=True)]), at=AT)

    assert rows.again(person).state == State.NOTICE_FAILED
    assert (person.hold, person.state_reason) == (Hold.RETURNED, "smtp-550")
    assert Notice.objects.count() == 1


def test_an_address_that_is_none_is_not_even_tried():
    prepared(mail="pas-une-adresse")
    box = Box()

    sending.send_due(relay=box, at=AT)

    assert box.tries == 0
    assert Notice.objects.get(channel="mail").reason == "bad-address"


def test_an_address_that_the_register_has_lost_since_is_followed_by_a_letter():
    person = prepared()
    EligiblePerson.objects.filter(pk=person.pk).update(mail="", channel="courrier")
    box = Box()

    sending.send_due(relay=box, at=AT)

    assert (box.tries, Notice.objects.get(channel="mail").reason) == (0, "no-address")
    assert Notice.objects.filter(channel="post", state="prepared").count() == 1


def test_s25_nothing_is_sent_to_a_representative_who_died_meanwhile():
    mother = rows.person()
    child = prepared(
        identity=factories.child_identity(),
        situation="MINEUR",
        rl1_number=mother.identity.ins_number,
        rl1_capacity="MERE",
    )
    mother.identity.died_on = AT.date()
    mother.identity.save()
    box = Box()

    sending.send_due(relay=box, at=AT)

    assert box.tries == 0
    assert (rows.again(child).state, child.hold) == (State.NOTICE_FAILED, Hold.NO_REPRESENTATIVE)
    assert Notice.objects.get().reason == "reader-died"


@pytest.mark.parametrize("moved_to", ["OPPOSED", "OPENING_ASKED", "NOT_OPENED_DEATH", "NOT_ELIGIBLE"])
def test_who_has_chosen_meanwhile_gets_no_notice(moved_to):
    person = prepared()
    EligiblePerson.objects.filter(pk=person.pk).update(state=moved_to)
    box = Box()

    assert sending.send_due(relay=box, at=AT) == {}
    assert box.tries == 0
    assert Notice.objects.values_list("state", "reason").get() == ("cancelled", "moved-on")


def test_sec_06_no_mail_leaves_with_the_code_of_a_notice_that_was_written_anew():
    person = prepared()
    first = Notice.objects.get()
    code = writing.new_code(person=person, at=AT + timedelta(minutes=1))
    new = writing.NewNotice(kind=Notice.Kind.AGAIN, key=f"again:{code.pk}", channel=Notice.Channel.MAIL, code=code)
    second = writing.write_notice(person=person, new=new, at=AT + timedelta(minutes=1))

    assert sending.send_due(relay=Box(), at=AT + timedelta(minutes=2)) == {"sent": 1}
    assert (rows.again(first).state, first.reason, rows.again(second).state) == ("cancelled", "moved-on", "sent")
    assert rows.again(person).state == State.NOTICE_SENT


def test_spa_36_nothing_goes_to_the_dead():
    person = prepared()
    person.identity.died_on = AT.date()
    person.identity.save()

    assert sending.send_due(relay=Box(), at=AT) == {}
    assert Notice.objects.values_list("state", "reason").get() == ("cancelled", "died")


@pytest.mark.parametrize("everything", [True, False])
def test_rel_10_a_stop_halts_what_is_prepared(everything):
    person = prepared()
    StopOrder.objects.create(
        wave=None if everything else person.wave, reason="Essai", ordered_by=person.wave.author, ordered_at=AT
    )
    box = Box()

    assert sending.send_due(relay=box, at=AT) == {}
    assert (box.tries, Notice.objects.get().state) == (0, "prepared")


def test_rol_12_a_pause_halts_notices_and_lets_receipts_go():
    person = prepared()
    receipt = writing.NewNotice(
        kind=Notice.Kind.RECEIPT, key="receipt:1", channel=Notice.Channel.MAIL, facts={"act": "opposed"}
    )
    writing.write_notice(person=person, new=receipt, at=AT)
    person.wave.paused_at = AT
    person.wave.save()

    assert sending.send_due(relay=Box(), at=AT) == {"sent": 1}
    assert dict(Notice.objects.values_list("kind", "state")) == {"first": "prepared", "receipt": "sent"}


def test_a_receipt_goes_to_the_address_that_was_given_and_begins_no_window():
    person = prepared()
    EligiblePerson.objects.filter(pk=person.pk).update(state="OPPOSED")
    receipt = writing.NewNotice(
        kind=Notice.Kind.RECEIPT,
        key="receipt:1",
        channel=Notice.Channel.MAIL,
        address="autre@example.fr",
        facts={"act": "opposed", "opposition": str(uuid4())},
    )
    made = writing.write_notice(person=person, new=receipt, at=AT)
    box = Box()

    sending.send_due(relay=box, at=AT)

    (letter,) = box.letters
    assert letter.address == "autre@example.fr"
    assert "L'opposition est enregistrée." in letter.text
    assert (rows.again(made).state, made.window_ends_at, rows.again(person).state) == ("sent", None, State.OPPOSED)


def test_sec_06_o_09_the_old_code_dies_when_the_new_one_is_sent_and_the_window_stays():
    person = rows.person(wave=rows.wave())
    first, _code = rows.noticed(person, sent_at=AT)
    ends_at = person.window_ends_at
    new = writing.sleeping_code(person=person, at=AT + timedelta(days=5))
    resent = writing.NewNotice(kind=Notice.Kind.RESENT, key=f"resent:{new.pk}", channel=Notice.Channel.MAIL, code=new)
    writing.write_notice(person=person, new=resent, at=AT + timedelta(days=5))
    assert NoticeCode.objects.get(person=person, ended_at=None).pk == first.code_id
    box = Box()

    sending.send_due(relay=box, at=AT + timedelta(days=5))

    assert NoticeCode.objects.get(person=person, ended_at=None).pk == new.pk
    assert NoticeCode.objects.get(pk=first.code_id).ended_at == AT + timedelta(days=5)
    assert rows.again(person).window_ends_at == ends_at
    assert grouped(code_of(new.pk)) in box.letters[0].text
    assert "jusqu'au 26\u00a0octobre 2026 inclus" in box.letters[0].text


def test_sec_06_o_09_a_mail_that_may_have_arrived_makes_its_code_the_live_one():
    person = rows.person(wave=rows.wave())
    rows.noticed(person, sent_at=AT)
    new = writing.sleeping_code(person=person, at=AT)
    resent = writing.NewNotice(kind=Notice.Kind.RESENT, key="resent:1", channel=Notice.Channel.MAIL, code=new)
    writing.write_notice(person=person, new=resent, at=AT)

    sending.send_due(relay=Box(faults=[HandoverUncertainError()]), at=AT)

    assert NoticeCode.objects.get(person=person, ended_at=None).pk == new.pk
