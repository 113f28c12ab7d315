"""PU-02: from the number to the organisation, or to a request to join."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from apps.directory.models import Establishment
from apps.store.models import JoinRequest, Member, Publisher
from tests.cast import client_of
from tests.harness.client import PortalClient
from tests.harness.clock import NOON
from tests.store.factories import member, publisher, publisher_user
from tests.store.publishers.people import SIREN, SIRET, typed

pytestmark = pytest.mark.django_db
NEW, DETAILS, JOIN = (
    "/editeurs/organisme/nouveau/",
    "/editeurs/organisme/nouveau/coordonnees/",
    "/editeurs/organisme/rejoindre/",
)
OWN = "/editeurs/organisme/"


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def pia():
    return publisher_user(email="pia@souffle.example")


@pytest.fixture
def browser(pia):
    return client_of(pia)


def text(answer) -> str:
    return answer.content.decode().replace("&#x27;", "'").replace("\u00a0", " ").replace("\u202f", " ")


def test_pu_02_from_the_number_to_the_organisation(browser, pia):
    assert browser.post(NEW, {"company": "732 829 320 00074"})["Location"] == DETAILS
    page = text(browser.get(DETAILS))
    assert f'value="{SIRET}"' in page
    assert "ne connaissent pas ce numéro" in page

    assert browser.post(DETAILS, typed())["Location"] == OWN

    shown = text(browser.get(OWN))
    assert "Organisme créé" in shown
    assert "732 829 320 00074" in shown
    assert Member.objects.get(user=pia).roles == ["owner"]
    assert browser.get(NEW)["Location"] == OWN
    assert browser.get(DETAILS)["Location"] == OWN
    assert browser.get(JOIN)["Location"] == OWN


def test_what_the_registers_know_is_proposed(browser):
    Establishment.objects.create(
        finess="290000017", name="Clinique des Dunes", siret=SIRET, town="Brest", seen_on=date(2026, 11, 2)
    )
    browser.post(NEW, {"company": SIREN, "finess": "290000017"})

    page = text(browser.get(DETAILS))

    assert 'value="Clinique des Dunes"' in page
    assert f'value="{SIRET}"' in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"company": ""}, "Remplissez ce champ"),
        ({"company": "11122233344455"}, "sa clé n'est pas la bonne"),
        ({"company": "souffle"}, "9 chiffres d'un SIREN"),
        ({"company": SIREN, "finess": "290000010"}, "Ce numéro FINESS"),
    ],
)
def test_s32_a_wrong_number_is_told_beside_its_field(browser, given, words):
    answer = browser.post(NEW, given)

    assert answer.status_code == 422
    assert words in text(answer)
    assert browser.get(DETAILS)["Location"] == NEW


@pytest.mark.parametrize(
    "field", ["name", "siret", "security_email", "security_phone", "representative_name", "person"]
)
def test_pu_02_what_is_compulsory(browser, field):
    browser.post(NEW, {"company": SIRET})

    answer = browser.post(DETAILS, typed(**{field: ""}))

    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in text(answer)
    assert "Souffle &amp; Cie" in text(answer) or field == "name"  # what was typed stays
    assert not Publisher.objects.exists()


def test_a_fault_found_by_the_service_stands_beside_its_field(browser):
    browser.post(NEW, {"company": SIRET})

    answer = browser.post(DETAILS, typed(siret="35600000049837"))

    assert answer.status_code == 422
    assert "celui d'une autre entreprise" in text(answer)


class TestJoining:
    def test_s32_an_organisation_that_is_there_shows_nothing_of_itself(self, browser):
        own = publisher(siren=SIREN, siret=SIRET, name="Dunes et Souffle")
        assert browser.post(NEW, {"company": SIRET})["Location"] == JOIN

        page = text(browser.get(JOIN))

        assert "déjà inscrit" in page
        for secret in (own.name, own.contact_email, own.security_email, own.representative_name):
            assert secret not in page

    def test_it_is_asked_for_and_waits(self, browser, pia):
        publisher(siren=SIREN, siret=SIRET)
        browser.post(NEW, {"company": SIREN})
        assert browser.post(JOIN, {"name": "", "message": ""}).status_code == 422

        assert browser.post(JOIN, {"name": "Pia Lormont", "message": "Bonjour"})["Location"] == JOIN

        assert "Un administrateur de l'organisme doit répondre" in text(browser.get(JOIN))
        assert browser.get(NEW)["Location"] == JOIN
        wish = JoinRequest.objects.get()
        assert (wish.user, wish.name, wish.message) == (pia, "Pia Lormont", "Bonjour")

    def test_it_is_taken_back(self, browser):
        publisher(siren=SIREN, siret=SIRET)
        browser.post(NEW, {"company": SIREN})
        browser.post(JOIN, {"name": "Pia Lormont"})

        assert browser.post(f"{JOIN}retirer/")["Location"] == NEW

        assert "Demande retirée" in text(browser.get(NEW))
        assert JoinRequest.objects.get().is_accepted is False

    def test_without_a_number_one_begins_again(self, browser):
        assert browser.get(JOIN)["Location"] == NEW

    def test_somebody_was_quicker_while_the_form_was_open(self, browser):
        browser.post(NEW, {"company": SIRET})
        publisher(siren=SIREN, siret=SIRET)

        assert browser.post(DETAILS, typed())["Location"] == JOIN
        assert browser.get(JOIN).status_code == 200

    def test_sec_09_after_five_requests_a_day_the_page_says_when(self, browser):
        publisher(siren=SIREN, siret=SIRET)
        for _ in range(5):
            browser.post(NEW, {"company": SIREN})
            browser.post(JOIN, {"name": "Pia Lormont"})
            browser.post(f"{JOIN}retirer/")
        browser.post(NEW, {"company": SIREN})

        answer = browser.post(JOIN, {"name": "Pia Lormont"})

        assert answer.status_code == 422
        assert "Réessayez à partir de" in text(answer)


def test_visitors_sign_in_first_and_members_have_theirs():
    assert PortalClient().get(NEW)["Location"].startswith("/connexion/")
    assert client_of(member().user).get(NEW)["Location"] == OWN
