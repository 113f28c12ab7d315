"""Two parents, a guardian, and who hears of a choice (SPA-43, SPA-50; decisions.md 7)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.accounts.models import FormerInsNumber, InsIdentity
from apps.rollout.models import (
    Capacity,
    Channel,
    Conflict,
    EligiblePerson,
    Notice,
    Opposition,
)
from apps.rollout.services import opposing
from apps.rollout.services.wishes import ConflictOpenError, Contact
from tests import factories as portal
from tests.harness.clock import NOON
from tests.rollout import factories
from tests.rollout.letters import family, parents_wish, state_of, waiting, wish

pytestmark = pytest.mark.django_db
State, Hold = EligiblePerson.State, EligiblePerson.Hold
HOUR = timedelta(hours=1)


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

    def test_decisions_7_who_opposed_changes_nothing_before_the_decision(self):
        child, mother, father = family()
        opposing.oppose(person_id=child.pk, wish=parents_wish(mother), at=NOON)
        against = parents_wish(father, channel=Channel.PHONE, operator=portal.staff())
        opposing.withdraw(person_id=child.pk, wish=against, at=NOON)

        changed = opposing.withdraw(person_id=child.pk, wish=parents_wish(mother), at=NOON + HOUR)

        assert changed.conflict == Conflict.objects.get()
        assert state_of(child) == State.OPPOSED
        assert Opposition.objects.get().withdrawn_at is None

    def test_decisions_7_nor_closes_the_older_dmp(self):
        child, mother, father = family()
        EligiblePerson.objects.filter(pk=child.pk).update(had_dmp=True)
        opposing.oppose(person_id=child.pk, wish=parents_wish(mother), at=NOON)
        against = parents_wish(father, channel=Channel.PHONE, operator=portal.staff())
        opposing.withdraw(person_id=child.pk, wish=against, at=NOON)

        with pytest.raises(ConflictOpenError):
            opposing.confirm(person_id=child.pk, wish=parents_wish(mother), at=NOON + HOUR)

        assert state_of(child) == State.OPPOSED_DMP_KEPT

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

    def test_spa_43_neither_the_dead_nor_two_people_of_one_number_are_written_to(self):
        child, mother, father = family()
        InsIdentity.objects.filter(pk=father.pk).update(died_on="2026-11-01")
        opposing.oppose(person_id=child.pk, wish=parents_wish(mother), at=NOON)
        assert not Notice.objects.filter(kind=Notice.Kind.OTHER_PARENT).exists()

        InsIdentity.objects.filter(pk=father.pk).update(died_on=None)
        stranger = factories.person(mail="autre@example.fr").identity
        FormerInsNumber.objects.create(
            identity=stranger, ins_number=father.ins_number, authority=father.authority, ended_at=NOON
        )
        opposing.withdraw(person_id=child.pk, wish=parents_wish(mother), at=NOON)
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
