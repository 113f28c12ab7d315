from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import FormerInsNumber
from apps.audit.services import AuditEvent
from apps.rollout.models import EligiblePerson, NoticeCode
from apps.rollout.services.identifying import Standing, TooManyTriesError
from apps.rollout.services.proving import Notified, Proved, prove_by_number, prove_by_sign_in
from tests import factories
from tests.harness.clock import NOON
from tests.rollout import factories as rollout

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_tries")]
OTHER_NUMBER = "2840644109999"
HOME = "192.0.2.7"


@pytest.fixture
def alice():
    person = rollout.person()
    notice, code = rollout.noticed(person)
    return person, notice, code


@pytest.fixture
def lea():
    """A child whose notice went to Rosa; Marc is the second representative of the file."""
    rosa, marc = factories.identity(first_given_name="ROSA"), factories.identity(first_given_name="MARC")
    person = rollout.person(
        identity=factories.child_identity(),
        situation=EligiblePerson.Situation.MINOR,
        rl1_number=rosa.ins_number, rl1_capacity="MERE",
        rl2_number=marc.ins_number, rl2_capacity="PERE",
    )  # fmt: skip
    notice, code = rollout.noticed(person, reader=rosa)
    return person, notice, code, rosa, marc


def by_number(code, number, *, birth_date="1984-06-14", address=HOME, at=NOON):
    notified = Notified(code=code, birth_date=birth_date, address=address)
    return prove_by_number(notified=notified, number=number, at=at)


def by_sign_in(code, identity, *, birth_date="1984-06-14", at=NOON):
    notified = Notified(code=code, birth_date=birth_date, address=HOME)
    return prove_by_sign_in(notified=notified, identity_id=identity.pk, at=at)


def test_decisions_06_code_date_and_number_of_the_person(alice):
    person, notice, code = alice
    assert by_number(code, person.identity.ins_number) == Proved(
        person_id=person.pk, identity_id=person.pk, code_id=notice.code_id, standing=Standing.ACTS
    )


def test_sec_06_a_wrong_code_date_or_number_is_one_answer(alice):
    person, _notice, code = alice
    number = person.identity.ins_number
    assert by_number("K7MF3QXT9BRD", number) is None
    assert by_number(code, number, birth_date="1984-06-15") is None
    assert by_number(code, OTHER_NUMBER) is None
    assert by_number("", "") is None


def test_sec_06_every_miss_does_the_same_work(alice):
    person, _notice, code = alice
    number = person.identity.ins_number
    counts = set()
    for typed in (("K7MF3QXT9BRD", number), (code, OTHER_NUMBER), (code, number)):
        with CaptureQueriesContext(connection) as queries:
            by_number(*typed)
        counts.add(len(queries))
    with CaptureQueriesContext(connection) as queries:
        by_number(code, number, birth_date="1984-06-15")
    assert counts | {len(queries)} == {len(queries)}


def test_spa_40_the_number_of_the_parent_the_notice_went_to_and_no_other(lea):
    person, notice, code, rosa, marc = lea
    proved = by_number(code, rosa.ins_number, birth_date="2017-03-20")
    assert proved == Proved(person_id=person.pk, identity_id=rosa.pk, code_id=notice.code_id, standing=Standing.ACTS)
    assert by_number(code, marc.ins_number, birth_date="2017-03-20") is None
    assert by_number(code, person.identity.ins_number, birth_date="2017-03-20") is None


def test_idn_04_a_former_number_proves_as_well(alice):
    person, _notice, code = alice
    FormerInsNumber.objects.create(
        identity=person.identity, ins_number="7840644109001", authority="1.2.250.1.213.1.4.9", ended_at=NOON
    )
    assert by_number(code, "7840644109001") is not None


def test_spa_50_a_protected_adult_or_the_person_in_charge():
    guard = factories.identity()
    person = rollout.person(
        situation=EligiblePerson.Situation.PROTECTED, measure="TUTELLE",
        rl1_number=guard.ins_number, rl1_capacity="TUTEUR",
    )  # fmt: skip
    _notice, code = rollout.noticed(person)
    found = [by_number(code, one.ins_number) for one in (person.identity, guard)]
    assert [proved.identity_id for proved in found] == [person.pk, guard.pk]


def test_rol_13_five_wrong_numbers_and_the_code_proves_nothing_for_a_day(alice):
    person, _notice, code = alice
    for _ in range(5):
        assert by_number(code, OTHER_NUMBER) is None
    assert by_number(code, person.identity.ins_number) is None, "even the right one"
    assert by_number(code, person.identity.ins_number, at=NOON + timedelta(hours=25)) is not None


def test_sec_09_wrong_numbers_count_for_the_address(alice, settings):
    settings.LIMITS = {**settings.LIMITS, "opposition_address": (2, 3600)}
    person, _notice, code = alice
    by_number(code, OTHER_NUMBER)
    by_number(code, OTHER_NUMBER)
    with pytest.raises(TooManyTriesError):
        by_number(code, person.identity.ins_number)
    assert by_number(code, person.identity.ins_number, address="192.0.2.8") is not None


def test_a_code_that_was_used_says_so_to_whoever_has_all_three(alice):
    person, _notice, code = alice
    NoticeCode.objects.update(ended_at=NOON)
    assert by_number(code, person.identity.ins_number).standing is Standing.REPLACED
    assert by_number(code, OTHER_NUMBER) is None


def test_spa_40_franceconnect_needs_no_number(lea, alice):
    person, notice, code, rosa, marc = lea
    for parent in (rosa, marc):
        proved = by_sign_in(code, parent, birth_date="2017-03-20")
        assert (proved.person_id, proved.identity_id, proved.code_id) == (person.pk, parent.pk, notice.code_id)
    assert by_sign_in(code, alice[0].identity, birth_date="2017-03-20") is None
    assert by_sign_in("K7MF3QXT9BRD", rosa, birth_date="2017-03-20") is None


def test_franceconnect_with_ones_own_notice(alice):
    person, _notice, code = alice
    assert by_sign_in(code, person.identity).identity_id == person.pk


def test_sec_22_the_lines_hold_outcomes_and_no_number(alice):
    person, _notice, code = alice
    by_number(code, person.identity.ins_number)
    by_number(code, OTHER_NUMBER)
    by_sign_in(code, factories.identity())
    lines = AuditEvent.objects.filter(action="rollout.activation.identify").order_by("at", "id")
    assert [line.facts for line in lines] == [
        {"by": "number", "outcome": "proved"},
        {"by": "number", "outcome": "failed"},
        {"by": "sign-in", "outcome": "failed"},
    ]
