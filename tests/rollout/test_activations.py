from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction

from apps.audit.services import AuditEvent
from apps.common.ids import uuid7
from apps.rollout import tasks
from apps.rollout.jobs.forgetting import forget_activations
from apps.rollout.models import Activation, Channel, EligiblePerson
from apps.rollout.services import activations
from apps.rollout.services.activating import Acting, ActivationRefusedError, Fault
from apps.rollout.services.activations import MailNotSentError, Visitor
from apps.spaces.models import HealthSpace
from apps.spaces.services import EmergencyChoices
from tests import factories
from tests.harness.clock import NOON
from tests.rollout import factories as rollout

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_tries")]
DAY = timedelta(days=1)


@pytest.fixture
def alice():
    person = rollout.person()
    rollout.noticed(person)
    return person


@pytest.fixture
def user(alice):
    return factories.user(person=alice.identity)


def begun(person, *, by=None, user=None, at=NOON, **values) -> Activation:
    who = (by or person.identity).pk
    channel = Channel.ACCOUNT if user else Channel.ONLINE
    acting = Acting(identity_id=who, channel=channel, user_id=user.pk if user else None, **values)
    return activations.begin(person_id=person.pk, acting=acting, at=at)


def found(row, *, at=NOON, **who):
    return activations.find(activation_id=row.pk, visitor=Visitor(level="eidas2", **who), at=at)


def finished(row, *, user=None, withdraws=False, choices=None, at=NOON) -> Activation:
    visitor = Visitor(user=user, level="eidas2" if user else "")
    return activations.finish(activation=row, visitor=visitor, withdraws=withdraws, choices=choices, at=at)


def code_of(message) -> str:
    return next(line for line in message.body.splitlines() if line.isdecimal())


class TestBegin:
    def test_s08_beginning_twice_is_one_activation(self, alice, user):
        first = begun(alice, user=user)
        again = begun(alice, user=user, at=NOON + 29 * DAY)
        assert (again.pk, again.started_at, again.ends_at) == (first.pk, NOON, NOON + 30 * DAY)

    def test_s08_after_thirty_days_it_begins_anew(self, alice, user):
        row = begun(alice, user=user)
        Activation.objects.update(mail="alice@example.fr", mail_hash="x")
        again = begun(alice, user=user, at=NOON + 30 * DAY)
        assert (again.pk, again.started_at, again.mail, again.mail_hash) == (row.pk, NOON + 30 * DAY, "", "")

    def test_the_code_first_and_franceconnect_afterwards_are_one_activation(self, alice, user):
        row = begun(alice, code=alice.codes.get())
        again = begun(alice, user=user)
        assert (again.pk, again.user_id, again.code_id) == (row.pk, user.pk, row.code_id)

    def test_two_readers_of_one_person_have_an_activation_each(self):
        rosa, marc = factories.identity(), factories.identity()
        lea = rollout.person(
            identity=factories.child_identity(), situation=EligiblePerson.Situation.MINOR,
            rl1_number=rosa.ins_number, rl1_capacity="MERE", rl2_number=marc.ins_number, rl2_capacity="PERE",
        )  # fmt: skip
        rows = [begun(lea, by=parent) for parent in (rosa, marc)]
        assert [(row.capacity, row.by_id) for row in rows] == [("parent", rosa.pk), ("parent", marc.pk)]
        assert rows[0].pk != rows[1].pk

    def test_nothing_happens_to_the_person(self, alice, user):
        begun(alice, user=user)
        alice.refresh_from_db()
        assert alice.state == EligiblePerson.State.NOTICE_SENT
        assert HealthSpace.objects.count() == 0

    def test_spa_36_nothing_begins_for_a_dead_person(self):
        person = rollout.person(identity=factories.identity(died_on="2026-11-01"))
        with pytest.raises(ActivationRefusedError) as refused:
            begun(person)
        assert refused.value.fault is Fault.DECEASED
        assert Activation.objects.count() == 0

    def test_nothing_begins_for_somebody_else(self, alice):
        with pytest.raises(ActivationRefusedError) as refused:
            begun(alice, by=factories.identity())
        assert refused.value.fault is Fault.NOT_YOURS

    def test_the_database_refuses_a_second_one(self, alice, user):
        row = begun(alice, user=user)
        with pytest.raises(IntegrityError, match="one_under_way"), transaction.atomic():
            Activation.objects.create(person=alice, capacity="self", started_at=NOON, ends_at=row.ends_at)

    @pytest.mark.parametrize(
        ("values", "name"),
        [
            ({"capacity": "parent"}, "representative_is_named"),
            ({"outcome": "active"}, "finished_has_outcome"),
            ({"ends_at": NOON}, "ends_later"),
        ],
    )
    def test_the_database_refuses_what_makes_no_sense(self, alice, values, name):
        row = {"person": alice, "capacity": "self", "started_at": NOON, "ends_at": NOON + DAY, **values}
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Activation.objects.create(**row)


