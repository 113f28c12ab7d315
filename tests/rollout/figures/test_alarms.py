"""What waits for somebody, the most pressing first."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from apps.rollout.figures import counting
from apps.rollout.figures.alarms import Act, ActKind, Alarm, Kind, alarms, next_act
from apps.rollout.models import Claim, Conflict, EligiblePerson, ImportFile, Notice, StopOrder, Wave
from tests import factories as people
from tests.harness.clock import NOON
from tests.rollout import factories
from tests.rollout.figures import paths

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
Hold = EligiblePerson.Hold


def now() -> list[Alarm]:
    return alarms(
        standings=counting.standings(counting.count("standings", TODAY)),
        notices=counting.notices(counting.count("notices", TODAY)),
        at=NOON,
    )


def claim(*, due_on: date) -> Claim:
    return Claim.objects.create(
        channel="post", capacity="self", family_name="MOREL", given_name="ALICE", birth_date="1980-05-02",
        received_at=NOON, entered_at=NOON, entered_by=people.staff(), due_on=due_on,
    )  # fmt: skip


def import_file(state: str, **values: Any) -> ImportFile:
    defaults: dict[str, Any] = {
        "name": "novembre.csv", "source": "server", "path": "novembre.csv", "sha256": uuid4().hex * 2, "size": 1,
        "brought_by": people.staff(), "brought_at": NOON, "state": state,
    }  # fmt: skip
    return ImportFile.objects.create(**{**defaults, **values})


def test_nothing_waits():
    paths.sent()

    assert now() == []


def test_alarms_come_in_the_order_of_their_weight():
    StopOrder.objects.create(reason="essai", ordered_by=people.staff(), ordered_at=NOON)
    claim(due_on=TODAY)
    claim(due_on=TODAY - timedelta(days=1))
    Notice.objects.filter(person=paths.sent()).update(state="uncertain")
    factories.person(hold=Hold.RETURNED)
    factories.person(hold=Hold.NO_REPRESENTATIVE)
    factories.person(hold=Hold.NO_REPRESENTATIVE)

    assert [(alarm.kind, alarm.number, alarm.due_on) for alarm in now()] == [
        (Kind.STOP, 1, None),
        (Kind.CLAIMS_LATE, 1, date(2026, 11, 24)),
        (Kind.UNCERTAIN, 1, None),
        (Kind.RETURNED, 1, None),
        (Kind.CLAIMS, 1, date(2026, 11, 25)),
        (Kind.REPRESENTATIVES, 2, None),
    ]


def test_a_lifted_stop_a_found_claim_and_a_decided_conflict_are_over():
    operator, approver = people.staff(), people.staff()
    StopOrder.objects.create(
        reason="essai", ordered_by=operator, ordered_at=NOON, restart_reason="fini", restart_asked_by=operator,
        restart_asked_at=NOON, lifted_by=approver, lifted_at=NOON,
    )  # fmt: skip
    late = claim(due_on=TODAY - timedelta(days=9))
    Claim.objects.filter(pk=late.pk).update(state="given-up", ended_at=NOON)
    who = paths.opposed()
    Conflict.objects.create(
        person=who, opposition=who.oppositions.get(), opened_at=NOON, outcome="opposed", reason="jugement",
        decided_at=NOON, decided_by=operator,
    )  # fmt: skip

    assert now() == []


def test_decisions_7_a_conflict_is_due_in_five_working_days():
    who = paths.opposed(hold=Hold.CONFLICT)
    Conflict.objects.create(person=who, opposition=who.oppositions.get(), opened_at=NOON)

    assert now() == [Alarm(kind=Kind.CONFLICTS, number=1, due_on=date(2026, 12, 2))]


def test_holds_of_people_who_are_done_need_nobody():
    paths.opposed(hold=Hold.RETURNED)

    assert now() == []


def test_ro_01_an_import_that_stands_still_or_has_too_many_errors_is_an_alarm():
    stopped = import_file("stopped", confirmed_by=people.staff(), reason="file-gone")
    wrong = import_file("tried", read=1_000, refused=11)
    import_file("tried", read=1_000, refused=10)
    import_file("abandoned", read=10, refused=10, ended_at=NOON)

    assert now() == [
        Alarm(kind=Kind.IMPORT_STOPPED, number=1, row_id=stopped.pk, name="novembre.csv"),
        Alarm(kind=Kind.IMPORT_ERRORS, number=1, row_id=wrong.pk, name="novembre.csv"),
    ]


def test_imports_that_wait_for_a_second_person_or_failed_are_named():
    waits = import_file("asked", confirmed_by=people.staff())
    failed = import_file("failed", ended_at=NOON, brought_at=NOON - timedelta(days=2))
    import_file("refused", ended_at=NOON, brought_at=NOON - timedelta(days=31))
    import_file("done", ended_at=NOON, confirmed_by=people.staff())
    import_file("tried")

    assert now() == [
        Alarm(kind=Kind.IMPORT_WAITS, number=1, row_id=waits.pk, name="novembre.csv"),
        Alarm(kind=Kind.IMPORT_FAILED, number=1, row_id=failed.pk, name="novembre.csv"),
    ]


@pytest.mark.parametrize("number", [1, 20])
def test_the_number_of_queries_does_not_follow_the_cases(number, django_assert_num_queries):
    for _ in range(number):
        claim(due_on=TODAY)
        import_file("failed", ended_at=NOON)
    standings = counting.standings(counting.count("standings", TODAY))

    with django_assert_num_queries(8):
        alarms(standings=standings, notices=[], at=NOON)


def test_the_next_act_is_the_one_that_is_late_first():
    draft = factories.wave(state=Wave.State.DRAFT, first_send_on=date(2026, 11, 27))
    sending = factories.wave(first_send_on=date(2026, 9, 14))
    factories.opening_wave(first_send_on=date(2026, 9, 1))

    # Six weeks after 14 September are over on 26 October: day 43 is the 27th.
    assert next_act([draft, sending]) == Act(kind=ActKind.ASK_OPENING, wave=sending, due_on=date(2026, 10, 27))
    sending.opening_asked_at = NOON
    assert next_act([draft, sending]).kind is ActKind.APPROVE_OPENING
    assert next_act([draft]) == Act(kind=ActKind.APPROVE, wave=draft, due_on=date(2026, 11, 27))


@pytest.mark.parametrize("state", [Wave.State.CLOSED, Wave.State.CANCELLED])
def test_waves_that_are_over_ask_for_nothing(state):
    values = {"closed_at": NOON} if state is Wave.State.CLOSED else {}

    assert next_act([factories.wave(state=state, **values), factories.opening_wave()]) is None
