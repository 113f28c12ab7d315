"""Journey of a publisher: account by mail, second factor, organisation, members; a colleague asks to join."""

from __future__ import annotations

import re
import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from apps.accounts import factors
from tests.e2e.pages import is_clean
from tests.store.factories import luhn_siren, siret_of

pytestmark = pytest.mark.e2e
NARROW, WIDE = ViewportSize(width=320, height=640), ViewportSize(width=1280, height=900)
PASSWORD = "cinq mots sous la pluie fine"


def mailbox(portal: str) -> str:
    """Address of the mailbox of the demonstration."""
    return f"http://localhost:{(urlsplit(portal).port or 0) + 2}/"


def link_in_mail(page: Page, portal: str, *, to: str, path: str) -> str:
    """The link of the last mail to somebody, once it has come."""
    for _try in range(50):
        page.goto(mailbox(portal))
        row = page.get_by_role("row").filter(has_text=to).first
        if row.count():
            row.get_by_role("link").first.click()
            found = re.search(rf"http://localhost:\d+{path}[\w-]+/", page.content())
            if found:
                return found.group()
        page.wait_for_timeout(200)
    pytest.fail(f"no mail to {to}")


def clean(page: Page) -> None:
    """Wide and narrow."""
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)
        is_clean(page)


def account(page: Page, portal: str, email: str) -> None:
    """From the public page to the recovery codes that follow the second factor."""
    page.goto("/editeurs/")
    page.get_by_role("main").get_by_role("link", name="Créer mon organisme").click()
    page.get_by_label(re.compile("Adresse mail professionnelle")).fill(email)
    page.get_by_role("button", name="Envoyer le lien").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Regardez votre messagerie")
    page.goto(link_in_mail(page, portal, to=email, path="/mot-de-passe/nouveau/"))
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button").last.click()
    page.get_by_label(re.compile("Adresse mail")).fill(email)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    seed = page.locator("code").inner_text()
    page.get_by_label(re.compile("Code de votre")).fill(factors.code_of(secret=seed, step=int(time.time()) // 30))
    page.get_by_role("button", name="Ajouter et me connecter").click()
    expect(page).to_have_url(re.compile("/compte/connexion/codes/$"))


def given_number(page: Page, siret: str) -> None:
    page.goto("/editeurs/")
    page.get_by_role("main").get_by_role("link", name="Créer mon organisme").click()
    page.get_by_label(re.compile("Numéro SIREN ou SIRET")).fill(f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}")
    page.get_by_role("button", name="Continuer").click()


def register(page: Page, siret: str) -> None:
    given_number(page, siret)
    page.get_by_role("button", name="Créer l'organisme").click()
    expect(page.locator("#erreurs")).to_contain_text("à vérifier")
    clean(page)
    for label, value in {
        "Vos prénom et nom": "Nadia Le Bris", "Nom de l'organisme": "Souffle du Ponant", "SIRET de": siret,
        "Représentant légal : prénom et nom": "Ana Kerguelen", "Représentant légal : fonction": "Présidente",
        "Contact : adresse mail": "contact@souffle.example",
        "Contact sécurité : adresse mail": "alerte@souffle.example",
        "Contact sécurité : téléphone": "02 61 91 00 01",
    }.items():  # fmt: skip
        page.get_by_label(re.compile(label.replace(" :", "\u00a0:"))).fill(value)
    page.get_by_role("button", name="Créer l'organisme").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Organisme")
    expect(page.get_by_role("main")).to_contain_text("Organisme créé")
    clean(page)


def test_the_public_pages_are_clean(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    for path in (
        "/editeurs/",
        "/editeurs/inscription/",
        "/editeurs/inscription/envoyee/",
        "/editeurs/adresses/confirmer/",
    ):
        page.goto(path)
        clean(page)


@pytest.mark.parametrize("visitor", ["script"], indirect=True)
def test_a_publisher_comes_in_and_lets_a_colleague_in(browser: Browser, visitor: BrowserContext, portal: str) -> None:
    page, stamp = visitor.new_page(), time.monotonic_ns()
    siren = luhn_siren(stamp % 10_000_000)
    account(page, portal, f"nadia{stamp}@souffle.example")
    register(page, siret_of(siren))
    others = browser.new_context(base_url=portal, locale="fr-FR", viewport=WIDE)
    colleague = others.new_page()
    account(colleague, portal, f"marc{stamp}@souffle.example")
    given_number(colleague, siret_of(siren))
    expect(colleague.get_by_role("main")).to_contain_text("déjà inscrit")
    expect(colleague.get_by_role("main")).not_to_contain_text("Souffle du Ponant")
    clean(colleague)
    colleague.get_by_label(re.compile("Vos prénom et nom")).fill("Marc Delmas")
    colleague.get_by_role("button", name="Demander à rejoindre").click()
    clean(colleague)

    page.get_by_role("navigation").get_by_role("link", name="Organisme").first.click()
    page.get_by_role("main").get_by_role("link", name="Membres").click()
    clean(page)
    page.get_by_role("link", name="Marc Delmas").click()
    clean(page)
    page.get_by_role("button", name="Accepter cette personne").click()
    expect(page.get_by_role("main")).to_contain_text("2 membres")

    colleague.goto("/editeurs/organisme/")
    expect(colleague.get_by_role("main")).to_contain_text("Souffle du Ponant")
    expect(colleague.get_by_role("link", name="Modifier")).to_have_count(0)

    confirmed = link_in_mail(page, portal, to="alerte@souffle.example", path="/editeurs/adresses/")
    page.goto(confirmed)
    clean(page)
    page.get_by_role("button", name="Confirmer cette adresse").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Adresse confirmée")
    others.close()