class TestFind:
    def test_sec_01_the_browser_that_typed_the_code_and_no_other(self, alice):
        row = begun(alice)
        assert found(row, shown=frozenset({row.pk})) == row
        assert found(row) is None
        assert found(row, shown=frozenset({uuid7()})) is None
        assert found(row, user=factories.user(person=factories.identity())) is None
        assert found(row, user=factories.user()) is None

    def test_s08_whoever_signs_in_with_this_identity_goes_on(self, alice, user):
        assert found(begun(alice), user=user) is not None

    def test_once_signed_in_the_code_alone_shows_it_no_more(self, alice, user):
        row = begun(alice, user=user)
        assert found(row, user=user) == row
        assert found(row, shown=frozenset({row.pk})) is None

    def test_a_parent_finds_the_activation_of_the_child(self):
        rosa = factories.identity()
        lea = rollout.person(
            identity=factories.child_identity(), situation=EligiblePerson.Situation.MINOR,
            rl1_number=rosa.ins_number, rl1_capacity="MERE",
        )  # fmt: skip
        row = begun(lea, by=rosa)
        assert found(row, user=factories.user(person=rosa)) == row
        assert found(row, user=factories.user(person=lea.identity)) is None

    def test_rel_22_at_the_second_of_its_end_it_is_gone(self, alice, user):
        row = begun(alice, user=user)
        assert found(row, user=user, at=row.ends_at - timedelta(seconds=1)) == row
        assert found(row, user=user, at=row.ends_at) is None

    def test_what_is_under_way_is_offered_again(self, alice, user):
        row = begun(alice, user=user)
        visitor = Visitor(user=user)
        assert activations.under_way(visitor=visitor, at=NOON) == [row]
        assert activations.under_way(visitor=visitor, at=row.ends_at) == []
        assert activations.under_way(visitor=Visitor(), at=NOON) == []
        finished(row, user=user)
        assert activations.under_way(visitor=visitor, at=NOON) == []


class TestForget:
    def test_s08_what_was_left_for_thirty_days_is_deleted(self, alice, user):
        row = begun(alice, user=user)
        assert forget_activations(at=row.ends_at - timedelta(seconds=1)) == 0
        assert forget_activations(at=row.ends_at) == 1
        assert forget_activations(at=row.ends_at) == 0
        assert Activation.objects.count() == 0

    def test_what_is_finished_stays_without_the_address(self, alice, user):
        row = begun(alice, user=user)
        Activation.objects.update(mail="alice@example.fr")
        finished(row, user=user)
        assert forget_activations(at=NOON + 400 * DAY) == 0
        assert Activation.objects.get().mail == ""

    def test_the_task_reads_the_clock(self, alice, user):
        begun(alice, user=user)
        for days, left in ((29, 1), (30, 0)):
            with time_machine.travel(NOON + days * DAY, tick=False):
                tasks.forget_activations()
            assert Activation.objects.count() == left


