"""Activating from a letter, with and without JavaScript, wide and at 320 px (S-08, journey 4)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import NARROW, WIDE
from tests.e2e.letters import Letter
from tests.e2e.pages import is_clean

pytestmark = pytest.mark.e2e


def of_kind(letters: list[Letter], situation: str) -> Letter:
    return [letter for letter in letters if letter.situation == situation][-1]


def prove(page: Page, letter: Letter) -> None:
    """From the public home to the first step."""
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="J'ai reçu un courrier").click()
    page.get_by_role("link", name="Entrer le code d'un courrier").click()
    fill(page, letter)
    page.get_by_role("button", name="Continuer").click()
    expect(page).to_have_url(re.compile(r"/activation/[0-9a-f-]{36}/identite/$"))


def fill(page: Page, letter: Letter) -> None:
    page.get_by_label("Code à 12 caractères").fill(letter.code.lower())
    page.get_by_role("textbox", name="Jour", exact=True).fill(letter.day)
    page.get_by_role("textbox", name="Mois", exact=True).fill(letter.month)
    page.get_by_role("textbox", name="Année", exact=True).fill(letter.year)
    page.get_by_label("Numéro de sécurité sociale (15 chiffres)").fill(letter.number)


def test_an_adult_activates_from_the_letter(visitor: BrowserContext, letters: list[Letter]) -> None:
    page, letter = visitor.new_page(), of_kind(letters, "MAJEUR")
    prove(page, letter)
    expect(page).to_have_title(re.compile("étape 1 sur 5"))
    page.get_by_role("link", name="Continuer").click()
    page.get_by_role("link", name="Décider plus tard").click()
    page.get_by_role("link", name="Continuer").click()
    expect(page).to_have_title(re.compile("étape 4 sur 5"))
    page.get_by_role("button", name="Activer l'espace").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("L'espace est activé")

    page.go_back()
    page.reload()
    expect(page).to_have_url(re.compile("/termine/$"))

    page.goto("/activation/identite/")
    fill(page, letter)
    page.get_by_role("button", name="Continuer").click()
    expect(page.get_by_role("main")).to_contain_text("Ce code a déjà servi")


def test_a_parent_activates_for_a_child_and_declares_it(visitor: BrowserContext, letters: list[Letter]) -> None:
    page = visitor.new_page()
    prove(page, of_kind(letters, "MINEUR"))
    expect(page.get_by_role("main")).to_contain_text("Vous agissez pour cette personne, que vous représentez.")
    page.goto(page.url.replace("identite", "choix"))
    page.get_by_role("button", name="Activer l'espace").click()
    expect(page).to_have_title(re.compile("^Erreur"))
    page.get_by_label("Je déclare exercer l'autorité parentale sur cet enfant.").check(force=True)
    page.get_by_role("button", name="Activer l'espace").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("L'espace est activé")


def test_a_wrong_number_says_no_more_than_a_wrong_code(visitor: BrowserContext, letters: list[Letter]) -> None:
    page = visitor.new_page()
    first, other = letters[0], letters[1]
    said = []
    for code, number in ((first.code, other.number), ("K7MF-3QXT-9BRD", first.number)):
        page.goto("/activation/identite/")
        fill(page, Letter(code, first.year, first.month, first.day, first.situation, number))
        page.get_by_role("button", name="Continuer").click()
        said.append(page.locator("#erreurs").inner_text())
    assert said[0] == said[1]
    assert "Nous ne retrouvons pas ce code avec cette date de naissance et ce numéro." in said[0]


@pytest.mark.parametrize("visitor", ["script"], indirect=True)  # axe is a script
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_of_the_activation_are_accessible(
    visitor: BrowserContext, letters: list[Letter], portal: str, theme: str
) -> None:
    visitor.add_cookies([{"name": "ens-theme", "value": theme, "url": portal}])
    page = visitor.new_page()
    prove(page, letters[0])
    first = page.url
    for address in ("/activation/", "/activation/identite/", first, *(first.replace("identite", step) for step in
                    ("contact", "connexion", "choix"))):  # fmt: skip
        page.goto(address)
        for size in (NARROW, WIDE):
            page.set_viewport_size(size)
            is_clean(page)
    page.goto("/activation/identite/")
    page.get_by_role("button", name="Continuer").click()
    expect(page).to_have_title(re.compile("^Erreur"))
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)
        is_clean(page)
