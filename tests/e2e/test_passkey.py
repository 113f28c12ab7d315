"""S-05 in a real browser, with an authenticator that Chromium simulates."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from apps.accounts import factors
from apps.journeys.demonstration import staff
from tests.e2e.pages import is_clean

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("visitor", ["script"], indirect=True)
def test_a_member_of_the_staff_adds_a_passkey_and_signs_in_with_it(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    reports: list[str] = []
    page.on("console", lambda message: reports.append(message.text) if "Security Policy" in message.text else None)
    device = visitor.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": {**options, "isUserVerified": True}})
    sign_in(page, "plateforme@demo.example")
    page.goto("/compte/connexion/")
    is_clean(page)

    page.get_by_role("main").get_by_role("link", name="Ajouter une clé d'accès").click()
    is_clean(page)
    page.get_by_label(re.compile("Nom de cette clé")).fill("Clé de Chromium")
    page.get_by_role("button", name="Ajouter une clé d'accès").click()
    expect(page.get_by_role("main")).to_contain_text("Clé de Chromium")

    page.context.clear_cookies()
    page.goto("/connexion/")
    page.get_by_role("link", name="Utiliser une clé d'accès").first.click()
    is_clean(page)
    expect(page.get_by_text("Votre appareil n'a pas donné de clé d'accès.")).to_be_hidden()
    page.get_by_role("button", name="Utiliser ma clé d'accès").click()
    expect(page).to_have_url(re.compile("/exploitation/quarantaine/$"))
    assert reports == []


@pytest.mark.parametrize("visitor", ["no-script"], indirect=True)
def test_without_javascript_the_page_leads_to_the_password(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.goto("/connexion/cle-acces/")
    expect(page.get_by_role("button", name="Utiliser ma clé d'accès")).to_be_hidden()
    sign_in(page, "instruction@demo.example")


def sign_in(page: Page, email: str) -> None:
    """Password, then the code of this half minute; it leads to the work of the role."""
    page.goto("/connexion/identifiant/")
    page.get_by_label(re.compile("Adresse mail")).fill(email)
    page.locator("#id_password").fill(staff.PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    code = factors.code_of(secret=staff.SEED, step=int(time.time()) // 30)
    page.get_by_label(re.compile("Code de votre application")).fill(code)
    page.get_by_role("main").get_by_role("button", name="Se connecter").click()
    expect(page).to_have_url(re.compile("/exploitation/quarantaine/$|/instruction/$"))
