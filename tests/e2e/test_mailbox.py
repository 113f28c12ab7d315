"""A professional writes, the holder reads and answers with a photo, the professional ends the exchange (M-01 to M-05).

Both ends are real: the pages of the portal and those of the simulated operator, SMTP over TLS between them.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from simulators.mssante_operator.samples.files import picture
from tests.e2e.conftest import NARROW, WIDE
from tests.e2e.pages import is_clean, sign_in

pytestmark = pytest.mark.e2e
CAMILLE = "284064410920445@patient.mssante.example"
PHOTO = {"name": "épaule gauche.png", "mimeType": "image/png", "buffer": picture()}
PATIENCE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The portal and the operator, in one browser each."""

    holder: Page
    operator: Page
    script: bool

    def is_clean(self) -> None:
        """At both widths; axe is a script."""
        for viewport in (NARROW, WIDE) if self.script else ():
            self.holder.set_viewport_size(viewport)
            is_clean(self.holder)
        width, room = self.holder.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert width <= room, self.holder.url

    def sent(self, sample: str, *, box: str) -> str:
        """Send a sample from a box to Camille; what the page says of the door's answer. It may be opening still."""
        page, end = self.operator, time.monotonic() + PATIENCE
        while (said := self._sent(page, sample, box)) == "Porte injoignable" and time.monotonic() < end:
            time.sleep(1)
        return said

    def _sent(self, page: Page, sample: str, box: str) -> str:
        page.goto("/exemples/")
        page.get_by_label("De", exact=True).select_option(box)
        page.get_by_label("Patient", exact=True).select_option(CAMILLE)
        page.get_by_label(sample).check()
        page.get_by_role("button", name="Envoyer").click()
        return page.get_by_role("main").locator("strong").first.inner_text()

    def mailbox(self) -> None:
        self.holder.goto(self.holder.url.partition("/e/")[0] + self.space + "messagerie/")

    @property
    def space(self) -> str:
        found = re.search(r"/e/[0-9a-f-]{36}/", self.holder.url)
        assert found is not None
        return found[0]


@pytest.fixture(params=[(WIDE, True), (NARROW, False)], ids=["wide", "narrow-no-script"])
def world(browser: Browser, portal: str, request: pytest.FixtureRequest) -> Iterator[World]:
    viewport, script = request.param
    with_portal, with_operator = (
        _context(browser, address, viewport, script=script) for address in (portal, _operator_of(portal))
    )
    made = World(holder=with_portal, operator=with_operator, script=script)
    sign_in(made.holder, "Camille Morel")
    yield made
    for page in (with_portal, with_operator):
        page.context.close()


def _context(browser: Browser, address: str, viewport: ViewportSize, *, script: bool) -> Page:
    context = browser.new_context(
        base_url=address, locale="fr-FR", viewport=viewport, java_script_enabled=script, reduced_motion="reduce"
    )
    context.set_default_timeout(10_000)
    return context.new_page()


def _operator_of(portal: str) -> str:
    start, _, port = portal.rpartition(":")
    return f"{start}:{int(port) + 4}"


def patiently(page: Page, is_there: Callable[[], bool]) -> None:
    """Workers carry mails on; the page is asked again until it shows what was waited for."""
    for _ in range(PATIENCE):
        if is_there():
            return
        page.wait_for_timeout(500)
        page.reload()
    pytest.fail(f"{page.url}: {page.get_by_role('main').inner_text()[:600]}")


def answer_with_a_photo(world: World, text: str) -> None:
    """From a conversation: text, photo, check, send."""
    page = world.holder
    page.get_by_label("Votre message").fill(text)
    page.get_by_role("button", name="Ajouter un document").click()
    page.locator("input[type=file]").set_input_files(PHOTO)  # type: ignore[arg-type]  a dictionary of its type
    page.get_by_role("button", name="Ajouter les fichiers choisis").click()
    expect(page.get_by_role("main")).to_contain_text("épaule gauche.png")
    world.is_clean()
    page.get_by_role("button", name="Vérifier et envoyer").click()
    patiently(page, lambda: page.get_by_role("button", name="Envoyer", exact=True).count() == 1)
    world.is_clean()
    page.get_by_role("button", name="Envoyer", exact=True).click()


