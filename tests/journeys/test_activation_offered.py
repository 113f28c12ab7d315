"""Who signs in and may activate is offered it instead of « Aucun espace à votre nom » (SPA-08, S-09)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.rollout.models import Capacity, Channel, Conflict
from apps.rollout.services import opposing
from apps.rollout.services.wishes import Wish
from tests import factories
from tests.cast import client_of
from tests.dmp.pages import main_of, words_of
from tests.harness.clock import NOON
from tests.rollout import factories as rollout

pytestmark = pytest.mark.django_db
CHOOSE, START = "/choisir-espace/", "/activation/"


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def conflict() -> Conflict:
    """Rosa opposed for Léa, another parent wants the space."""
    rosa, paul = rollout.person(identity=factories.identity()), rollout.person(identity=factories.identity())
    child = rollout.person(identity=factories.child_identity(), situation="MINEUR",
                           rl1_number=rosa.identity.ins_number, rl2_number=paul.identity.ins_number)  # fmt: skip
    rollout.noticed(child, reader=rosa.identity)
    for act, by in ((opposing.oppose, rosa), (opposing.withdraw, paul)):
        wish = Wish(channel=Channel.PHONE, capacity=Capacity.PARENT, received_at=NOON, by=by.identity,
                    operator=factories.staff())  # fmt: skip
        act(person_id=child.pk, wish=wish, at=NOON)
    return Conflict.objects.get()


def signed(identity):
    return client_of(factories.user(person=identity))


def test_spa_08_eligible_and_not_open_yet():
    person = rollout.person()
    page = signed(person.identity).get(CHOOSE)
    assert "Votre espace peut être activé" in words_of(page)
    assert f'href="{START}"' in main_of(page)
    assert "Aucun espace à votre nom" not in words_of(page)


def test_spa_10_an_opposed_person_is_offered_it_as_well():
    person = rollout.person(state="OPPOSED")
    assert "Votre espace peut être activé" in words_of(signed(person.identity).get(CHOOSE))


@pytest.mark.parametrize("state", ["NOT_OPENED_DEATH", "NOT_ELIGIBLE"])
def test_who_cannot_activate_reads_the_three_reasons(state):
    person = rollout.person(state=state)
    assert "Aucun espace à votre nom" in words_of(signed(person.identity).get(CHOOSE))


def test_decisions_07_a_conflict_is_offered_nothing():
    person = rollout.person(state="OPPOSED", hold="conflict")
    assert "Aucun espace à votre nom" in words_of(signed(person.identity).get(CHOOSE))


def test_o_08_whoever_is_in_a_conflict_finds_its_page_until_it_is_decided(conflict):
    rosa, other = signed(conflict.opposition.by), signed(factories.identity())
    page = rosa.get(CHOOSE)
    assert "Ouverture en attente (conflit) : Lea M." in words_of(page).replace("\u00a0", " ")
    assert 'href="/opposition/conflit/"' in main_of(page)
    assert "Ouverture en attente" not in words_of(other.get(CHOOSE))

    decider = factories.staff()
    Conflict.objects.update(outcome="opening", reason="jugement", decided_at=NOON, decided_by=decider)
    assert "Ouverture en attente" not in words_of(rosa.get(CHOOSE))


def test_a_closed_space_is_not_offered():
    person = rollout.person(state="OPEN")
    factories.space(person=person.identity, status="closed", closed_at=NOON)
    assert "Aucun espace à votre nom" in words_of(signed(person.identity).get(CHOOSE))


def test_somebody_unknown_to_the_register_reads_the_three_reasons():
    assert "Aucun espace à votre nom" in words_of(signed(factories.identity()).get(CHOOSE))


def test_who_helps_somebody_and_has_no_space_yet_has_both():
    person = rollout.person()
    helped = [factories.space(person=factories.identity(first_given_name=name)) for name in ("BRUNO", "AWA")]
    for space in helped:
        factories.delegation(of=space, person=person.identity)
    page = signed(person.identity).get(CHOOSE)
    assert "Bruno M." in words_of(page)
    assert "Espaces que vous pouvez activer" in words_of(page)


def test_spa_09_the_open_space_of_a_child_says_that_it_is_to_be_activated():
    rosa = rollout.person(state="OPEN_ACTIVE")
    factories.space(person=rosa.identity, account_activated_at=NOON)
    child = factories.space(person=rollout.person(identity=factories.child_identity(), state="OPEN").identity)
    factories.representation(of=child, person=rosa.identity)
    client = signed(rosa.identity)
    words = words_of(client.get(CHOOSE))
    assert words.count("À activer : ouvert, déjà alimenté") == 1
    assert "Espaces que vous pouvez activer" in words
    child.account_activated_at = NOON
    child.save()
    assert "À activer" not in words_of(client.get(CHOOSE))


def test_a_helper_is_not_told_about_activations():
    helper, others = factories.identity(), [factories.space(), factories.space()]
    for space in others:
        factories.delegation(of=space, person=helper)
    assert "À activer" not in words_of(signed(helper).get(CHOOSE))


def test_an_active_space_is_not_offered_again():
    person = rollout.person(state="OPEN_ACTIVE")
    space = factories.space(person=person.identity, account_activated_at=NOON)
    factories.delegation(of=factories.space(), person=person.identity)
    page = signed(person.identity).get(CHOOSE)
    assert reverse("journeys:dashboard", args=[space.pk]) in main_of(page)
    assert "Espaces que vous pouvez activer" not in words_of(page)


def test_the_number_of_queries_does_not_depend_on_the_spaces():
    person = rollout.person()
    client, counts = signed(person.identity), []
    for helped in (2, 18):
        for _ in range(helped):
            factories.delegation(of=factories.space(), person=person.identity)
        client.get(CHOOSE)
        with CaptureQueriesContext(connection) as queries:
            client.get(CHOOSE)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("address", ["/", "/plan-du-site/", "/connexion/"])
def test_the_activation_is_found_from_the_public_pages(address):
    assert f'href="{START}"' in main_of(client_of(None).get(address))
