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


def read_whole(rows) -> list[str]:
    """Tables that a plan reads from end to end, although every index may help it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
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


def test_a_number_is_found_by_index():
    assert read_whole(InsIdentity.objects.with_number(factories.identity().ins_number)) == []


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
