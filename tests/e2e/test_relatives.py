"""A relative's day: an invitation, a mandate that runs, what stays closed (SE-04, SPA-54, SPA-55; pages.md 25)."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import NARROW, WIDE
from tests.e2e.pages import is_clean, to_choice

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("visitor", ["script"], indirect=True)  # once: an invitation is accepted once; axe is a script
def test_rosa_accepts_helps_and_leaves(visitor: BrowserContext) -> None:
    page = visitor.new_page()
    main = page.get_by_role("main")
    to_choice(page, "Rosa Ferreira")
    expect(main).to_contain_text("1 invitation attend votre réponse.")
    is_clean_everywhere(page)

    page.get_by_role("link", name="Voir mes invitations").click()
    is_clean_everywhere(page)
    page.get_by_role("link", name="Awa D. vous demande de l'aide").click()
    expect(main).to_contain_text("Cette invitation a expiré")
    expect(main.get_by_role("button", name="Accepter")).to_have_count(0)
    page.get_by_role("link", name="Voir mes invitations").click()

    page.get_by_role("link", name="Fatima B. vous demande de l'aide").click()
    is_clean_everywhere(page)
    page.get_by_role("button", name="Accepter").click()
    page.goto("/choisir-espace/")
    expect(page.get_by_role("link", name="Ouvrir l'espace de Fatima B.")).to_be_visible()
    expect(main).not_to_contain_text("attend votre réponse")

    page.get_by_role("link", name="Ouvrir l'espace de Camille M.").click()
    helped = page.url
    expect(page.get_by_text("Vous êtes dans l'espace de Camille M.")).to_be_visible()
    expect(page).to_have_title(re.compile("espace de Camille M."))
    is_clean_everywhere(page)
    for closed in ("parametres/", "proches/", "urgence/", "confidentialite/", "professionnels/"):
        answer = page.goto(helped + closed)
        assert answer is not None
        assert answer.status == 404, closed
    is_clean_everywhere(page)

    page.get_by_role("link", name="Revenir à mon espace").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bonjour Rosa Ferreira")


def is_clean_everywhere(page: Page) -> None:
    for size in (NARROW, WIDE):
        page.set_viewport_size(size)
        is_clean(page)
