"""Public pages: home (P-01), site map (P-06), legal pages (LE-01)."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.conf import settings
from django.urls import reverse

from apps.journeys import service_state
from apps.journeys.legal_pages import LegalPage

pytestmark = pytest.mark.django_db

TITLES = {
    "mentions-legales": "Mentions légales",
    "donnees-personnelles": "Données personnelles",
    "conditions": "Conditions d'utilisation",
    "accessibilite": "Accessibilité",
    "securite": "Sécurité",
    "cookies": "Cookies",
}


@pytest.fixture(autouse=True)
def _forget_the_state():
    service_state._looked_at.cache_clear()


def _title(response):
    return re.search(r"<title>(.*?)</title>", response.content.decode())[1].replace("&#x27;", "'")


def test_p_01_says_what_the_service_is(client):
    response = client.get("/")
    html = response.content.decode()

    assert response.status_code == 200
    assert _title(response) == "Accueil – Espace santé"
    assert "<h1>Vos documents de santé réunis, et vous décidez qui les voit</h1>" in html
    assert "Vos droits en 4 phrases" in html
    assert "il est déclaré non conforme" in html
    assert response["X-Robots-Tag"] == "all"


def test_p_01_the_state_of_the_service_was_looked_at(client):
    with time_machine.travel("2026-11-25T09:40:12+01:00", tick=False):
        html = client.get("/").content.decode()

    assert "Tout fonctionne. Vérifié aujourd'hui à 9\u00a0h\u00a040." in html


def test_p_01_a_broker_that_is_away_is_said(client, settings):
    settings.BROKER_URL = "redis://127.0.0.1:1/0"

    html = client.get("/").content.decode()

    assert "Une partie du service ne répond pas." in html
    assert "Tout fonctionne" not in html


def test_p_01_the_service_is_looked_at_twice_a_minute_at_most(client, settings):
    with time_machine.travel("2026-11-25T09:40:00+01:00", tick=False) as traveller:
        client.get("/")
        settings.BROKER_URL = "redis://127.0.0.1:1/0"
        traveller.shift(29)
        assert "Tout fonctionne" in client.get("/").content.decode()
        traveller.shift(1)
        assert "Tout fonctionne" not in client.get("/").content.decode()


def test_p_01_a_visitor_costs_only_the_look_at_the_database(client, django_assert_num_queries):
    client.get("/")

    with django_assert_num_queries(0):
        client.get("/")


def test_no_page_of_the_frame_leads_nowhere(client):
    html = client.get("/").content.decode()

    for address in set(re.findall(r'href="(/[^"]*)"', html)):
        if not address.startswith(settings.STATIC_URL):
            assert client.get(address).status_code == 200, address
    assert 'href="#"' not in html


def test_p_06_the_site_map_lists_every_public_page(client):
    html = client.get("/plan-du-site/").content.decode()

    for page in LegalPage:
        assert html.count(f'href="/{page.value}/"') == 2  # in the page and in the footer


def test_every_legal_page_has_a_title_in_this_list():
    assert set(TITLES) == {page.value for page in LegalPage}


@pytest.mark.parametrize(("slug", "title"), TITLES.items())
def test_le_01_has_title_version_and_date(client, slug, title):
    response = client.get(reverse("journeys:legal", kwargs={"page": slug}))
    html = response.content.decode()

    assert response.status_code == 200
    assert _title(response) == f"{title} – Espace santé"
    assert "Version 1.0, en vigueur depuis le 25\u00a0novembre 2026." in html
    assert html.count("<h1>") == 1
    assert response["X-Robots-Tag"] == "all"


@pytest.mark.parametrize("slug", TITLES)
def test_le_01_french_typography(client, slug):
    main = re.search(r"<main.*</main>", client.get(f"/{slug}/").content.decode(), re.DOTALL)[0]
    text = re.sub(r"<[^>]*>", "", main)

    assert re.findall(r".{0,20} [:;!?»].{0,5}|.{0,5}« .{0,20}", text) == []


def test_le_01_the_state_of_accessibility_is_a_setting(client, settings):
    settings.ACCESSIBILITY_STATE = "partiellement conforme"

    html = client.get("/accessibilite/").content.decode()

    assert "déclaré <strong>partiellement conforme</strong>" in html
    assert "Accessibilité\u00a0: partiellement conforme" in html


@pytest.mark.parametrize("demo", [True, False])
def test_le_01_says_whether_it_is_a_demonstration(client, settings, demo):
    settings.ENS_ENV = "demo" if demo else "production"

    html = client.get("/mentions-legales/").content.decode()

    assert ("Ce site est une démonstration" in html) is demo
    assert ("N'entrez rien de réel." in html or "N&#x27;entrez rien de réel." in html) is demo


def test_sec_33_security_txt_is_valid_for_less_than_a_year(client):
    with time_machine.travel("2026-11-25T09:00:00+01:00", tick=False):
        response = client.get("/.well-known/security.txt")

    lines = response.content.decode().splitlines()
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert f"Contact: {settings.PORTAL_URL}/securite/" in lines
    assert "Expires: 2027-05-24T00:00:00Z" in lines


def test_an_unknown_address_is_the_page_of_er_01(client):
    response = client.get("/rien/")

    assert response.status_code == 404
    assert _title(response) == "Erreur 404 – Page introuvable – Espace santé"
    assert response["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("address", ["/", "/plan-du-site/", "/cookies/"])
def test_public_pages_are_read_only(client, address):
    response = client.post(address)

    assert response.status_code == 405
    assert "Action impossible ici" in response.content.decode()
