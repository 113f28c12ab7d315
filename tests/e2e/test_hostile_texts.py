"""SEC-07, SEC-08: a space full of strings that would run, walked in a real browser; nothing of them runs or loads."""

from __future__ import annotations

import re
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.e2e.conftest import ROOT
from tests.e2e.pages import sign_in
from tests.security.hostile import ELEMENTS

pytestmark = pytest.mark.e2e
HOLDER = "Ange-Marie Santoni"  # no other journey needs this name
PAGES = (
    "", "documents/", "documents/?page=2", "documents/?page=3", "documents/?tri=auteur", "historique/?periode=tout",
    "historique/?periode=tout&page=2", "parametres/", "professionnels/", "professionnels/chercher/", "proches/",
    "notifications/", "alertes/", "urgence/", "confidentialite/",
)  # fmt: skip
OF_DOCUMENT = ("", "imprimer/", "versions/", "masquer/")
MOST_DETAILS = 20
FOREIGN = """allowed => [...document.querySelectorAll("*")].flatMap(one => [
  ...(allowed.includes(one.localName) ? [] : [one.localName]),
  ...[...one.attributes].filter(attribute => attribute.name.startsWith("on")).map(attribute => attribute.name),
])"""


class Watch:
    """Everything that must not happen on a page."""

    def __init__(self, page: Page, portal: str) -> None:
        self.page, self.seen, self.host = page, [], urlsplit(portal).netloc
        page.on("dialog", self._dialog)
        page.on("console", lambda message: self._say("console", message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self._say("script", str(error)))
        page.on("request", lambda sent: self._request(sent.url))

    def open(self, address: str) -> None:
        answer = self.page.goto(address)
        if answer is None or answer.status != 200:
            self._say("status", str(answer and answer.status))
        for name in self.page.evaluate(FOREIGN, sorted(ELEMENTS)):
            self._say("element", name)

    def links(self, pattern: str) -> list[str]:
        found = self.page.evaluate("() => [...document.querySelectorAll('main a[href]')].map(one => one.pathname)")
        return sorted({one for one in found if re.fullmatch(pattern, one)})

    def _say(self, what: str, text: str) -> None:
        self.seen.append(f"{urlsplit(self.page.url).path} {what}: {text[:200]}")

    def _dialog(self, dialog: object) -> None:
        self._say("dialog", dialog.message)
        dialog.dismiss()

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "data" and parts.netloc != self.host:
            self._say("request", url)


@pytest.mark.parametrize("visitor", ["script"], indirect=True)
def test_sec_07_nothing_of_a_hostile_text_runs_in_a_browser(
    visitor: BrowserContext, portal: str, demo_environment: dict[str, str]
) -> None:
    page = visitor.new_page()
    sign_in(page, HOLDER)
    home = urlsplit(page.url).path
    fill(demo_environment, home.strip("/").rpartition("/")[2])
    watch = Watch(page, portal)

    details = set()
    for address in PAGES:
        watch.open(home + address)
        details |= set(watch.links(f"{home}(documents|proches|professionnels)/[0-9a-f-]{{36}}/"))
    documents = sorted(one for one in details if "/documents/" in one)
    others = sorted(details - set(documents))
    for address in [*documents[:MOST_DETAILS], *others[:MOST_DETAILS]]:
        watch.open(address)
    for part in OF_DOCUMENT:
        watch.open(documents[-1] + part)
    for address in ("/choisir-espace/?tous=1", "/compte/connexion/", "/compte/invitations/"):
        watch.open(address)

    assert len(documents) > MOST_DETAILS
    assert len(others) > MOST_DETAILS
    assert watch.seen == []


def fill(environment: dict[str, str], space_id: str) -> None:
    """Rows come through the models of the portal, as in its own state directory."""
    act = f"from tests.e2e.hostile_rows import load; load(space_id={space_id!r})"
    command = [sys.executable, "manage.py", "shell", "-c", act]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
