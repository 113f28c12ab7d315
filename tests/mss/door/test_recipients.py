"""What the door says of an address (decisions 23, MSS-10 to MSS-13, MSS-70)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.ins import control_key
from apps.accounts.models import FormerInsNumber
from apps.mss.door.answers import Answer
from apps.mss.door.recipients import verdict_of
from apps.mss.quota import Uses
from apps.spaces.models import HealthSpace
from tests import factories
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
Status, Reason = HealthSpace.Status, HealthSpace.ClosureReason
DOMAIN = "patient.mssante.example"


@pytest.fixture(autouse=True)
def _domain(settings):
    settings.MSS_PATIENT_DOMAIN = DOMAIN


def verdict(to: str):
    return verdict_of(to, Uses())


def address(number: str) -> str:
    return f"{number}{control_key(number)}@{DOMAIN}"


def closed(reason: str) -> HealthSpace:
    return factories.space(status=Status.CLOSED, closed_at=NOON - timedelta(days=1), closure_reason=reason)


def test_an_open_box_takes_mail_in_capitals_and_small_letters():
    space = factories.space()
    to = address(space.identity.ins_number)

    assert [verdict(each).space_id for each in (to, to.upper())] == [space.id] * 2
    assert verdict(to).answer == "250 2.1.5 OK"


def test_mss_12_a_former_number_reaches_the_same_box_and_the_present_one_goes_before():
    space, other = factories.space(), factories.space()
    for number in ("2840644999001", other.identity.ins_number):
        FormerInsNumber.objects.create(identity=space.identity, ins_number=number, authority="x", ended_at=NOON)

    assert verdict(address("2840644999001")).space_id == space.id
    assert verdict(address(other.identity.ins_number)).space_id == other.id


@pytest.mark.parametrize(
    "local", ["27902441099991", "2790244109999133", "279024410999914", "579024410999988", "279a24410999913", ""]
)
def test_a_malformed_number_a_wrong_key_or_a_first_digit_that_nobody_has(local):
    said = verdict(f"{local}@{DOMAIN}")

    assert (said.answer, said.space_id) == ("553 5.1.3 Adresse invalide", None)


def test_another_domain_is_refused_as_a_permanent_error():
    assert verdict("279024410999913@ailleurs.example").answer == "550 5.1.3 Adresse invalide"


def test_mss_70_opposed_never_opened_and_unknown_are_told_by_the_same_bytes():
    waiting = factories.identity()
    told = {
        verdict(address(waiting.ins_number)).answer,
        verdict(address("2840644999777")).answer,
        verdict(address(closed(Reason.LATE_OPPOSITION).identity.ins_number)).answer,
        verdict(address(factories.space(services=["dmp"]).identity.ins_number)).answer,
    }

    assert told == {"550 5.1.1 Aucune messagerie Mon espace sante pour cette adresse"}


@pytest.mark.parametrize("reason", [Reason.HOLDER, Reason.DEATH, Reason.TOO_LATE, Reason.EX_OFFICIO, Reason.HELPED])
def test_s20_a_closed_box_says_that_it_is_closed(reason):
    assert verdict(address(closed(reason).identity.ins_number)).answer == "550 5.2.1 Messagerie fermee"


def test_a_suspended_box_asks_to_try_again_and_an_erased_one_was_never_there():
    suspended = factories.space(status=Status.SUSPENDED)
    erased = factories.space(status=Status.DELETED, closed_at=NOON, closure_reason=Reason.HOLDER)

    assert verdict(address(suspended.identity.ins_number)).answer == Answer.SUSPENDED
    assert verdict(address(erased.identity.ins_number)).answer == Answer.NO_BOX


def test_one_statement_whatever_the_case_and_another_one_where_mail_is_taken():
    spaces = [factories.space(), closed(Reason.HOLDER), closed(Reason.LATE_OPPOSITION)]
    numbers = [*(space.identity.ins_number for space in spaces), factories.identity().ins_number, "2840644999777"]
    counts = []
    for number in numbers:
        with CaptureQueriesContext(connection) as caught:
            verdict(address(number))
        counts.append((len(caught), caught.captured_queries[0]["sql"].replace(number, "")))

    assert [count for count, _ in counts] == [2, 1, 1, 1, 1]
    assert len({sql for _, sql in counts}) == 1
