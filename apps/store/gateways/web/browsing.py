"""Inside of the browser's process: Chromium by Playwright, every request answered by the parent (STO-93, STO-95).

Run as a module by `browser`, with no environment, and no network where the machine allows that. Nothing else imports
it: Playwright is a package of development.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
import threading
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

from playwright.async_api import BrowserContext, Page, Route, async_playwright
from playwright.async_api import Error as PlaywrightError

from apps.formats.sandbox.frames import FrameError, Message, receive, send

_LOADED, _QUIET = 15_000, 4_000  # milliseconds
_FLAGS = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-bypass-list=<-loopback>",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
)
_NOWHERE = "socks5://127.0.0.1:1"  # what is not answered by the parent ends here
_IMPACTS = ("serious", "critical")
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"], "iframes": False}
_TOLD = ".then(found => found.violations.map(one => [one.id, one.impact, one.nodes.length]))"
_LIMITS = {
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_FSIZE: 200_000_000,
    resource.RLIMIT_CPU: 60,
    resource.RLIMIT_NOFILE: 4096,
}


class Parent:
    """The other end of the pipes: questions by number, answers in any order."""

    def __init__(self, incoming: BinaryIO, outgoing: BinaryIO) -> None:
        self._incoming, self._outgoing = incoming, outgoing
        self._waiting: dict[int, asyncio.Future[Message]] = {}
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def ask(self, url: str, *, is_get: bool) -> Message:
        number = len(self._waiting)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        send(self._outgoing, Message(facts={"ask": number, "url": url, "is_get": is_get}))
        return await self._waiting[number]

    def note(self, url: str) -> None:
        """Tell of a request that is not made, and wait for nothing."""
        send(self._outgoing, Message(facts={"ask": -1, "url": url, "is_get": False}))

    def listen(self) -> None:
        """In a thread that ends with the process: a pipe cannot be read without waiting."""
        loop = asyncio.get_running_loop()

        def reading() -> None:
            try:
                while True:
                    loop.call_soon_threadsafe(self._take, receive(self._incoming))
            except FrameError:
                loop.call_soon_threadsafe(self._ended.set_result, None)

        threading.Thread(target=reading, daemon=True).start()

    async def end(self) -> None:
        """Until the parent closes the pipe."""
        await self._ended

    def _take(self, message: Message) -> None:
        waiting = self._waiting.get(message.facts["answer"])
        if waiting is not None and not waiting.done():
            waiting.set_result(message)

    def report(self, **facts: object) -> None:
        send(self._outgoing, Message(facts={"report": facts}))


async def serve(route: Route, parent: Parent) -> None:
    """One request of the page: the parent's answer, or an end."""
    message = await parent.ask(route.request.url, is_get=route.request.method == "GET")
    try:
        if "status" in message.facts:
            headers = _headers(message.facts["lines"])
            await route.fulfill(status=message.facts["status"], headers=headers, body=message.payloads[0])
        else:
            await route.abort()
    except PlaywrightError:  # the page has gone on without it
        return


def _headers(lines: list[list[str]]) -> dict[str, str]:
    """By name; several cookies one a line, as Playwright wants them."""
    headers: dict[str, str] = {}
    for name, value in lines:
        glue = "\n" if name == "set-cookie" else ", "
        headers[name] = f"{headers[name]}{glue}{value}" if name in headers else value
    return headers


async def look(page: Page, context: BrowserContext, url: str) -> dict[str, object]:
    """What is there when the page has come to rest, or as far as it came."""
    try:
        await page.goto(url, wait_until="load", timeout=_LOADED)
        await page.wait_for_load_state("networkidle", timeout=_QUIET)
    except PlaywrightError as error:
        if page.url == "about:blank":
            return {"failed": error.message[:200]}
    cookies = [[cookie["domain"].lstrip("."), cookie["name"]] for cookie in await context.cookies()]
    return {"cookies": cookies, "violations": await violations(page, context)}


async def violations(page: Page, context: BrowserContext) -> dict[str, int] | None:
    """axe in a world of its own: the page cannot change what it says, nor forbid it. None when it did not come through:
    an answer that holds an exception has no value, and no violation either.
    """
    session = await context.new_cdp_session(page)
    frame = (await session.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
    world = await session.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "axe"})
    source = _axe().read_text(encoding="utf-8") + ";0"
    asked = f"axe.run(document, {json.dumps(_RULES)}){_TOLD}"
    place = {"contextId": world["executionContextId"], "returnByValue": True, "awaitPromise": True}
    loaded = await session.send("Runtime.evaluate", {"expression": source, **place})
    found = await session.send("Runtime.evaluate", {"expression": asked, **place})
    if "exceptionDetails" in loaded or "exceptionDetails" in found or "value" not in found["result"]:
        return None
    return {rule: count for rule, impact, count in found["result"]["value"] if impact in _IMPACTS}


def _axe() -> Path:
    """The script inside the package that brings it; the package itself is not run."""
    spec = find_spec("axe_playwright_python")
    if spec is None or spec.origin is None:
        raise FileNotFoundError
    return Path(spec.origin).with_name("axe.min.js")


async def drive(order: Mapping[str, Any]) -> None:
    """One Chromium, one page, one report."""
    parent = Parent(sys.stdin.buffer, sys.stdout.buffer)
    parent.listen()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=order["chromium"],
            args=list(_FLAGS),
            proxy={"server": _NOWHERE},
            chromium_sandbox=os.geteuid() != 0,
            env={"HOME": order["home"], "TMPDIR": order["home"]},
        )
        context = await browser.new_context(accept_downloads=False, service_workers="block", locale="fr-FR")
        await context.route("**/*", lambda route: serve(route, parent))
        page = await context.new_page()
        page.on("websocket", lambda line: parent.note(line.url.replace("ws", "http", 1)))
        parent.report(**await look(page, context, order["url"]))
        await parent.end()


def main() -> None:
    """Bounded, then driven by the parent's order."""
    for limit, most in _LIMITS.items():
        resource.setrlimit(limit, (most, most))
    os.nice(10)
    asyncio.run(drive(receive(sys.stdin.buffer).facts))


if __name__ == "__main__":
    main()
