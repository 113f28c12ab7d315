from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.services import AuditEvent
from apps.rollout.models import Activation, Capacity, Channel, Conflict, EligiblePerson, Notice, NoticeCode, StopOrder
from apps.rollout.models import PersonTransition as Transition
from apps.rollout.services import opposing
from apps.rollout.services.activating import Acting, Activated, ActivationRefusedError, Fault, activate
from apps.rollout.services.wishes import Wish
from apps.spaces.models import HealthSpace, Representation
from tests import factories
from tests.harness.clock import NOON
from tests.rollout import factories as rollout

pytestmark = pytest.mark.django_db
State, Hold, Outcome = EligiblePerson.State, EligiblePerson.Hold, Activation.Outcome


def acting(who, **values):
    """Somebody who came by FranceConnect, without a row of a user."""
    return Acting(**{"identity_id": who.pk, "channel": Channel.ACCOUNT, **values})


def activated(person, *, by=None, at=NOON, withdraws=False, **values) -> Activated:
    who = acting(by or person.identity, **values)
    done = activate(person_id=person.pk, acting=who, withdraws=withdraws, at=at)
    person.refresh_from_db()
    return done


def fault_of(person, **values) -> Fault:
    with pytest.raises(ActivationRefusedError) as refused:
        activated(person, **values)
    return refused.value.fault


def child(parent, *, other=None, **values):
    """Léa, nine years old, attached to one parent or two."""
    numbers = {"rl1_number": parent.ins_number, "rl1_capacity": "MERE"}
    if other is not None:
        numbers |= {"rl2_number": other.ins_number, "rl2_capacity": "PERE"}
    situation = EligiblePerson.Situation.MINOR
    return rollout.person(identity=factories.child_identity(), situation=situation, **numbers, **values)


def opposed(person, *, by=None):
    capacity = Capacity.PARENT if by is not None else Capacity.SELF
    wish = Wish(channel=Channel.ACCOUNT, capacity=capacity, received_at=NOON - timedelta(days=1), by=by)
    opposition = opposing.oppose(person_id=person.pk, wish=wish, at=NOON - timedelta(days=1))
    person.refresh_from_db()
    return opposition


def steps(person):
    rows = Transition.objects.filter(person_id=person.pk).order_by("id")
    return list(rows.values_list("from_state", "to_state", "rule"))


def test_spa_08_activating_ends_the_window_and_opens_the_space_at_once():
    person = rollout.person(wave=rollout.wave(services=["dmp"]))
    rollout.noticed(person, sent_at=NOON - timedelta(days=10))
    done = activated(person)
    space = HealthSpace.objects.get(identity=person.identity)
    assert done == Activated(outcome=Outcome.ACTIVE, space_id=space.pk)
    assert (space.status, space.opened_at, space.account_activated_at) == ("open", NOON, NOON)
    assert (space.opening_rule, space.services) == ("SPA-08", ["dmp"])
    assert person.state == State.OPEN_ACTIVE
    assert steps(person) == [
        ("NOTICE_SENT", "OPENING_ASKED", "SPA-08"),
        ("OPENING_ASKED", "OPEN_ACTIVE", "SPA-08"),
    ]


def test_rol_13_the_code_serves_once():
    person = rollout.person()
    rollout.noticed(person)
    activated(person)
    assert list(NoticeCode.objects.values_list("ended_at", flat=True)) == [NOON]


def test_spa_09_an_open_space_is_activated_and_not_opened_again():
    person = rollout.person(state=State.OPEN)
    space = factories.space(person=person.identity, services=["mss"])
    assert activated(person) == Activated(outcome=Outcome.ACTIVE, space_id=space.pk)
    space.refresh_from_db()
    assert (space.account_activated_at, space.services) == (NOON, ["mss"])
    assert space.opened_at == NOON - timedelta(days=365)
    assert steps(person) == [("OPEN", "OPEN_ACTIVE", "SPA-08")]


@pytest.mark.parametrize("state", ["ELIGIBLE", "NOTICE_QUEUED", "NOTICE_FAILED", "OPEN_FAILED", "OPENING_ASKED"])
def test_spa_08_every_state_before_the_opening_leads_to_an_active_space(state):
    person = rollout.person(state=state, state_reason="timeout")
    assert activated(person).outcome == Outcome.ACTIVE
    assert person.state == State.OPEN_ACTIVE


def test_rel_21_activating_twice_is_activating_once():
    person = rollout.person()
    rollout.noticed(person)
    first = activated(person)
    before = (steps(person), AuditEvent.objects.count())
    assert activated(person, at=NOON + timedelta(hours=1)) == first
    assert (steps(person), AuditEvent.objects.count()) == before
    assert HealthSpace.objects.get().account_activated_at == NOON