class TestMail:
    @pytest.fixture
    def send(self, django_capture_on_commit_callbacks):
        def sent(row, user, *, to="alice@example.fr"):
            with django_capture_on_commit_callbacks(execute=True):
                activations.send_code(activation=row, user=user, mail=to, address="192.0.2.7", at=NOON)

        return sent

    def test_s08_the_address_holds_once_its_code_came_back(self, alice, user, send):
        row = begun(alice, user=user)
        send(row, user)
        message = mail.outbox[-1]
        assert message.to == ["alice@example.fr"]
        user.refresh_from_db()
        assert user.email == ""
        assert activations.check_code(activation=row, user=user, code=code_of(message), at=NOON) is True
        user.refresh_from_db()
        assert user.email == "alice@example.fr"

    def test_a_wrong_code_changes_nothing(self, alice, user, send):
        row = begun(alice, user=user)
        send(row, user)
        wrong = f"{(int(code_of(mail.outbox[-1])) + 1) % 10**8:08d}"
        assert activations.check_code(activation=row, user=user, code=wrong, at=NOON) is False
        user.refresh_from_db()
        assert user.email == ""

    def test_a_code_serves_once(self, alice, user, send):
        row = begun(alice, user=user)
        send(row, user)
        code = code_of(mail.outbox[-1])
        activations.check_code(activation=row, user=user, code=code, at=NOON)
        assert activations.check_code(activation=row, user=user, code=code, at=NOON) is False

    def test_sec_09_three_codes_an_hour(self, alice, user, send):
        row = begun(alice, user=user)
        for _ in range(3):
            send(row, user)
        with pytest.raises(MailNotSentError) as refused:
            send(row, user)
        assert refused.value.verdict.retry_at == NOON + timedelta(hours=1)
        assert len(mail.outbox) == 3

    def test_no_code_lies_in_the_row(self, alice, user, send):
        row = begun(alice, user=user)
        send(row, user)
        row.refresh_from_db()
        assert code_of(mail.outbox[-1]) not in row.mail_hash


class TestFinish:
    def test_rel_21_finishing_twice_is_finishing_once(self, alice, user):
        row = begun(alice, user=user)
        first = finished(row, user=user)
        lines = AuditEvent.objects.count()
        again = finished(row, user=user, at=NOON + timedelta(minutes=1))
        assert (again.finished_at, again.outcome) == (first.finished_at, first.outcome) == (NOON, "active")
        assert AuditEvent.objects.count() == lines

    def test_acc_20_choices_for_emergencies_are_kept_with_it(self, alice, user):
        row = begun(alice, user=user)
        finished(row, user=user, choices=EmergencyChoices(break_glass=True, call=False, masked=True))
        space = HealthSpace.objects.get()
        assert (space.break_glass_allowed, space.emergency_call_allowed) == (True, False)
        assert (space.masked_in_emergency, space.emergency_chosen_at) == (True, NOON)

    def test_acc_20_deciding_later_leaves_the_start(self, alice, user):
        finished(begun(alice, user=user), user=user)
        assert HealthSpace.objects.get().emergency_chosen_at is None

    def test_by_the_code_alone_nobody_chooses_for_emergencies(self, alice):
        row = begun(alice, code=alice.codes.get())
        finished(row, choices=EmergencyChoices(break_glass=False, call=False))
        assert HealthSpace.objects.get().break_glass_allowed is True

    def test_a_refusal_leaves_the_activation_under_way(self, alice, user):
        row = begun(alice, user=user)
        HealthSpace.objects.create(identity=alice.identity, opened_at=NOON, status="suspended")
        with pytest.raises(ActivationRefusedError):
            finished(row, user=user)
        row.refresh_from_db()
        assert (row.finished_at, row.outcome) == (None, "")

    def test_a_finished_one_makes_room_for_another(self, alice, user):
        finished(begun(alice, user=user), user=user)
        HealthSpace.objects.update(account_activated_at=None)
        assert begun(alice, user=user).finished_at is None
