from __future__ import annotations

from datetime import datetime

import pytest
from django.urls import reverse

from apps.accounts.models import StaffRole
from apps.common.dates import PARIS
from tests import factories
from tests.cast import client_of
from tests.signing import sign_in
from tests.store.factories import publisher_user

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


def test_spa_54_last_day_is_the_same_on_every_page(client):
    own, helped = factories.space(), factories.space(person=factories.identity(first_given_name="BRUNO"))
    end = datetime(2027, 7, 25, tzinfo=PARIS)  # midnight: the 24th is the last day
    factories.delegation(of=helped, person=own.identity, ends_at=end, sections={"documents": "read"})
    visit = sign_in(client, factories.user(person=own.identity))
    for address in (CHOOSE, f"/e/{helped.id}/", "/compte/invitations/"):
        page = visit.get(address).content.decode()
        assert "24\xa0juillet 2027" in page, address
        assert "25\xa0juillet 2027" not in page, address


def test_back_to_my_space_opens_it_without_a_choice(client):
    own, helped = factories.space(), factories.space(person=factories.identity(first_given_name="BRUNO"))
    factories.delegation(of=helped, person=own.identity, sections={"documents": "read"})
    visit = sign_in(client, factories.user(person=own.identity))
    band = f'<a href="{CHOOSE}?mien">Revenir à mon espace</a>'
    assert band in visit.get(f"/e/{helped.id}/").content.decode()
    answer = visit.get(f"{CHOOSE}?mien")
    assert (answer.status_code, answer.url) == (302, reverse("journeys:dashboard", args=[own.id]))


def test_back_to_my_space_is_a_choice_for_whoever_has_none(client):
    helper = factories.identity(first_given_name="ROSA")
    for name in ("BRUNO", "AWA"):
        space = factories.space(person=factories.identity(first_given_name=name))
        factories.delegation(of=space, person=helper)
    page = sign_in(client, factories.user(person=helper)).get(f"{CHOOSE}?mien").content.decode()
    assert [name in page for name in ("Awa M.</h2>", "Bruno M.</h2>")] == [True, True]


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


@pytest.mark.parametrize("role", [StaffRole.OPERATOR, StaffRole.APPROVER, StaffRole.SUPPORT])
def test_s_11_people_of_the_roll_out_are_sent_to_the_console(role):
    answer = client_of(factories.staff(role)).get(CHOOSE)
    assert answer.status_code == 302
    assert answer.url.startswith("/deploiement/")


def test_s_11_the_platform_operator_is_sent_to_the_quarantine():
    answer = client_of(factories.staff(StaffRole.PLATFORM)).get(CHOOSE)
    assert (answer.status_code, answer.url) == (302, reverse("journeys:quarantine"))


@pytest.mark.parametrize("role", StaffRole)
def test_s_11_every_role_of_the_staff_has_its_pages(role):
    answer = client_of(factories.staff(role)).get(CHOOSE)
    assert answer.url.startswith(("/deploiement/", "/exploitation/", "/instruction/"))


def test_s_11_a_publisher_goes_to_the_home_of_publishers():
    assert client_of(publisher_user()).get(CHOOSE).url == "/editeurs/"


def test_s_11_a_member_of_the_staff_with_a_space_works_and_does_not_read():
    space = factories.space()
    sam = factories.staff(StaffRole.OPERATOR, person=space.identity)
    assert client_of(sam).get(CHOOSE).url.startswith("/deploiement/")
