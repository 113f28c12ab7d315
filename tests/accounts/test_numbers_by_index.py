"""Who has a number is found by index: no reading of the whole register for one page (IDN-04)."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from apps.accounts.models import FormerInsNumber, InsIdentity
from apps.rollout.models import EligiblePerson
from tests import factories
from tests.harness.clock import NOON
from tests.rollout import factories as rollout

pytestmark = pytest.mark.django_db


PEOPLE = 3_000  # enough that no plan of a sound query reads them all


@pytest.fixture
def register() -> None:
    """People of whom the planner knows how many they are; of a few rows it may read the table as well."""
    numbers = [f"2{number:012d}" for number in range(PEOPLE)]
    who = factories.identity()
    InsIdentity.objects.bulk_create(
        InsIdentity(
            ins_number=number, ins_key="00", authority=who.authority, birth_family_name="X", birth_given_names="Y",
            first_given_name="Y", sex="F", birth_date="1980-01-01", birth_place="44109",
            folded_family="X", folded_first_given="Y",
        )
        for number in numbers
    )  # fmt: skip
    people = InsIdentity.objects.filter(ins_number__in=numbers)
    FormerInsNumber.objects.bulk_create(
        FormerInsNumber(identity=one, ins_number=f"7{one.ins_number[1:]}", authority=one.authority, ended_at=NOON)
        for one in people
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_insidentity, accounts_formerinsnumber")


def read_whole(rows) -> list[str]:
    """Tables that a plan reads from end to end."""
    (plan,) = json.loads(rows.explain(format="json"))
    return sorted(_tables(plan["Plan"]))


def _tables(node) -> set[str]:
    own = (
        {node["Relation Name"]}
        if "Relation Name" in node and not node.keys() & {"Index Cond", "Recheck Cond"}
        else set()
    )
    return own.union(*(_tables(below) for below in node.get("Plans", ())))


def former(identity: InsIdentity, number: str, authority: str = "x") -> None:
    FormerInsNumber.objects.create(identity=identity, ins_number=number, authority=authority, ended_at=NOON)


def test_present_and_former_numbers_mean_everybody_who_has_or_had_them_once():
    mine, before, _other = factories.identity(), factories.identity(), factories.identity()
    former(before, mine.ins_number)
    former(before, mine.ins_number, authority="y")
    former(mine, mine.ins_number, authority="z")

    assert sorted(InsIdentity.objects.with_number(mine.ins_number).values_list("pk", flat=True)) == sorted(
        [mine.pk, before.pk]
    )
    assert not InsIdentity.objects.filter(pk=_other.pk).with_number(mine.ins_number).exists()


@pytest.mark.usefixtures("register")
def test_a_number_is_found_by_index():
    assert read_whole(InsIdentity.objects.with_number(factories.identity().ins_number)) == []


@pytest.mark.usefixtures("register")
def test_minors_without_known_representative_are_told_by_index():
    known, had = factories.identity(), factories.identity()
    former(had, "2840644109555")
    minors = {
        number: rollout.person(situation="MINEUR", rl1_number=number, rl1_capacity="MERE" if number else "").pk
        for number in (known.ins_number, "2840644109555", "2840644109999", "")
    }

    rows = EligiblePerson.objects.without_known_representative()

    assert set(rows.values_list("pk", flat=True)) == {minors["2840644109999"], minors[""]}
    assert "accounts_insidentity" not in read_whole(rows)
