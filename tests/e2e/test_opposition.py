"""Opposing from a letter: under a minute, with and without JavaScript, wide and at 320 px (O-01 to O-07, REL-09)."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import NARROW, WIDE
from tests.e2e.letters import Letter
from tests.e2e.pages import is_clean

pytestmark = pytest.mark.e2e
A_MINUTE = 60


def of_kind(letters: list[Letter], situation: str) -> Letter:
    return next(letter for letter in letters if letter.situation == situation)


def test_an_adult_opposes_takes_the_receipt_and_changes_their_mind(
    visitor: BrowserContext, letters: list[Letter]
) -> None:
    page = visitor.new_page()
    page.goto("/")
    begun = time.monotonic()
    oppose(page, of_kind(letters, "MAJEUR"))
    assert time.monotonic() - begun < A_MINUTE
    reference = reference_on(page)

    with page.expect_download() as started:
        page.get_by_role("link", name="Télécharger le récépissé").click()
    assert started.value.suggested_filename == "recepisse.pdf"
    proof = re.search(r"Code de vérification\s*:\s*(\w{4}-\w{4})", page.get_by_role("main").inner_text())
    assert proof is not None
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre opposition est enregistrée")
    page.goto("/opposition/verifier/")
    assert reference_on(page) == reference

    change_ones_mind(page)
    check_receipt(page, reference, proof[1])


def oppose(page: Page, letter: Letter) -> None:
    """From the menu to the number."""
    page.get_by_role("link", name="M'opposer", exact=True).first.click()
    page.get_by_role("link", name="Commencer").click()
    enter(page, letter)
    page.get_by_label("Pour moi").check(force=True)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Je m'oppose à l'ouverture de l'espace").check(force=True)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_role("button", name="Confirmer mon opposition").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre opposition est enregistrée")
    expect(page).to_have_title(re.compile("^Opposition enregistrée"))


def change_ones_mind(page: Page) -> None:
    """Withdraw, then leave nothing to whoever sits down next."""
    page.goto("/opposition/choix/")
    page.get_by_role("link", name="Retirer mon opposition").click()
    expect(page.get_by_role("main")).to_contain_text("dans les 24 heures")
    page.get_by_role("button", name="Retirer mon opposition et ouvrir l'espace").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre opposition est retirée")
    page.get_by_role("button", name="Terminer et effacer cette page").click()
    page.goto("/opposition/enregistree/")
    expect(page).to_have_url(re.compile("/opposition/code/$"))


def check_receipt(page: Page, reference: str, proof: str) -> None:
    page.goto("/recepisse/")
    page.get_by_label("Numéro du récépissé").fill(reference)
    page.get_by_label(re.compile("^Code de vérification")).fill(proof)
    page.get_by_role("button", name="Vérifier").click()
    expect(page.get_by_role("main")).to_contain_text("Ce récépissé est authentique")
    expect(page.get_by_role("main")).to_contain_text("cette opposition ne vaut plus")


@pytest.mark.parametrize("visitor", ["script"], indirect=True)  # axe is a script
def test_every_step_for_a_child_is_clean_at_both_widths(visitor: BrowserContext, letters: list[Letter]) -> None:
    letter, page = of_kind(letters, "MINEUR"), visitor.new_page()
    for address in ("/opposition/", "/opposition/autrement/", "/recepisse/"):
        page.goto(address)
        is_clean_everywhere(page)

    page.goto("/opposition/code/")
    is_clean_everywhere(page)
    enter(page, replace(letter, year="1958"))
    expect(page).to_have_title(re.compile("^Erreur"))
    is_clean_everywhere(page)
    enter(page, letter)

    is_clean_everywhere(page)
    expect(page.get_by_label("Pour moi")).to_have_count(0)
    page.get_by_label("Pour mon enfant mineur").check(force=True)
    page.get_by_label(re.compile("^Je déclare exercer l'autorité parentale sur cet enfant")).check(force=True)
    page.get_by_label(re.compile("^Adresse mail pour le récépissé")).fill("parent@example.fr")
    page.get_by_role("button", name="Continuer").click()
    is_clean_everywhere(page)
    page.get_by_label("Je m'oppose à l'ouverture de l'espace").check(force=True)
    page.get_by_role("button", name="Continuer").click()
    is_clean_everywhere(page)
    page.get_by_role("button", name="Confirmer mon opposition").click()
    is_clean_everywhere(page)
    page.goto("/opposition/choix/")
    is_clean_everywhere(page)
    page.goto("/opposition/retirer/")
    is_clean_everywhere(page)


def enter(page: Page, letter: Letter) -> None:
    page.get_by_label(re.compile("^Code à 12 caractères")).fill(letter.code.lower())
    for label, value in (("Jour", letter.day), ("Mois", letter.month), ("Année", letter.year)):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Continuer").click()


def reference_on(page: Page) -> str:
    found = re.search(r"OPP-\w{5}-\w{6}", page.get_by_role("main").inner_text())
    assert found is not None
    return found[0]


def is_clean_everywhere(page: Page) -> None:
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)
        is_clean(page)
