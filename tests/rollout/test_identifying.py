"""Code and birth date (O-02, ROL-13, SEC-06): what a right pair gives, and that all wrong ones are alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from apps.audit.models import AuditEvent
from apps.common import limits
from apps.rollout.models import EligiblePerson, NoticeCode
from apps.rollout.services import identifying
from apps.rollout.services.identifying import Standing, TooManyTriesError
from tests import factories as portal
from tests.harness.clock import NOON
from tests.rollout import factories

pytestmark = pytest.mark.django_db
BIRTH = "1984-06-14"


def tried(typed, birth_date=BIRTH, *, at=NOON, address="192.0.2.1"):
    return identifying.identify(typed=typed, birth_date=birth_date, address=address, at=at)


def test_sec_06_the_right_pair_finds_the_person():
    notice, code = factories.noticed(factories.person())

    found = tried(code)

    assert (found.person_id, found.code_id, found.standing) == (notice.person_id, notice.code_id, Standing.ACTS)


def test_o_02_case_spaces_and_dashes_do_not_count():
    _notice, code = factories.noticed(factories.person())

    assert tried(f" {code[:4]}-{code[4:8]} {code[8:]}".lower()) is not None


def test_idn_28_an_unknown_day_is_zero():
    person = factories.person(identity=portal.identity(birth_date="1952-06-00"))
    _notice, code = factories.noticed(person)

    assert tried(code, "1952-06-01") is None
    assert tried(code, "1952-06-00").person_id == person.pk


def wrong_pairs():
    """Name, what is typed: made of two people, one of whom has an old code."""
    _notice, code = factories.noticed(factories.person())
    old, old_code = factories.noticed(factories.person(), sent_at=NOON - timedelta(days=92))
    assert old.window_ends_at + identifying.EXPLAINED < NOON
    last = code[:-1] + ("2" if code[-1] != "2" else "3")
    return {
        "wrong date": (code, "1984-06-15"),
        "wrong check symbol": (last, BIRTH),
        "unknown code": ("K7MF3QXT9BRD", BIRTH),
        "expired long ago": (old_code, BIRTH),
    }


def test_sec_06_every_wrong_pair_is_the_same_and_writes_one_line(django_assert_num_queries):
    for typed, birth_date in wrong_pairs().values():
        assert tried(typed, birth_date) is None

    lines = AuditEvent.objects.filter(action="rollout.opposition.identify")
    assert {line.facts["outcome"] for line in lines} == {"failed"}
    assert lines.count() == 4


@pytest.mark.parametrize("case", ["wrong date", "wrong check symbol", "unknown code", "expired long ago"])
def test_sec_06_every_wrong_pair_costs_the_same_queries(django_assert_num_queries, case):
    typed, birth_date = wrong_pairs()[case]

    with django_assert_num_queries(5):  # savepoint, look, count, trail, release
        tried(typed, birth_date)


def test_rol_13_five_wrong_dates_lock_the_code_for_a_day():
    notice, code = factories.noticed(factories.person())
    for number in range(5):
        assert tried(code, "1984-06-15", address=f"192.0.2.{number}") is None

    assert tried(code, at=NOON + timedelta(hours=24, seconds=-1)) is None
    assert tried(code, at=NOON + timedelta(hours=24)).person_id == notice.person_id


def test_rol_13_a_right_pair_starts_the_count_anew():
    _notice, code = factories.noticed(factories.person())
    for _round in range(3):
        for _time in range(4):
            assert tried(code, "1984-06-15", address="192.0.2.2") is None
        assert tried(code) is not None
        limits.forget(act=identifying.ADDRESS, key="192.0.2.2")


def test_rol_13_after_a_lock_five_more_failures_are_needed():
    _notice, code = factories.noticed(factories.person())
    for number in range(5):
        tried(code, "1984-06-15", address=f"192.0.2.{number}")
    later = NOON + timedelta(hours=25)
    tried(code, "1984-06-15", at=later)

    assert NoticeCode.objects.get().failures == 1
    assert tried(code, at=later) is not None


def test_sec_09_twenty_failures_of_an_address_and_no_more_is_looked_up():
    _notice, code = factories.noticed(factories.person())
    for _time in range(20):
        assert tried("K7MF3QXT9BRD") is None

    with pytest.raises(TooManyTriesError) as refused:
        tried(code)

    assert refused.value.retry_at == NOON + timedelta(hours=1)
    assert tried(code, address="192.0.2.9") is not None


def test_sec_09_right_pairs_do_not_count(django_assert_num_queries):
    _notice, code = factories.noticed(factories.person())

    assert all(tried(code) is not None for _time in range(25))


def test_sec_06_a_replaced_code_is_explained_for_48_days_when_the_date_is_right():
    notice, code = factories.noticed(factories.person())
    NoticeCode.objects.filter(pk=notice.code_id).update(ended_at=NOON)

    assert tried(code, at=NOON).standing is Standing.REPLACED
    assert tried(code, "1984-06-15", at=NOON) is None
    assert tried(code, at=NOON + timedelta(days=48, seconds=-1)).standing is Standing.REPLACED
    assert tried(code, at=NOON + timedelta(days=48)) is None


def test_s28_a_code_acts_until_48_days_after_the_window():
    sent_at = datetime(2026, 9, 14, 8, tzinfo=UTC)  # 10:00 in Paris; the window ends on 26 October at 23:59:59
    _notice, code = factories.noticed(factories.person(), sent_at=sent_at)
    over = datetime(2026, 10, 26, 23, tzinfo=UTC)  # 00:00 in Paris, winter time

    assert EligiblePerson.objects.get().window_ends_at == over
    for at in (over - timedelta(milliseconds=1), over, over + timedelta(seconds=1), over + timedelta(days=47)):
        assert tried(code, at=at).standing is Standing.ACTS
    assert tried(code, at=over + timedelta(days=48)) is None


def test_sec_06_the_database_holds_nothing_that_verifies_a_code(settings):
    _notice, code = factories.noticed(factories.person())
    settings.NOTICE_CODE_KEY = "another-key-as-whoever-stole-a-dump-would-have-to-guess"

    assert tried(code) is None


def test_sec_22_the_trail_holds_neither_code_nor_date():
    _notice, code = factories.noticed(factories.person())
    tried(code)
    tried(code, "1984-06-15")

    for line in AuditEvent.objects.all():
        text = f"{line.target} {line.facts} {line.actor_id}"
        assert code not in text
        assert "1984" not in text