def test_the_second_time_writes_nothing_at_all():
    person = rollout.person()
    activated(person)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        activated(person)
    assert not [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_spa_10_an_opposition_is_taken_back_only_when_the_box_is_ticked():
    person = rollout.person()
    rollout.noticed(person)
    opposition = opposed(person)
    assert fault_of(person) is Fault.OPPOSED
    assert person.state == State.OPPOSED
    assert HealthSpace.objects.count() == 0
    assert activated(person, withdraws=True).outcome == Outcome.ACTIVE
    opposition.refresh_from_db()
    assert (opposition.withdrawn_at, opposition.withdrawn_channel) == (NOON, "account")
    assert (opposition.withdrawn_capacity, opposition.withdrawn_by) == ("self", None)
    assert person.state == State.OPEN_ACTIVE


def test_spa_10_a_receipt_of_the_withdrawal_is_prepared():
    person = rollout.person()
    rollout.noticed(person)
    opposed(person)
    activated(person, withdraws=True)
    receipts = Notice.objects.filter(kind=Notice.Kind.RECEIPT, person=person)
    assert [notice.facts["act"] for notice in receipts] == ["withdrawn"]


def test_spa_21_an_opposition_that_kept_a_dmp_is_taken_back_as_well():
    person = rollout.person(had_dmp=True)
    rollout.noticed(person)
    opposed(person)
    assert person.state == State.OPPOSED_DMP_KEPT
    assert activated(person, withdraws=True).outcome == Outcome.ACTIVE


def test_spa_36_a_dead_person_is_refused():
    person = rollout.person(identity=factories.identity(died_on="2026-11-01"))
    assert fault_of(person) is Fault.DECEASED
    assert HealthSpace.objects.count() == 0
    assert fault_of(rollout.person(state=State.NOT_OPENED_DEATH)) is Fault.DECEASED


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"status": "closed", "closed_at": NOON}, Fault.CLOSED),
        ({"status": "deleted", "closed_at": NOON}, Fault.CLOSED),
        ({"status": "suspended"}, Fault.SUSPENDED),
    ],
)
def test_spa_33_a_space_that_is_closed_or_suspended_is_refused(values, fault):
    person = rollout.person(state=State.OPEN)
    space = factories.space(person=person.identity, **values)
    assert fault_of(person) is fault
    space.refresh_from_db()
    assert space.account_activated_at is None


def test_spa_06_who_is_no_longer_eligible_is_refused():
    assert fault_of(rollout.person(state=State.NOT_ELIGIBLE)) is Fault.NOT_ELIGIBLE


def test_rel_10_while_a_stop_holds_openings_the_opening_is_asked_for():
    wave = rollout.wave()
    person = rollout.person(wave=wave)
    rollout.noticed(person)
    stop = StopOrder.objects.create(wave=wave, reason="Essai", ordered_by=wave.author, ordered_at=NOON)
    assert activated(person) == Activated(outcome=Outcome.ASKED, space_id=None)
    assert person.state == State.OPENING_ASKED
    assert HealthSpace.objects.count() == 0
    assert NoticeCode.objects.filter(ended_at=None).count() == 1, "the code serves until the space is there"
    assert activated(person).outcome == Outcome.ASKED
    assert len(steps(person)) == 1
    stop.restart_asked_by, stop.restart_asked_at, stop.restart_reason = wave.author, NOON, "Réparé"
    stop.lifted_by, stop.lifted_at = wave.approver, NOON
    stop.save()
    assert activated(person).outcome == Outcome.ACTIVE


def test_rel_10_a_stop_holds_no_activation_of_a_space_that_is_open():
    wave = rollout.wave()
    person = rollout.person(wave=wave, state=State.OPEN)
    factories.space(person=person.identity)
    StopOrder.objects.create(reason="Essai", ordered_by=wave.author, ordered_at=NOON)
    assert activated(person).outcome == Outcome.ACTIVE


def test_an_opposition_by_post_that_may_mean_the_person_holds_the_opening():
    person = rollout.person(hold=Hold.CLAIM)
    rollout.noticed(person)
    assert activated(person).outcome == Outcome.ASKED
    assert person.hold == Hold.CLAIM


def test_decisions_31_a_possible_double_waits():
    person = rollout.person(double_of=factories.identity())
    assert activated(person).outcome == Outcome.ASKED


def test_a_notice_that_came_back_holds_nobody_who_comes_themselves():
    person = rollout.person(hold=Hold.RETURNED)
    rollout.noticed(person)
    assert activated(person).outcome == Outcome.ACTIVE
    assert person.hold == ""


def test_a_notice_that_has_not_left_does_not_leave():
    person = rollout.person()
    notice, _code = rollout.noticed(person, state=Notice.State.PREPARED, sent_at=NOON)
    person.state = State.NOTICE_QUEUED
    person.save()
    activated(person)
    notice.refresh_from_db()
    assert (notice.state, notice.ended_at, notice.reason) == ("cancelled", NOON, "activated")


