"""Files of every kind inside documents, read in a real browser with and without scripts (D-03)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.pages import sign_in

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


def open_document(page: Page, title: str) -> None:
    if page.url == "about:blank":
        sign_in(page, "Camille Morel")
    page.goto(page.url.partition("/documents/")[0].rstrip("/") + "/documents/")
    page.get_by_role("link", name=re.compile(title)).first.click()
    for _ in range(200):  # the worker prepares what the demonstration has just filed
        if page.get_by_text("En préparation.").count() == 0:
            return
        page.get_by_role("link", name="Actualiser").click()
