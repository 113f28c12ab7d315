"""Choices of a holder: a professional is blocked, the notice of it arrives (SE-02, SE-05, NOT-06; ACC-10)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import NARROW, WIDE
from tests.e2e.pages import is_clean, sign_in

pytestmark = pytest.mark.e2e
DOCTOR = "Dr Karim Benali"
UNREAD = "notifications/?etat=non-lues"
FOCUSED = "document.activeElement === document.body ? null : document.activeElement.outerHTML"


def unread_on(page: Page) -> set[str]:
    """Addresses of the notices that the page of unread ones shows."""
    return {link.get_attribute("href") or "" for link in page.locator("main .ens-list__title a").all()}


def test_camille_blocks_a_professional_and_is_told(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    main = page.get_by_role("main")
    sign_in(page, "Camille Morel")
    home = page.url

    open_doctor(page, home)
    page.get_by_role("link", name="Bloquer", exact=True).click()
    expect(main).to_contain_text("Il ne pourra plus consulter votre dossier, même si vous l'aviez autorisé.")
    page.get_by_role("button", name="Bloquer", exact=True).click()
    expect(page).to_have_title(re.compile("^Professionnel bloqué"))
    expect(main).to_contain_text("Bloqué depuis le")

    page.goto(home + UNREAD)
    notice = main.get_by_role("link", name=re.compile("^Un choix qui dit qui peut voir"))
    expect(notice.first).to_be_visible()
    before = unread_on(page)
    main.get_by_role("button", name=re.compile("Tout marquer comme lu")).click()
    page.goto(home + UNREAD)
    expect(notice).to_have_count(0)
    since = unread_on(page)  # what is told of her many sign-ins may come in between
    assert not before & since
    tools = page.locator(".fr-header__tools")
    told = {0: "Aucune notification non lue", 1: "1 notification non lue"}
    name = told.get(len(since), f"{len(since)} notifications non lues")
    expect(tools.get_by_role("link", name=name)).to_be_visible()

    open_doctor(page, home)
    page.get_by_role("link", name="Débloquer", exact=True).click()
    page.get_by_role("button", name="Débloquer", exact=True).click()
    expect(page).to_have_title(re.compile("^Professionnel débloqué"))
    expect(main).not_to_contain_text("Bloqué depuis le")


@pytest.mark.parametrize("visitor", ["script"], indirect=True)  # axe is a script
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_of_choices_are_accessible(visitor: BrowserContext, portal: str, theme: str) -> None:
    visitor.add_cookies([{"name": "ens-theme", "value": theme, "url": portal}])
    page = visitor.new_page()
    sign_in(page, "Camille Morel")
    home = page.url
    for address in ("parametres/", "confidentialite/", "urgence/", "professionnels/", "professionnels/metiers/",
                    "proches/", "proches/inviter/", "representants/", "notifications/", "alertes/"):  # fmt: skip
        page.goto(home + address)
        for size in (NARROW, WIDE):
            page.set_viewport_size(size)
            is_clean(page)


@pytest.mark.parametrize("visitor", ["script"], indirect=True)
def test_keyboard_alone_reaches_a_document_and_never_gets_stuck(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    sign_in(page, "Camille Morel")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Contenu")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")

    page.reload()
    stops = []
    for _ in range(80):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate("document.activeElement === document.body ? null : document.activeElement.outerHTML")
        )
        if stops[-1] is None:
            break
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", stops[-1][:200]
    assert stops[-1] is None, "the tab key never leaves the page"


def open_doctor(page: Page, home: str) -> None:
    """By the search: whoever is blocked and unblocked again stands on no list."""
    page.goto(home + "professionnels/chercher/")
    page.get_by_label(re.compile("^Nom de famille")).fill("benali")
    page.get_by_role("button", name="Rechercher", exact=True).click()
    page.get_by_role("main").get_by_role("link", name=DOCTOR).first.click()