def test_spa_40_the_parent_activates_for_the_child_and_represents_it():
    rosa = factories.identity(first_given_name="ROSA")
    lea = child(rosa)
    assert activated(lea, by=rosa).outcome == Outcome.ACTIVE
    space = HealthSpace.objects.get(identity=lea.identity)
    assert list(Representation.objects.values_list("space_id", "person_id", "capacity")) == [
        (space.pk, rosa.pk, "MERE")
    ]


def test_spa_47_a_child_activates_nothing_alone():
    assert fault_of(child(factories.identity())) is Fault.NOT_YOURS


def test_somebody_else_activates_nothing():
    assert fault_of(rollout.person(), by=factories.identity()) is Fault.NOT_YOURS


def test_spa_48_a_parent_activates_nothing_after_the_majority():
    rosa = factories.identity()
    lea = child(rosa)
    assert fault_of(lea, by=rosa, at=NOON + timedelta(days=3650)) is Fault.NOT_YOURS


@pytest.mark.parametrize(
    ("measure", "allowed"),
    [("TUTELLE", True), ("HABILITATION_FAMILIALE", True), ("CURATELLE_SIMPLE", False), ("SAUVEGARDE", False)],
)
def test_spa_50_the_person_in_charge_activates_only_where_the_measure_represents(measure, allowed):
    guard = factories.identity()
    situation = EligiblePerson.Situation.PROTECTED
    values = {"situation": situation, "measure": measure, "rl1_number": guard.ins_number, "rl1_capacity": "TUTEUR"}
    person = rollout.person(**values)
    if allowed:
        assert activated(person, by=guard).outcome == Outcome.ACTIVE
    else:
        assert fault_of(person, by=guard) is Fault.NOT_YOURS
    assert activated(person).outcome == Outcome.ACTIVE, "the person keeps the right"


def test_decisions_07_another_parent_who_objected_is_contradicted_and_an_operator_decides():
    rosa, marc = factories.identity(first_given_name="ROSA"), factories.identity(first_given_name="MARC")
    lea = child(rosa, other=marc)
    rollout.noticed(lea)
    opposition = opposed(lea, by=marc)
    assert activated(lea, by=rosa, withdraws=True) == Activated(outcome=Outcome.CONFLICT, space_id=None)
    opposition.refresh_from_db()
    assert opposition.withdrawn_at is None
    assert (lea.state, lea.hold) == (State.OPPOSED, Hold.CONFLICT)
    assert list(Conflict.objects.values_list("person_id", "against_id")) == [(lea.pk, rosa.pk)]
    assert fault_of(lea, by=rosa, withdraws=True) is Fault.CONFLICT


def test_spa_48_at_18_the_open_space_is_activated_beside_its_new_window():
    person = rollout.person()
    space = factories.space(person=person.identity, account_activated_at=NOON - timedelta(days=300))
    rollout.noticed(person)
    assert activated(person) == Activated(outcome=Outcome.ACTIVE, space_id=space.pk)
    assert person.state == State.OPEN_ACTIVE
    space.refresh_from_db()
    assert space.account_activated_at == NOON - timedelta(days=300), "kept as it was"


@pytest.mark.parametrize("state", ["NOTICE_SENT", "OPENING_ASKED", "OPEN", "OPEN_ACTIVE"])
def test_sec_06_a_code_that_was_replaced_meanwhile_activates_nothing(state):
    person = rollout.person()
    notice, _code = rollout.noticed(person)
    EligiblePerson.objects.update(state=state)
    if state.startswith("OPEN_") or state == "OPEN":
        factories.space(person=person.identity)
    NoticeCode.objects.update(ended_at=NOON)
    assert fault_of(person, channel=Channel.ONLINE, code=notice.code) is Fault.CODE_USED
    rollout.noticed(person, key="again")
    assert fault_of(person, channel=Channel.ONLINE, code=notice.code) is Fault.CODE_REPLACED
    assert not HealthSpace.objects.exclude(account_activated_at=None).exists()


def test_idn_50_the_register_and_the_space_have_a_line_each():
    person = rollout.person()
    user = factories.user(person=person.identity)
    done = activated(person, user_id=user.pk, level="eidas2")
    lines = AuditEvent.objects.filter(action__in=["rollout.activation.finish", "spaces.space.activate"])
    found = {line.action: line for line in lines}
    register, space = found["rollout.activation.finish"], found["spaces.space.activate"]
    assert (register.actor_role, register.actor_id, register.level) == ("holder", str(user.pk), "eidas2")
    assert register.facts == {"capacity": "self", "channel": "account", "from": "ELIGIBLE", "outcome": "active"}
    assert (space.scope_id, space.rule, space.target) == (done.space_id, "SPA-08", f"space:{done.space_id}")


def test_sec_22_an_activation_by_code_names_nobody():
    person = rollout.person()
    notice, _code = rollout.noticed(person)
    activated(person, channel=Channel.ONLINE, code=notice.code)
    line = AuditEvent.objects.get(action="rollout.activation.finish")
    assert (line.actor_role, line.actor_id) == ("system", "rollout.web")
    assert person.identity.ins_number not in str(line.facts) + line.target
