"""The console of the roll-out from the browser alone: one person plans and stops, another approves (RO-04, RO-08)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import NARROW, WIDE
from tests.e2e.pages import at_work, is_clean

pytestmark = pytest.mark.e2e


def plan(page: Page, *, name: str) -> str:
    """A wave of people who are still to come, counted first; its address."""
    page.goto("/deploiement/vagues/")
    is_clean(page)
    page.get_by_role("link", name="Préparer une vague").click()
    is_clean(page)
    page.get_by_label("Nom", exact=False).first.fill(name)
    page.get_by_label("Départements").fill("2A, 2B")
    page.get_by_label("Rattacher chaque jour").check(force=True)
    page.get_by_label("Premier envoi").fill(f"{timezone.localdate() + timedelta(days=30)}")
    page.get_by_label("Courriels par jour").fill("1000")
    page.get_by_label("Courriers par jour").fill("500")
    page.get_by_role("button", name="Compter sans enregistrer").click()
    expect(page.get_by_role("heading", name="Nombres et dates, rien n'est encore enregistré")).to_be_visible()
    is_clean(page)
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    expect(page.get_by_text("Brouillon enregistré")).to_be_visible()
    is_clean(page)
    assert page.get_by_role("link", name="Approuver").count() == 0
    return page.url


def test_sec_21_one_person_plans_and_stops_another_approves_and_starts_again(browser: Browser, portal: str) -> None:
    with (
        at_work(browser, portal, "deploiement", viewport=NARROW, script=True) as operator,
        at_work(browser, portal, "visa", viewport=WIDE, script=True) as approver,
    ):
        operator.bring_to_front()
        wave = plan(operator, name="Corse, nouveaux arrivants")
        approver.bring_to_front()
        approve(approver, wave)
        operator.bring_to_front()
        stop(operator)
        start_again(operator, approver)


def approve(page: Page, wave: str) -> None:
    page.goto(wave)
    page.get_by_role("link", name="Approuver").click()
    is_clean(page)
    page.get_by_role("button", name="Approuver cette vague").click()
    expect(page.get_by_text("Vague approuvée")).to_be_visible()


def stop(page: Page) -> None:
    page.goto("/deploiement/arret/")
    is_clean(page)
    page.get_by_label("Tout : toutes les vagues").check(force=True)
    page.get_by_label("Raison").or_(page.get_by_label("Pourquoi")).fill("essai de l'équipe")
    page.get_by_role("button", name="Arrêter maintenant").click()
    expect(page.get_by_text("Arrêt ordonné").first).to_be_visible()
    expect(page.get_by_text("Tout est arrêté").first).to_be_visible()
    is_clean(page)


def start_again(asker: Page, confirmer: Page) -> None:
    asker.get_by_role("link", name="Demander la reprise").click()
    asker.get_by_label("Pourquoi reprendre").fill("essai terminé")
    asker.get_by_role("button", name="Demander la reprise").click()
    expect(asker.get_by_text("attend une deuxième personne")).to_be_visible()
    confirmer.bring_to_front()
    confirmer.goto("/deploiement/")
    expect(confirmer.get_by_text("Tout est arrêté").first).to_be_visible()
    confirmer.get_by_role("link", name="Voir l'arrêt").click()
    confirmer.get_by_role("link", name="Confirmer la reprise").click()
    is_clean(confirmer)
    confirmer.get_by_role("button", name="Lever l'arrêt").click()
    expect(confirmer.get_by_text("Arrêt levé").first).to_be_visible()
    assert confirmer.locator(".fr-notice").count() == 0
