"""Files of every kind inside documents, on a wide screen and on a phone, and what goes on paper (D-03, D-05, D-08)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import NARROW, WIDE
from tests.e2e.pages import is_clean, sign_in

pytestmark = pytest.mark.e2e
WORDS = {
    "Carnet d'exercices": "Page 2 sur 30",
    "reçue par télécopie": "Page 2 sur 2",
    "Lettre au médecin": "La marche est normale",
}


@pytest.mark.parametrize("title", WORDS)
def test_a_file_is_read_in_the_page(visitor: BrowserContext, title: str) -> None:
    page = visitor.new_page()
    open_document(page, title)

    expect(page.get_by_role("main")).to_contain_text(WORDS[title])
    for picture in page.locator(".dmp-page img").all()[:2]:
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", value=True)
        assert picture.evaluate("image => image.naturalWidth") >= 720


@pytest.mark.parametrize("visitor", ["script"], indirect=True)  # axe is a script
def test_pages_of_documents_are_accessible(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        for title in WORDS:
            open_document(page, title)
            is_clean(page)
    address = page.url
    for part in ("imprimer/", "versions/"):
        page.goto(address + part)
        is_clean(page)


def open_document(page: Page, title: str) -> None:
    if page.url == "about:blank":
        sign_in(page, "Camille Morel")
    page.goto(page.url.partition("/documents/")[0].rstrip("/") + "/documents/")
    page.get_by_role("link", name=re.compile(title)).first.click()
    for _ in range(200):  # the worker prepares what the demonstration has just filed
        if page.get_by_text("En préparation.").count() == 0:
            return
        page.get_by_role("link", name="Actualiser").click()
