"""The main job: sign in, read, hide, see who looked, sign out (journey 6 of pages.md 25)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import NARROW, WIDE
from tests.e2e.pages import is_clean, sign_in

pytestmark = pytest.mark.e2e


def test_camille_reads_hides_and_sees_who_looked(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    reports: list[str] = []
    page.on(
        "console", lambda message: reports.append(message.text) if "Content Security Policy" in message.text else None
    )
    sign_in(page, "Camille Morel")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Bonjour Camille Morel"))

    open_laboratory_report(page)
    main = page.get_by_role("main")
    for words in ("Hémoglobine", "13,4", "au-dessous de la valeur de référence"):  # ferritin 14, reference 15 to 150
        expect(main).to_contain_text(words)

    hide(page)
    see_the_history(page)
    show_again(page)
    sign_out(page)
    page.go_back()
    page.reload()
    expect(page).to_have_url(re.compile("/connexion/"))
    assert reports == []


@pytest.mark.parametrize("title", ["téléconsultation", "Tracé", "Bilan"])
def test_three_other_kinds_of_documents_are_read(visitor: BrowserContext, title: str) -> None:
    page = visitor.new_page()
    sign_in(page, "Camille Morel")
    page.get_by_role("link", name="Documents", exact=True).first.click()
    page.get_by_role("link", name=re.compile(title)).first.click()
    expect(page.get_by_role("main")).to_contain_text("À propos de ce document")
    expect(page).not_to_have_title(re.compile(title))


@pytest.mark.parametrize("visitor", ["script"], indirect=True)  # axe is a script
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "320"])
def test_pages_of_a_space_are_accessible(
    visitor: BrowserContext, portal: str, theme: str, size: dict[str, int]
) -> None:
    visitor.add_cookies([{"name": "ens-theme", "value": theme, "url": portal}])
    page = visitor.new_page()
    page.set_viewport_size(size)
    for address in ("/", "/connexion/", "/accessibilite/", "/rien-ici/"):
        page.goto(address)
        is_clean(page)
    sign_in(page, "Camille Morel")
    home = page.url
    for address in ("", "documents/", "historique/", "historique/?vue=mes-actions"):
        page.goto(home + address)
        is_clean(page)
    page.goto(home + "documents/")
    document = page.get_by_role("link", name="Résultats de biologie", exact=True).first.get_attribute("href")
    for address in ("", "masquer/"):
        page.goto(f"{document}{address}")
        is_clean(page)


def open_laboratory_report(page: Page) -> None:
    page.get_by_role("link", name="Documents", exact=True).first.click()
    page.get_by_role("link", name="Résultats de biologie", exact=True).first.click()


def hide(page: Page) -> None:
    main = page.get_by_role("main")
    page.get_by_role("link", name=re.compile("^Masquer")).first.click()
    expect(main).to_contain_text("Les professionnels de santé ne le verront plus et ne sauront pas qu'il existe.")
    expect(main).to_contain_text("1 professionnel l'a déjà consulté")
    page.get_by_role("button", name="Masquer ce document").click()
    expect(page).to_have_title(re.compile("^Document masqué"))
    expect(main).to_contain_text("Masqué aux professionnels depuis le")


def see_the_history(page: Page) -> None:
    page.goto(page.url.split("/documents/")[0] + "/historique/")
    main = page.get_by_role("main")
    expect(main).to_contain_text("Anne Lefort")
    expect(main).to_contain_text("A lu un document")
    page.get_by_role("link", name="Mes actions").click()
    expect(main).to_contain_text("A masqué un document aux professionnels")


def show_again(page: Page) -> None:
    open_laboratory_report(page)
    page.get_by_role("link", name=re.compile("^Rendre visible")).first.click()
    page.get_by_role("button", name=re.compile("^Rendre visible")).click()
    expect(page.get_by_role("main")).not_to_contain_text("Masqué aux professionnels depuis le")


def sign_out(page: Page) -> None:
    tools = page.locator(".fr-header__tools")  # DSFR's script copies them into the menu of phones
    tools.locator("details.ens-account > summary").click()
    tools.get_by_role("button", name="Se déconnecter").click()
    expect(page).to_have_url(re.compile("/deconnexion/terminee/"))
