"""Opposing, changing one's mind, confirming (SPA-07, SPA-10, SPA-21, SPA-43, SPA-44; decisions.md 6 to 8)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.audit.models import AuditEvent
from apps.common.dates import midnight
from apps.common.references import is_reference
from apps.files import services as files
from apps.files.models import Vault
from apps.files.services.content import Content
from apps.rollout.models import (
    Capacity,
    Channel,
    EligiblePerson,
    NoticeCode,
    Opposition,
    PersonTransition,
)
from apps.rollout.proofs import is_proof, proof_of
from apps.rollout.services import opposing
from apps.rollout.services.wishes import (
    AlreadyOpenError,
    CapacityError,
    CodeEndedError,
    EarlierWishError,
    NotConcernedError,
    NothingToWithdrawError,
    ReopeningError,
)
from apps.spaces.models import HealthSpace
from tests import factories as portal
from tests.harness.clock import NOON
from tests.rollout import factories
from tests.rollout.letters import family, open_yesterday, parents_wish, state_of, waiting, wish

pytestmark = pytest.mark.django_db
State, Hold = EligiblePerson.State, EligiblePerson.Hold
HOUR = timedelta(hours=1)


class TestOpposing:
    def test_spa_10_the_will_and_its_dates_are_kept(self):
        person = waiting()
        code = NoticeCode.objects.get()

        made = opposing.oppose(person_id=person.pk, wish=wish(code=code), at=NOON + HOUR)

        assert state_of(person) == State.OPPOSED
        assert (made.received_at, made.entered_at) == (NOON, NOON + HOUR)
        assert (made.channel, made.capacity, made.code_id) == ("online", "self", code.pk)
        assert is_reference(made.reference, prefix="OPP")
        assert is_proof(proof_of(made.pk).lower(), mac=bytes(made.check_mac))

    @pytest.mark.parametrize("state", ["ELIGIBLE", "NOTICE_QUEUED", "NOTICE_FAILED", "OPENING_ASKED"])
    def test_spa_07_any_state_before_the_opening(self, state):
        person = factories.person(state=state)

        opposing.oppose(person_id=person.pk, wish=wish(), at=NOON)

        assert state_of(person) == State.OPPOSED

    def test_twice_is_once(self):
        person = waiting()

        first = opposing.oppose(person_id=person.pk, wish=wish(), at=NOON)
        second = opposing.oppose(person_id=person.pk, wish=wish(), at=NOON + HOUR)

        assert first == second
        assert Opposition.objects.count() == PersonTransition.objects.count() == 1
        assert AuditEvent.objects.filter(action="rollout.opposition.record").count() == 1

    def test_spa_21_an_older_dmp_stays_until_it_is_confirmed(self):
        person = waiting(had_dmp=True)

        opposing.oppose(person_id=person.pk, wish=wish(), at=NOON)
        assert state_of(person) == State.OPPOSED_DMP_KEPT
        confirmed = opposing.confirm(person_id=person.pk, wish=wish(), at=NOON + HOUR)
        again = opposing.confirm(person_id=person.pk, wish=wish(), at=NOON + 2 * HOUR)

        assert state_of(person) == State.OPPOSED
        assert confirmed.confirmed_at == again.confirmed_at == NOON + HOUR

    def test_spa_21_nothing_to_confirm(self):
        with pytest.raises(NothingToWithdrawError):
            opposing.confirm(person_id=waiting().pk, wish=wish(), at=NOON)

    @pytest.mark.parametrize("state", ["NOT_OPENED_DEATH", "NOT_ELIGIBLE"])
    def test_nobody_to_open_for(self, state):
        with pytest.raises(NotConcernedError):
            opposing.oppose(person_id=factories.person(state=state).pk, wish=wish(), at=NOON)

    def test_somebody_who_is_not_in_the_register(self):
        with pytest.raises(NotConcernedError):
            opposing.oppose(person_id=portal.identity().pk, wish=wish(), at=NOON)

    def test_sec_06_a_code_that_was_replaced_meanwhile_does_nothing(self):
        person = waiting()
        NoticeCode.objects.update(ended_at=NOON)

        with pytest.raises(CodeEndedError):
            opposing.oppose(person_id=person.pk, wish=wish(code=NoticeCode.objects.get()), at=NOON)

        assert state_of(person) == State.NOTICE_SENT

    def test_sec_06_a_code_of_somebody_else_does_nothing(self):
        person, _other = waiting(), waiting()
        theirs = NoticeCode.objects.exclude(person=person).get()

        with pytest.raises(CodeEndedError):
            opposing.oppose(person_id=person.pk, wish=wish(code=theirs), at=NOON)

    def test_a_letter_that_came_back_no_longer_holds(self):
        person = factories.person(state=State.NOTICE_FAILED, hold=Hold.RETURNED)

        opposing.oppose(person_id=person.pk, wish=wish(), at=NOON)

        assert EligiblePerson.objects.get().hold == ""

    def test_the_trail_names_channel_capacity_and_code(self):
        person = waiting()
        code = NoticeCode.objects.get()

        made = opposing.oppose(person_id=person.pk, wish=wish(code=code), at=NOON)

        line = AuditEvent.objects.get(action="rollout.opposition.record")
        assert (line.target, line.actor_id) == (f"eligible:{person.pk}", "rollout.web")
        assert line.facts == {
            "channel": "online",
            "capacity": "self",
            "opposition": str(made.pk),
            "code": str(code.pk),
            "closed_space": False,
        }


class TestCapacities:
    @pytest.mark.parametrize(
        ("born", "values", "allowed"),
        [
            ("1984-06-14", {}, {Capacity.SELF, Capacity.PROTECTOR}),
            ("2017-03-20", {"situation": "MINEUR"}, {Capacity.PARENT}),
            ("2008-11-26", {"situation": "MINEUR"}, {Capacity.PARENT}),  # 18 tomorrow
            ("2008-11-25", {"situation": "MINEUR"}, {Capacity.SELF, Capacity.PROTECTOR}),  # 18 today
            ("1950-01-01", {"situation": "MAJEUR_PROTEGE", "measure": "TUTELLE"}, {Capacity.SELF, Capacity.PROTECTOR}),
            ("1950-01-01", {"situation": "MAJEUR_PROTEGE", "measure": "CURATELLE_SIMPLE"}, {Capacity.SELF}),
        ],
    )
    def test_spa_47_spa_51_who_may_speak(self, born, values, allowed):
        person = waiting(identity=portal.identity(birth_date=born), **values)

        for capacity in Capacity:
            if capacity in allowed:
                continue
            with pytest.raises(CapacityError):
                opposing.oppose(person_id=person.pk, wish=wish(capacity=capacity), at=NOON)
        for capacity in allowed:
            assert opposing.oppose(person_id=person.pk, wish=wish(capacity=capacity), at=NOON).person == person

    def test_spa_44_the_own_opposition_of_a_parent_leaves_the_child_reachable(self):
        child, mother, _father = family()
        opposing.oppose(person_id=mother.pk, wish=wish(), at=NOON)
        assert state_of(child) == State.NOTICE_SENT

        opposing.oppose(person_id=child.pk, wish=parents_wish(mother), at=NOON)
        opposing.withdraw(person_id=child.pk, wish=parents_wish(mother), at=NOON + HOUR)

        assert state_of(child) == State.OPENING_ASKED
        assert state_of(mother.eligibility) == State.OPPOSED


class TestOrder:
    """The date of effect is the day something was received, whenever it is entered (ROL-14)."""

    def test_rol_14_a_change_of_mind_from_before_the_opposition_ends_it_not(self):
        person = waiting()
        made = opposing.oppose(person_id=person.pk, wish=wish(), at=NOON)
        older = wish(channel=Channel.POST, received_at=NOON - timedelta(days=1), operator=portal.staff())

        with pytest.raises(EarlierWishError):
            opposing.withdraw(person_id=person.pk, wish=older, at=NOON + HOUR)

        made.refresh_from_db()
        assert (made.withdrawn_at, state_of(person)) == (None, State.OPPOSED)

    def test_rol_14_on_the_same_day_the_one_entered_last_counts(self):
        person = waiting()
        opposing.oppose(person_id=person.pk, wish=wish(), at=NOON)
        same_day = wish(channel=Channel.PHONE, received_at=midnight(NOON.date()), operator=portal.staff())

        changed = opposing.withdraw(person_id=person.pk, wish=same_day, at=NOON + HOUR)

        assert changed.opposition.withdrawn_at == NOON
        assert state_of(person) == State.OPENING_ASKED


class TestAfterTheOpening:
    def test_s29_online_it_is_too_late(self):
        person = waiting()
        space = open_yesterday(person)

        with pytest.raises(AlreadyOpenError) as refused:
            opposing.oppose(person_id=person.pk, wish=wish(), at=NOON)

        assert refused.value.opened_at == space.opened_at
        assert Opposition.objects.count() == 0
        assert state_of(person) == State.OPEN

    def test_s28_after_the_window_and_before_the_opening_the_opposition_wins(self):
        person = factories.person()
        factories.noticed(person, sent_at=NOON - timedelta(days=50))

        opposing.oppose(person_id=person.pk, wish=wish(), at=NOON)

        assert state_of(person) == State.OPPOSED

    def test_rol_14_a_letter_received_before_the_opening_closes_the_space_and_destroys_its_keys(self):
        person, operator = waiting(), portal.staff()
        space = open_yesterday(person)
        files.store(space_id=space.pk, content=Content(data=b"%PDF-", media_type="application/pdf"), at=NOON)
        late = wish(channel=Channel.POST, received_at=NOON - timedelta(days=2), operator=operator)

        made = opposing.oppose(person_id=person.pk, wish=late, at=NOON)

        space.refresh_from_db()
        assert (space.status, space.closure_reason) == ("closed", HealthSpace.ClosureReason.LATE_OPPOSITION)
        assert made.closed_space
        assert Vault.objects.get(owner_id=space.pk).wrapped_key is None
        assert state_of(person) == State.OPPOSED
        assert AuditEvent.objects.get(action="spaces.space.close").actor_id == str(operator.pk)

    @pytest.mark.parametrize("received_at", [NOON - timedelta(days=1), NOON])
    def test_decisions_8_received_after_the_opening_does_not_close(self, received_at):
        person = waiting()
        open_yesterday(person)
        late = wish(channel=Channel.POST, received_at=received_at, operator=portal.staff())

        with pytest.raises(AlreadyOpenError):
            opposing.oppose(person_id=person.pk, wish=late, at=NOON)

    def test_decisions_8_nor_after_an_activation(self):
        person = waiting()
        open_yesterday(person, account_activated_at=NOON - HOUR)
        late = wish(channel=Channel.POST, received_at=NOON - timedelta(days=2), operator=portal.staff())

        with pytest.raises(AlreadyOpenError):
            opposing.oppose(person_id=person.pk, wish=late, at=NOON)

        assert HealthSpace.objects.get().is_open

    def test_decisions_8_nor_when_the_opening_was_asked_for_since(self):
        person = waiting()
        opposing.ask_opening(person_id=person.pk, wish=wish(), at=NOON - timedelta(days=1))
        person.refresh_from_db()
        open_yesterday(person)
        late = wish(channel=Channel.POST, received_at=NOON - timedelta(days=2), operator=portal.staff())

        with pytest.raises(AlreadyOpenError):
            opposing.oppose(person_id=person.pk, wish=late, at=NOON)

    def test_a_space_that_was_closed_is_told_like_an_open_one(self):
        person = waiting()
        open_yesterday(person, status="closed", closed_at=NOON)

        with pytest.raises(AlreadyOpenError):
            opposing.oppose(person_id=person.pk, wish=wish(), at=NOON)

    def test_rol_14_an_older_dmp_makes_no_difference_then(self):
        person = waiting(had_dmp=True)
        open_yesterday(person)
        late = wish(channel=Channel.POST, received_at=NOON - timedelta(days=2), operator=portal.staff())

        opposing.oppose(person_id=person.pk, wish=late, at=NOON)

        assert state_of(person) == State.OPPOSED

    def test_spa_48_at_eighteen_the_space_of_the_childhood_is_closed_and_its_content_kept(self):
        person = waiting(identity=portal.identity(birth_date="2008-11-01"), situation="MINEUR")
        space = portal.space(person=person.identity, account_activated_at=NOON - timedelta(days=100))
        files.store(space_id=space.pk, content=Content(data=b"%PDF-", media_type="application/pdf"), at=NOON)

        made = opposing.oppose(person_id=person.pk, wish=wish(), at=NOON)

        space.refresh_from_db()
        assert (space.status, space.closure_reason) == ("closed", HealthSpace.ClosureReason.TOO_LATE)
        assert made.closed_space
        assert Vault.objects.get(owner_id=space.pk).wrapped_key is not None
        with pytest.raises(ReopeningError):
            opposing.withdraw(person_id=person.pk, wish=wish(), at=NOON)


class TestChangingOnesMind:
    def test_spa_10_the_space_opens_after_a_withdrawal(self):
        person = waiting()
        opposing.oppose(person_id=person.pk, wish=wish(), at=NOON)

        changed = opposing.withdraw(person_id=person.pk, wish=wish(received_at=NOON + HOUR), at=NOON + HOUR)

        assert changed.conflict is None
        assert state_of(person) == State.OPENING_ASKED
        row = Opposition.objects.get()
        assert (row.withdrawn_at, row.withdrawn_channel, row.withdrawn_capacity) == (NOON + HOUR, "online", "self")

    def test_withdrawn_twice_is_once(self):
        person = waiting()
        opposing.oppose(person_id=person.pk, wish=wish(), at=NOON)
        first = opposing.withdraw(person_id=person.pk, wish=wish(), at=NOON + HOUR)
        second = opposing.withdraw(person_id=person.pk, wish=wish(), at=NOON + 2 * HOUR)

        assert first == second
        assert PersonTransition.objects.filter(to_state=State.OPENING_ASKED).count() == 1

    def test_nothing_to_withdraw(self):
        with pytest.raises(NothingToWithdrawError):
            opposing.withdraw(person_id=waiting().pk, wish=wish(), at=NOON)

    def test_spa_21_withdrawn_before_it_was_confirmed(self):
        person = waiting(had_dmp=True)
        opposing.oppose(person_id=person.pk, wish=wish(), at=NOON)

        opposing.withdraw(person_id=person.pk, wish=wish(), at=NOON)

        assert state_of(person) == State.OPENING_ASKED

    def test_and_opposed_again(self):
        person = waiting()
        for _time in range(2):
            opposing.oppose(person_id=person.pk, wish=wish(), at=NOON)
            opposing.withdraw(person_id=person.pk, wish=wish(), at=NOON)
        last = opposing.oppose(person_id=person.pk, wish=wish(), at=NOON)

        assert Opposition.objects.count() == 3
        assert opposing.standing_opposition(person) == last

    def test_spa_08_the_opening_may_be_asked_for_at_once_and_only_once(self):
        person = waiting()
        for _time in range(2):
            opposing.ask_opening(person_id=person.pk, wish=wish(), at=NOON)

        assert state_of(person) == State.OPENING_ASKED
        assert PersonTransition.objects.count() == 1

    def test_an_opposition_is_not_passed_over_by_asking(self):
        person = waiting()
        opposing.oppose(person_id=person.pk, wish=wish(), at=NOON)

        with pytest.raises(NotConcernedError):
            opposing.ask_opening(person_id=person.pk, wish=wish(), at=NOON)

    def test_an_open_space_is_not_asked_for(self):
        person = waiting()
        open_yesterday(person)

        with pytest.raises(AlreadyOpenError):
            opposing.ask_opening(person_id=person.pk, wish=wish(), at=NOON)
