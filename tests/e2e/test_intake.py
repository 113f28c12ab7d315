"""Imports and requests by phone from the browser alone, on a phone without JavaScript (RO-02, RO-06)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from apps.rollout.validation.columns import COLUMNS
from tests.e2e.conftest import NARROW, WIDE
from tests.e2e.pages import at_work, is_clean
from tests.rollout.files import row

pytestmark = pytest.mark.e2e
NEWCOMER = "2790244109777"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two people of whom one has an impossible sex: half of the lines are refused."""
    path = tmp_path / "nouveaux.csv"
    lines = [";".join(COLUMNS), row(matricule=NEWCOMER), row(matricule="2790244109778", sexe="X")]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_ro_02_a_file_is_tried_agreed_to_and_imported_then_somebody_objects_by_phone(
    browser: Browser, portal: str, file: Path
) -> None:
    with (
        at_work(browser, portal, "deploiement", viewport=NARROW, script=True) as operator,
        at_work(browser, portal, "visa", viewport=WIDE, script=True) as approver,
    ):
        operator.bring_to_front()
        address = bring(operator, file)
        approver.bring_to_front()
        agree(approver, address)
        operator.bring_to_front()
        look_until(operator, address, "Terminé")
        is_clean(operator)
        object_by_phone(operator)
        put_on_the_list(operator)


def bring(page: Page, file: Path) -> str:
    page.goto("/deploiement/imports/")
    is_clean(page)
    page.get_by_role("link", name="Déposer un fichier").first.click()
    is_clean(page)
    page.get_by_label("Fichier de cet ordinateur").set_input_files(file)
    page.get_by_role("button", name="Contrôler ce fichier").click()
    expect(page.get_by_text("Fichier reçu")).to_be_visible()
    address = page.url
    look_until(page, address, "50,0 % de lignes refusées")
    is_clean(page)
    page.get_by_role("link", name="Le sexe n'est ni").or_(
        page.get_by_role("link", name=re.compile("sexe"))
    ).first.click()
    is_clean(page)
    page.goto(address)
    page.get_by_role("link", name="Demander l'accord d'un approbateur").click()
    is_clean(page)
    page.get_by_role("button", name="Demander l'accord d'un approbateur").click()
    expect(page.get_by_text("Accord demandé")).to_be_visible()
    return address


def agree(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("link", name="Examiner et décider").click()
    is_clean(page)
    page.get_by_role("button", name="Donner l'accord et lancer l'import").click()
    expect(page.get_by_text("Import approuvé")).to_be_visible()
    is_clean(page)


def look_until(page: Page, address: str, words: str) -> None:
    """Load the page again, as somebody without JavaScript does."""
    for _try in range(60):
        page.goto(address)
        if words in page.inner_text("main").replace("\u00a0", " ").replace("\u202f", " "):
            return
        page.wait_for_timeout(1000)
    pytest.fail(f"never read: {words}")


def object_by_phone(page: Page) -> None:
    page.goto("/deploiement/oppositions/")
    is_clean(page)
    page.get_by_role("link", name="Saisir une demande").first.click()
    is_clean(page)
    page.get_by_label("Numéro de sécurité sociale").fill(NEWCOMER)
    page.get_by_role("button", name="Chercher", exact=True).click()
    is_clean(page)
    page.get_by_label("par téléphone").check(force=True)
    page.get_by_label("La personne", exact=True).check(force=True)
    page.get_by_role("button", name="Enregistrer l'opposition").click()
    expect(page.get_by_text("Opposition saisie").first).to_be_visible()
    is_clean(page)


def put_on_the_list(page: Page) -> None:
    page.goto("/deploiement/oppositions/saisir/introuvable/")
    is_clean(page)
    page.get_by_label("par téléphone").check(force=True)
    page.get_by_label("La personne", exact=True).check(force=True)
    page.get_by_label("Nom de naissance de la personne").fill("Inconnu")
    page.get_by_label("Premier prénom de la personne").fill("Ida")
    page.get_by_label("Date de naissance de la personne").fill("14/06/1984")
    page.get_by_label("Où joindre le demandeur").fill("06 39 98 00 01")
    page.get_by_role("button", name="L'inscrire sur la liste").click()
    expect(page.get_by_text("Inscrite sur la liste").first).to_be_visible()
    is_clean(page)
    page.goto("/deploiement/oppositions/")
    expect(page.get_by_text("I. I. né(e) en 1984, introuvable")).to_be_visible()
    is_clean(page)
