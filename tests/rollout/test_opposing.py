"""Opposing, changing one's mind, confirming (SPA-07, SPA-10, SPA-21, SPA-43, SPA-44; decisions.md 6 to 8)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.audit.models import AuditEvent
from apps.common.references import is_reference
from apps.files import services as files
from apps.files.models import Vault
from apps.files.services.content import Content
from apps.rollout.models import (
    Capacity,
    Channel,
    Conflict,
    EligiblePerson,
    Notice,
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
    Contact,
    NotConcernedError,
    NothingToWithdrawError,
    ReopeningError,
    Wish,
)
from apps.rollout.transitions import Step, move
from apps.spaces.models import HealthSpace
from tests import factories as portal
from tests.harness.clock import NOON
from tests.rollout import factories

pytestmark = pytest.mark.django_db
State, Hold = EligiblePerson.State, EligiblePerson.Hold
HOUR = timedelta(hours=1)


def wish(**values):
    return Wish(**{"channel": Channel.ONLINE, "capacity": Capacity.SELF, "received_at": NOON, **values})


def parents_wish(by, **values):
    return wish(capacity=Capacity.PARENT, by=by, **values)


def waiting(**values):
    """Somebody whose notice left ten days ago."""
    person = factories.person(**values)
    factories.noticed(person)
    return person


def family():
    """Two parents of the register and their child, whose notice went to the mother."""
    mother, father = factories.person(), factories.person(mail="pere@example.fr")
    child = factories.person(
        identity=portal.child_identity(),
        situation=EligiblePerson.Situation.MINOR,
        rl1_number=mother.identity.ins_number,
        rl2_number=father.identity.ins_number,
    )
    factories.noticed(child, reader=mother.identity)
    return child, mother.identity, father.identity


def opened(person, **values):
    """The space that the job opened a day before NOON."""
    space = portal.space(person=person.identity, **{"opened_at": NOON - timedelta(days=1), **values})
    move(person, Step(to=State.OPEN, at=space.opened_at, actor="rollout.open"))
    return space


def state_of(person):
    return EligiblePerson.objects.get(pk=person.pk).state


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


class TestAfterTheOpening:
    def test_s29_online_it_is_too_late(self):
        person = waiting()
        space = opened(person)

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
        space = opened(person)
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
        opened(person)
        late = wish(channel=Channel.POST, received_at=received_at, operator=portal.staff())

        with pytest.raises(AlreadyOpenError):
            opposing.oppose(person_id=person.pk, wish=late, at=NOON)

    def test_decisions_8_nor_after_an_activation(self):
        person = waiting()
        opened(person, account_activated_at=NOON - HOUR)
        late = wish(channel=Channel.POST, received_at=NOON - timedelta(days=2), operator=portal.staff())

        with pytest.raises(AlreadyOpenError):
            opposing.oppose(person_id=person.pk, wish=late, at=NOON)

        assert HealthSpace.objects.get().is_open

    def test_decisions_8_nor_when_the_opening_was_asked_for_since(self):
        person = waiting()
        opposing.ask_opening(person_id=person.pk, wish=wish(), at=NOON - timedelta(days=1))
        person.refresh_from_db()
        opened(person)
        late = wish(channel=Channel.POST, received_at=NOON - timedelta(days=2), operator=portal.staff())

        with pytest.raises(AlreadyOpenError):
            opposing.oppose(person_id=person.pk, wish=late, at=NOON)

    def test_a_space_that_was_closed_is_told_like_an_open_one(self):
        person = waiting()
        opened(person, status="closed", closed_at=NOON)

        with pytest.raises(AlreadyOpenError):
            opposing.oppose(person_id=person.pk, wish=wish(), at=NOON)

    def test_rol_14_an_older_dmp_makes_no_difference_then(self):
        person = waiting(had_dmp=True)
        opened(person)
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
        opened(person)

        with pytest.raises(AlreadyOpenError):
            opposing.ask_opening(person_id=person.pk, wish=wish(), at=NOON)


class TestParents:
    def test_decisions_7_the_other_parent_cannot_undo_it_alone(self):
        child, mother, father = family()
        opposing.oppose(person_id=child.pk, wish=parents_wish(mother), at=NOON)
        against = parents_wish(father, channel=Channel.PHONE, operator=portal.staff())

        changed = opposing.withdraw(person_id=child.pk, wish=against, at=NOON + HOUR)
        again = opposing.withdraw(person_id=child.pk, wish=against, at=NOON + 2 * HOUR)

        held = EligiblePerson.objects.get(pk=child.pk)
        assert (held.state, held.hold) == (State.OPPOSED, Hold.CONFLICT)
        assert changed.conflict == again.conflict == Conflict.objects.get()
        assert Conflict.objects.get().against == father
        told = Notice.objects.filter(kind=Notice.Kind.CONFLICT)
        assert {notice.reader_id for notice in told} == {mother.pk, father.pk}
        assert all(str(mother.pk) not in str(notice.facts) for notice in told)

    def test_decisions_7_an_opposition_after_the_other_asked_to_open(self):
        child, mother, father = family()
        opposing.ask_opening(person_id=child.pk, wish=parents_wish(mother), at=NOON)
        against = parents_wish(father, channel=Channel.POST, operator=portal.staff())

        made = opposing.oppose(person_id=child.pk, wish=against, at=NOON + HOUR)

        held = EligiblePerson.objects.get(pk=child.pk)
        assert (held.state, held.hold) == (State.OPPOSED, Hold.CONFLICT)
        assert Conflict.objects.get().opposition == made

    def test_decisions_7_an_operator_has_decided(self):
        child, mother, father = family()
        opposing.oppose(person_id=child.pk, wish=parents_wish(mother), at=NOON)
        against = parents_wish(father, channel=Channel.PHONE, operator=portal.staff())

        changed = opposing.withdraw(person_id=child.pk, wish=against, at=NOON, settled=True)

        assert changed.conflict is None
        assert state_of(child) == State.OPENING_ASKED

    def test_spa_43_each_parent_alone_and_both_at_one_mind_are_no_conflict(self):
        child, mother, father = family()
        first = opposing.oppose(person_id=child.pk, wish=parents_wish(mother), at=NOON)
        second = opposing.oppose(person_id=child.pk, wish=parents_wish(father), at=NOON)

        assert first == second
        assert Conflict.objects.count() == 0

    def test_spa_43_the_other_parent_is_told_and_nobody_is_named(self):
        child, mother, father = family()

        opposing.oppose(person_id=child.pk, wish=parents_wish(mother), at=NOON)

        told = Notice.objects.get(kind=Notice.Kind.OTHER_PARENT)
        assert (told.reader_id, told.channel) == (father.pk, "mail")
        assert told.facts == {"act": "opposed", "opposition": str(Opposition.objects.get().pk)}

    def test_spa_43_a_representative_whom_the_register_does_not_know_is_not_written_to(self):
        child, mother, _father = family()
        EligiblePerson.objects.filter(pk=child.pk).update(rl2_number="1991344109999")

        opposing.oppose(person_id=child.pk, wish=parents_wish(mother), at=NOON)

        assert not Notice.objects.filter(kind=Notice.Kind.OTHER_PARENT).exists()

    def test_spa_50_protected_person_and_guardian_contradict_each_other(self):
        guardian = factories.person()
        person = waiting(situation="MAJEUR_PROTEGE", measure="TUTELLE", rl1_number=guardian.identity.ins_number)
        by_guardian = wish(capacity=Capacity.PROTECTOR, by=guardian.identity)
        opposing.oppose(person_id=person.pk, wish=by_guardian, at=NOON)

        assert opposing.withdraw(person_id=person.pk, wish=wish(), at=NOON).conflict is not None

    def test_spa_48_at_eighteen_a_parents_no_does_not_bind(self):
        child, mother, _father = family()
        opposing.oppose(person_id=child.pk, wish=parents_wish(mother), at=NOON)
        grown_up = NOON + timedelta(days=365 * 10)

        changed = opposing.withdraw(person_id=child.pk, wish=wish(received_at=grown_up), at=grown_up)

        assert changed.conflict is None


class TestReceipts:
    def test_o_06_by_mail_to_the_address_that_was_typed(self):
        person = waiting()
        contact = Contact(channel=Notice.Channel.MAIL, mail="autre@example.fr")

        made = opposing.oppose(person_id=person.pk, wish=wish(contact=contact), at=NOON)

        notice = Notice.objects.get(kind=Notice.Kind.RECEIPT)
        assert (notice.channel, notice.address, notice.state) == ("mail", "autre@example.fr", "prepared")
        assert notice.facts == {"act": "opposed", "opposition": str(made.pk), "reference": made.reference}
        assert notice.message_id

    def test_o_06_by_post_to_the_address_of_the_register(self):
        child, mother, _father = family()
        contact = Contact(channel=Notice.Channel.POST)

        opposing.oppose(person_id=child.pk, wish=parents_wish(mother, contact=contact), at=NOON)

        notice = Notice.objects.get(kind=Notice.Kind.RECEIPT)
        assert (notice.channel, notice.address, notice.reader_id) == ("post", "", mother.pk)

    def test_one_receipt_an_act(self):
        person = waiting()
        contact = Contact(channel=Notice.Channel.POST)
        for _time in range(2):
            opposing.oppose(person_id=person.pk, wish=wish(contact=contact), at=NOON)
        for _time in range(2):
            opposing.withdraw(person_id=person.pk, wish=wish(contact=contact), at=NOON)

        acts = [notice.facts["act"] for notice in Notice.objects.filter(kind=Notice.Kind.RECEIPT).order_by("id")]
        assert acts == ["opposed", "withdrawn"]
