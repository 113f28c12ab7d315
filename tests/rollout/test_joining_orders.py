"""Whatever order the numbers of one person come in: one identity, one register row, one space (decisions.md 31)."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from apps.accounts.models import FormerInsNumber, InsIdentity
from apps.rollout.models import EligiblePerson
from tests.harness.clock import NOON
from tests.rollout.files import NIA, SOPHIE, content, row, run_import

FIRST, SECOND = "8790299000001", "8790299000002"
LINES = {
    SOPHIE: row(),
    FIRST: row(matricule=FIRST, nature="NIA", oid=NIA),
    SECOND: row(matricule=SECOND, nature="NIA", oid=NIA),
}
FILES = st.lists(st.lists(st.sampled_from(sorted(LINES)), min_size=1, max_size=3, unique=True), max_size=4)


def bring_in(numbers: list[str], day: int) -> None:
    run_import(content(*(LINES[number] for number in numbers)), at=NOON + timedelta(days=day))


def numbers_known() -> set[str]:
    return {
        *InsIdentity.objects.values_list("ins_number", flat=True),
        *FormerInsNumber.objects.values_list("ins_number", flat=True),
    }


class AnyOrderTests(TestCase):
    @settings(max_examples=40)
    @given(files=FILES)
    def test_decisions_31_files_in_any_order_end_in_one_person(self, files):
        seen: set[str] = set()
        for day, numbers in enumerate(files):
            bring_in(numbers, day)
            seen |= set(numbers)
            assert numbers_known() >= seen  # no number is ever forgotten (IDN-04)
            assert EligiblePerson.objects.filter(double_of=None).exists()  # one of two always opens
        for day in (10, 11):
            bring_in([SOPHIE, FIRST, SECOND], day)

        assert InsIdentity.objects.get().ins_number == SOPHIE
        assert EligiblePerson.objects.get().double_of is None
        assert set(FormerInsNumber.objects.values_list("ins_number", flat=True)) == {FIRST, SECOND}

    @settings(max_examples=25)
    @given(files=FILES, at=st.integers(min_value=0, max_value=3))
    def test_idn_04_whoever_has_a_space_keeps_identity_and_state(self, files, at):
        bring_in([FIRST], 0)
        person = EligiblePerson.objects.get()
        EligiblePerson.objects.filter(pk=person.pk).update(state=EligiblePerson.State.OPEN, notice_sent_at=NOON)
        for day, numbers in enumerate([*files[:at], [SOPHIE, FIRST], *files[at:]], 1):
            bring_in(numbers, day)

        person.refresh_from_db()
        assert (person.state, person.identity.ins_number) == (EligiblePerson.State.OPEN, SOPHIE)
        assert not EligiblePerson.objects.filter(state=EligiblePerson.State.OPEN).exclude(pk=person.pk).exists()
