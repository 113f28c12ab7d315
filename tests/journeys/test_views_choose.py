from __future__ import annotations

import pytest
from django.urls import reverse

from tests import factories
from tests.signing import sign_in

pytestmark = pytest.mark.django_db
CHOOSE = "/choisir-espace/"


def test_one_space_is_passed_through(client):
    space = factories.space()
    answer = sign_in(client, factories.user(person=space.identity)).get(CHOOSE)
    assert (answer.status_code, answer.url) == (302, reverse("journeys:dashboard", args=[space.id]))


def test_several_spaces_are_cards_own_one_first(client):
    own = factories.space()
    child = factories.space(person=factories.child_identity())
    helped = factories.space(person=factories.identity(first_given_name="BRUNO"))
    factories.representation(of=child, person=own.identity)
    factories.delegation(of=helped, person=own.identity)
    page = sign_in(client, factories.user(person=own.identity)).get(CHOOSE).content.decode()
    places = [page.index(name) for name in ("Alice Morel</h2>", "Bruno M.</h2>", "Lea M.</h2>")]
    assert places == sorted(places)
    assert "vous représentez cette personne" in page
    assert "vous aidez cette personne" in page


@pytest.mark.parametrize("status", ["closed", None])
def test_no_space_is_explained_without_saying_which_reason(client, status):
    person = factories.identity()
    if status:
        factories.space(person=person, status=status, closed_at="2026-11-01T00:00Z")
    page = sign_in(client, factories.user(person=person)).get(CHOOSE).content.decode()
    assert "Aucun espace à votre nom" in page
    assert "Nous ne disons pas laquelle" in page


def test_person_whom_nobody_knows_gets_the_same_page(client):
    page = sign_in(client, factories.user()).get(CHOOSE).content.decode()
    assert "Aucun espace à votre nom" in page


def test_sec_34_sign_in_below_the_level_opens_nothing(client, settings):
    settings.HOLDER_MIN_LEVEL = "eidas2"
    space = factories.space()
    answer = sign_in(client, factories.user(person=space.identity)).get(CHOOSE)
    assert answer["Location"] == "/niveau-insuffisant/"


def test_visitor_signs_in_first(client):
    assert client.get(CHOOSE).url == f"/connexion/?next={CHOOSE}"
