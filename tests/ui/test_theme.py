"""The theme: a cookie that the server reads, so that a page comes in the right theme without a script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from apps.ui.frame import Theme
from apps.ui.management.commands.ui_dark_css import dark_system_css

pytestmark = pytest.mark.django_db


def _opening(response):
    return re.search(r"<html[^>]*>", response.content.decode())[0]


@pytest.mark.parametrize(
    ("cookie", "opening"),
    [
        ("dark", '<html lang="fr" data-fr-scheme="dark" data-fr-theme="dark">'),
        ("light", '<html lang="fr" data-fr-scheme="light" data-fr-theme="light">'),
        ("system", '<html lang="fr" data-fr-scheme="system">'),
        ('"><script>', '<html lang="fr" data-fr-scheme="system">'),
    ],
)
def test_the_server_reads_the_cookie(client, cookie, opening):
    client.cookies["ens-theme"] = cookie

    response = client.get("/cookies/")

    assert _opening(response) == opening
    assert "Cookie" in response["Vary"]


def test_only_an_undecided_page_asks_for_the_styles_that_follow_the_device(client):
    assert b"dark-system" in client.get("/cookies/").content

    client.cookies["ens-theme"] = "light"
    assert b"dark-system" not in client.get("/cookies/").content


def test_the_form_sets_the_cookie_and_goes_back(client):
    response = client.post("/affichage/", {"theme": "dark", "next": "/mentions-legales/"})

    assert (response.status_code, response["Location"]) == (302, "/mentions-legales/")
    morsel = response.cookies["ens-theme"]
    assert (morsel.value, morsel["path"], morsel["samesite"], morsel["httponly"]) == ("dark", "/", "Lax", "")


@pytest.mark.parametrize("address", ["https://example.org/", "//example.org/", "javascript:alert(1)", ""])
def test_the_form_never_leads_to_another_site(client, address):
    assert client.post("/affichage/", {"theme": "dark", "next": address})["Location"] == "/"


def test_an_unknown_theme_follows_the_device(client):
    assert client.post("/affichage/", {"theme": "pink"}).cookies["ens-theme"].value == "system"


def test_the_form_shows_the_present_choice(client):
    client.cookies["ens-theme"] = "dark"

    html = client.get("/affichage/", {"next": "/cookies/"}).content.decode()

    assert re.search(r'id="choice-dark"[^>]* checked', html)
    assert '<input type="hidden" name="next" value="/cookies/">' in html


def test_theme_of_nothing_is_the_device():
    assert Theme.of(None) is Theme.SYSTEM


def test_the_styles_that_follow_the_device_are_those_of_the_installed_dsfr():
    stored = Path(finders.find("ui/dark-system.css"))

    assert stored.read_text(encoding="utf-8") == dark_system_css()
