"""A lost code (O-09): the same answer for everybody, a new code for one person, the old one lives until then."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.models import AuditEvent
from apps.common.dates import PARIS
from apps.rollout.jobs import resending as job
from apps.rollout.jobs import sending
from apps.rollout.jobs.rehearsing import count_as_sent
from apps.rollout.jobs.returning import Failure, fail
from apps.rollout.models import CodeRequest, EligiblePerson, Notice, NoticeCode
from apps.rollout.services import resending
from tests import factories
from tests.notifications.relays import Box
from tests.rollout import factories as rows

pytestmark = pytest.mark.django_db

AT = datetime(2026, 9, 20, 10, tzinfo=PARIS)
SENT = datetime(2026, 9, 14, 10, tzinfo=PARIS)
ALICE = {"family_name": "Morel", "given_name": "Alice", "birth_date": "1984-06-14", "post_code": "44000"}


def waiting(**values):
    """Alice, whose six weeks run."""
    person = rows.person(wave=rows.wave(), **values)
    rows.noticed(person, sent_at=SENT)
    return person


def ask(at=AT, **values):
    resending.ask_again(**{**ALICE, **values}, at=at)
    return job.answer_requests(at=at)


def resent():
    return list(Notice.objects.filter(kind="resent").order_by("pk"))


def test_o_09_a_notice_with_a_new_code_goes_to_the_address_already_held():
    person = waiting()

    assert ask() == 1

    (notice,) = resent()
    assert (notice.person_id, notice.channel, notice.address, notice.state) == (person.pk, "mail", "", "prepared")
    assert AuditEvent.objects.get(action="rollout.notice.resend").target == f"person:{person.pk}"
    assert CodeRequest.objects.count() == 0


def test_sec_06_the_old_code_lives_until_the_new_one_is_sent():
    person = waiting()
    old = NoticeCode.objects.get(person=person)
    ask()
    assert NoticeCode.objects.get(person=person, ended_at=None) == old

    sending.send_due(relay=Box(), at=AT)

    new = NoticeCode.objects.get(person=person, ended_at=None)
    assert new.pk == resent()[0].code_id != old.pk


def test_spa_04_a_code_that_a_letter_still_has_to_bring_outlives_one_on_demand():
    person = waiting()
    old = NoticeCode.objects.get(person=person)
    ask()
    leaving = sending._lease(AT, 9)
    failure = Failure(state=Notice.State.RETURNED, reason="bounced", actor="rollout.bounces", expected=("sent",))
    assert fail(notice_id=Notice.objects.get(kind="first").pk, failure=failure, at=AT)

    sending._settle([sending._tried(leaving.tries[0], Box())], AT)

    letter = Notice.objects.get(kind="again")
    assert (letter.channel, letter.code_id) == ("post", old.pk)
    assert NoticeCode.objects.get(person=person, ended_at=None) == old
    count_as_sent(at=AT)
    person.refresh_from_db()
    assert (person.state, person.notice_sent_at) == ("NOTICE_SENT", AT)


def test_spa_08_a_mail_that_was_leaving_brings_no_code_back_to_life_after_the_activation():
    person = waiting()
    ask()
    leaving = sending._lease(AT, 9)
    NoticeCode.objects.filter(ended_at=None).update(ended_at=AT)
    EligiblePerson.objects.filter(pk=person.pk).update(state="OPEN_ACTIVE")

    sending._settle([sending._tried(leaving.tries[0], Box())], AT)

    assert [notice.state for notice in resent()] == ["sent"]
    assert not NoticeCode.objects.filter(ended_at=None).exists()


def test_o_09_the_six_weeks_do_not_begin_again():
    person = waiting()
    end = person.window_ends_at
    ask()
    sending.send_due(relay=Box(), at=AT)

    person.refresh_from_db()
    assert (person.window_ends_at, person.state) == (end, "NOTICE_SENT")


@pytest.mark.parametrize(
    "values",
    [
        {"family_name": "Moreau"},
        {"given_name": "Aline"},
        {"birth_date": "1984-06-15"},
        {"post_code": "44100"},
        {"family_name": ""},
        {"family_name": "M%"},
        {"birth_date": "pas une date du tout"},
    ],
)
def test_o_09_nothing_is_sent_for_anything_but_the_exact_traits(values):
    waiting()

    assert ask(**values) == 0
    assert resent() == []
    assert CodeRequest.objects.count() == 0


def test_idn_17_names_are_compared_without_case_accents_and_hyphens():
    waiting(identity=factories.identity(birth_family_name="D'ALENCON-MENARD", first_given_name="ZOE"))

    assert ask(family_name="d’Alençon Ménard", given_name="Zoë") == 1


def test_o_09_two_people_of_the_same_traits_get_nothing():
    waiting()
    waiting()

    assert ask() == 0


@pytest.mark.parametrize("state", ["OPPOSED", "OPPOSED_DMP_KEPT"])
def test_o_07_who_opposed_may_need_a_code_to_change_their_mind(state):
    person = waiting()
    EligiblePerson.objects.filter(pk=person.pk).update(state=state)

    assert ask() == 1


@pytest.mark.parametrize("state", ["NOTICE_QUEUED", "NOTICE_FAILED", "OPEN", "NOT_OPENED_DEATH", "NOT_ELIGIBLE"])
def test_nobody_else_gets_a_code(state):
    person = waiting()
    EligiblePerson.objects.filter(pk=person.pk).update(state=state)

    assert ask() == 0


def test_spa_36_nothing_goes_to_the_dead():
    waiting(identity=factories.identity(died_on=AT.date()))

    assert ask() == 0


def test_o_09_two_codes_in_thirty_days_at_most():
    waiting()

    assert [ask(at=AT + timedelta(days=day)) for day in (0, 1, 2, 29, 31)] == [1, 1, 0, 0, 1]


def test_spa_40_the_new_code_of_a_child_goes_to_the_parent():
    mother = rows.person(mail="mere@example.fr", post_code="75001")
    waiting(
        identity=factories.child_identity(),
        situation="MINEUR",
        rl1_number=mother.identity.ins_number,
        rl1_capacity="MERE",
    )

    assert ask(given_name="Lea", birth_date="2017-03-20") == 1
    box = Box()
    sending.send_due(relay=box, at=AT)
    assert [letter.address for letter in box.letters] == ["mere@example.fr"]


def test_rel_01_a_request_is_answered_once():
    waiting()
    ask()

    assert job.answer_requests(at=AT) == 0
    assert len(resent()) == 1


def test_of_two_requests_before_the_first_sending_the_latest_code_stays():
    person = waiting()
    ask()
    ask(at=AT + timedelta(minutes=1))
    first, second = resent()

    sending.send_due(relay=Box(), at=AT + timedelta(minutes=2))

    assert NoticeCode.objects.filter(person=person, ended_at=None).count() == 1
    assert NoticeCode.objects.get(person=person, ended_at=None).pk == second.code_id != first.code_id


def test_o_09_the_same_work_whoever_is_asked_for():
    waiting()
    with CaptureQueriesContext(connection) as known:
        resending.ask_again(**ALICE, at=AT)
    with CaptureQueriesContext(connection) as unknown:
        resending.ask_again(**{**ALICE, "family_name": "Personne"}, at=AT)

    assert len(known) == len(unknown) == 1


def test_what_is_typed_never_breaks_the_row():
    resending.ask_again(family_name="A" * 500, given_name="B" * 500, birth_date="C" * 50, post_code="D" * 50, at=AT)

    assert job.answer_requests(at=AT) == 0
