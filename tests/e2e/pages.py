"""Steps and checks that journeys share."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from apps.accounts import factors
from apps.journeys.demonstration import staff


def sign_in(page: Page, name: str) -> None:
    """From the public home through the simulator of FranceConnect to the space of a test person."""
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="Se connecter").click()
    page.get_by_role("button", name=re.compile("FranceConnect")).click()
    page.get_by_label(re.compile(name)).first.check()
    page.get_by_role("button", name="Se connecter", exact=True).click()
    if re.search("/choisir-espace/", page.url):
        page.get_by_role("link", name="Ouvrir mon espace").click()
    expect(page).to_have_url(re.compile(r"/e/[0-9a-f-]{36}/$"))


def to_choice(page: Page, name: str) -> None:
    """From the page of sign-in through the simulator to the choice of a space."""
    page.goto("/connexion/")
    page.get_by_role("button", name=re.compile("FranceConnect")).click()
    page.get_by_label(re.compile(name)).first.check()
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page).to_have_url(re.compile("/choisir-espace/$"))


def staff_sign_in(page: Page, name: str) -> None:
    """Password, then the code of this half minute; a code that another journey has just used is taken once only."""
    page.goto("/connexion/identifiant/")
    page.get_by_label(re.compile("Adresse mail")).fill(f"{name}@demo.example")
    page.locator("#id_password").fill(staff.PASSWORD)
    page.get_by_role("button", name="Continuer").click()
    for _try in range(3):
        step = int(time.time()) // 30
        page.get_by_label(re.compile("Code de votre")).fill(factors.code_of(secret=staff.SEED, step=step))
        page.get_by_role("main").get_by_role("button", name="Se connecter").click()
        page.wait_for_load_state()
        if not page.url.endswith("/code/"):
            return
        page.wait_for_timeout(max(0, (step + 1) * 30 - time.time()) * 1000 + 500)


@contextmanager
def at_work(browser: Browser, portal: str, name: str, *, viewport: ViewportSize, script: bool) -> Iterator[Page]:
    """A member of the staff who has signed in and stands where their work begins."""
    context = browser.new_context(
        base_url=portal, locale="fr-FR", viewport=viewport, java_script_enabled=script, reduced_motion="reduce"
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    staff_sign_in(page, name)
    expect(page).to_have_url(re.compile("/deploiement/$"))
    yield page
    context.close()


SCRIPTS_RUN = """() => {
    const probe = document.createElement("div");
    probe.innerHTML = "<noscript><i></i></noscript>";
    return probe.querySelector("i") === null;
}"""


def is_clean(page: Page) -> None:
    """No scroll to the side, one h1 and no axe violation; axe waits for a timer that never comes without scripts."""
    assert page.locator("h1").count() == 1, page.url
    width, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width <= room, f"{page.url} scrolls to the side: {width} > {room}"
    if page.evaluate(SCRIPTS_RUN):
        found = Axe().run(page).response["violations"]
        assert [(item["id"], item["nodes"][0]["html"][:200]) for item in found] == [], page.url
