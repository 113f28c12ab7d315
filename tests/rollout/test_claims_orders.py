"""Claims that come and go in any order: held is exactly who a claim that waits may mean (RO-06)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from apps.accounts.models import StaffRole
from apps.rollout.jobs import claiming
from apps.rollout.models import Channel, Claim, EligiblePerson
from apps.rollout.services import claims, intake
from tests import factories
from tests.harness.clock import NOON
from tests.rollout import factories as rollout
from tests.rollout.test_intake import entry, new

Hold, State = EligiblePerson.Hold, EligiblePerson.State
NAMES = ("MOREL", "DURAND", "PETIT")
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("open"), st.sampled_from(NAMES)),
        st.tuples(st.just("give up"), st.integers(0, 5)),
        st.tuples(st.just("found"), st.integers(0, 5)),
        st.tuples(st.just("return"), st.sampled_from(NAMES)),
        st.tuples(st.just("reach"), st.sampled_from(NAMES)),
        st.tuples(st.just("sweep"), st.just(0)),
    ),
    max_size=10,
)


class AnyOrderTests(TestCase):
    def setUp(self) -> None:
        self.actor = factories.at_work(factories.staff(StaffRole.OPERATOR))
        self.people = {
            name: rollout.person(
                identity=factories.identity(birth_family_name=name, first_given_name=name, birth_given_names=name)
            ).pk
            for name in NAMES
        }

    @settings(max_examples=40)
    @given(acts=ACTS)
    def test_ro_06_held_is_who_a_claim_that_waits_may_mean(self, acts):
        for act, what in acts:
            self.do(act, what)
            claiming.hold_claimed(at=NOON)
            for name, pk in self.people.items():
                person = EligiblePerson.objects.get(pk=pk)
                meant = Claim.objects.filter(state=Claim.State.WAITING, family_name=name).exists()
                if person.state == State.OPPOSED:
                    assert not (person.hold == Hold.CLAIM and not meant)
                elif person.hold != Hold.RETURNED:
                    assert (person.hold == Hold.CLAIM) is meant, (act, what, name)

    def do(self, act: str, what: object) -> None:
        waiting = list(Claim.objects.filter(state=Claim.State.WAITING).order_by("entered_at", "id"))
        match act:
            case "open":
                claims.open_claim(actor=self.actor, new=new(family_name=str(what), given_name=str(what)), at=NOON)
            case "give up" if waiting:
                claim = waiting[int(str(what)) % len(waiting)]
                claims.give_up(actor=self.actor, claim_id=claim.pk, told_by=Channel.POST, at=NOON)
            case "found" if waiting:
                claim = waiting[int(str(what)) % len(waiting)]
                person_id = self.people[claim.family_name]
                intake.enter_opposition(
                    actor=self.actor, person_id=person_id, entry=entry(), at=NOON, claim_id=claim.pk
                )
            case "return":
                EligiblePerson.objects.filter(pk=self.people[str(what)], hold="").update(hold=Hold.RETURNED)
            case "reach":
                EligiblePerson.objects.filter(pk=self.people[str(what)], hold=Hold.RETURNED).update(hold="")
