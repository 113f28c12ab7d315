"""O-08: what one of two representatives sees of a conflict: the child, the date, the outcome, not the other one."""

from __future__ import annotations

import pytest

from apps.rollout.models import Capacity, Channel, Conflict
from apps.rollout.services import opposing
from apps.rollout.services.wishes import Wish
from tests import factories as portal
from tests.cast import client_of
from tests.harness.clock import NOON
from tests.rollout import factories

pytestmark = pytest.mark.django_db
ADDRESS = "/opposition/conflit/"


@pytest.fixture
def parents():
    """Rosa opposed for Léa, Paul wants the space."""
    rosa = factories.person(identity=portal.identity(first_given_name="ROSA", birth_family_name="FERREIRA"))
    paul = factories.person(identity=portal.identity(first_given_name="PAUL", birth_family_name="DURAND"))
    child = factories.person(
        identity=portal.child_identity(), situation="MINEUR", rl1_number=rosa.identity.ins_number,
        rl2_number=paul.identity.ins_number,
    )  # fmt: skip
    factories.noticed(child, reader=rosa.identity)
    for act, by in ((opposing.oppose, rosa), (opposing.withdraw, paul)):
        wish = Wish(channel=Channel.PHONE, capacity=Capacity.PARENT, received_at=NOON, by=by.identity,
                    operator=portal.staff())  # fmt: skip
        act(person_id=child.pk, wish=wish, at=NOON)
    return rosa.identity, paul.identity


def seen_by(identity) -> str:
    return client_of(portal.user(person=identity)).get(ADDRESS).content.decode()


def test_o_08_each_of_the_two_sees_the_child_and_not_the_other_one(parents):
    rosa, paul = parents

    for who, other in ((rosa, "Paul"), (paul, "Rosa")):
        text = seen_by(who)
        assert "Lea M." in text
        assert "attend notre décision." in text
        assert other not in text.partition('<main id="contenu"')[2]


def test_o_08_the_decision_is_told(parents):
    Conflict.objects.update(outcome="opening", reason="jugement du 3 mars", decided_at=NOON, decided_by=portal.staff())

    text = seen_by(parents[0])

    assert "Décidé le 25 novembre 2026" in text.replace("\u00a0", " ")
    assert "jugement" not in text.partition('<ul class="ens-list')[2].partition("</ul>")[0]


def test_o_08_nobody_else_sees_anything(parents):
    text = seen_by(portal.identity())

    assert "Aucune demande contraire" in text
    assert "Lea" not in text


def test_o_08_queries_do_not_grow(parents, django_assert_max_num_queries):
    client = client_of(portal.user(person=parents[0]))
    client.get(ADDRESS)

    with django_assert_max_num_queries(8):
        client.get(ADDRESS)