def test_mss_24_mss_50_a_professional_writes_and_ends_what_the_holder_answers(world: World) -> None:
    page, operator = world.holder, world.operator

    before = letters(world, "Analyses de sang")
    assert world.sent("Résultats d'analyses :", box="rives") == "Accepté : 250"
    open_letter(world, "Analyses de sang", more_than=before)
    expect(page.get_by_role("main")).to_contain_text("les résultats de vos analyses")
    expect(page.get_by_role("main").locator(".ens-msg__file")).to_have_count(1)
    world.is_clean()
    save_the_document(world)
    answer_with_a_photo(world, "Merci, j'ai aussi une photo.")
    expect(page.get_by_role("heading", name=re.compile("Vérifiez"))).to_have_count(0)

    operator.goto("/boites/rives/")
    patiently(operator, lambda: operator.get_by_role("link", name=re.compile("Analyses de sang")).count() > 1)
    operator.get_by_role("link", name=re.compile("Re: ")).first.click()
    expect(operator.get_by_role("main")).to_contain_text("j'ai aussi une photo")
    expect(operator.get_by_role("main")).to_contain_text("épaule gauche.png")
    shown = operator.get_by_role("img", name="Image jointe")
    assert shown.evaluate("image => image.naturalWidth") == 96

    operator.get_by_role("link", name="Répondre").click()
    operator.get_by_label("Objet").fill("[FIN]")
    operator.get_by_role("button", name="Envoyer").click()
    expect(operator.get_by_role("main")).to_contain_text("Accepté : 250")
    patiently(page, lambda: page.get_by_label("Votre message").count() == 0)
    expect(page.get_by_role("main")).to_contain_text("Aucune réponse possible")
    world.is_clean()


def test_mss_11_the_address_is_copied_by_one_button(world: World) -> None:
    world.mailbox()
    page = world.holder
    page.locator("summary", has_text="Mon adresse").click()
    button = page.get_by_role("button", name="Copier l'adresse")
    if not world.script:
        expect(button).to_be_hidden()
        expect(page.locator("#adresse")).to_have_text(CAMILLE)
        return
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button.click()
    expect(page.get_by_role("status").filter(has_text="Adresse copiée")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == CAMILLE
    world.is_clean()


def save_the_document(world: World) -> None:
    """Into the record, once: the same results of the same day are one document (MSS-54); back to the conversation."""
    page, here = world.holder, world.holder.url
    link = page.get_by_role("link", name=re.compile("Enregistrer dans mes documents")).first
    patiently(page, lambda: link.count() > 0)  # the antivirus has looked at the file
    link.click()
    button = page.get_by_role("button", name="Enregistrer dans mes documents")
    known = page.get_by_text("déjà dans vos documents")
    patiently(page, lambda: button.count() + known.count() > 0)
    world.is_clean()
    if button.count():
        button.click()
    page.goto(page.url.partition("/e/")[0] + world.space + "documents/")
    expect(page.get_by_role("main").get_by_role("link", name=re.compile("Analyses de sang"))).to_have_count(1)
    page.goto(here)


def letters(world: World, subject: str) -> int:
    """How many conversations of this subject there are."""
    world.mailbox()
    return world.holder.get_by_role("main").get_by_role("link", name=re.compile(subject)).count()


def open_letter(world: World, subject: str, *, more_than: int) -> None:
    """The newest conversation of this subject, once the workers have filed it."""
    world.mailbox()
    links = world.holder.get_by_role("main").get_by_role("link", name=re.compile(subject))
    patiently(world.holder, lambda: links.count() > more_than)
    world.is_clean()
    links.first.click()
