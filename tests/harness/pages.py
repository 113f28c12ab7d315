"""Guard: what a page of the portal may hold under the strict content security policy (SEC-08, front-end rules)."""

from __future__ import annotations

from html.parser import HTMLParser

LEFTOVERS = ("{{", "{%", "{#")


class ForbiddenMarkupError(AssertionError):
    """A page holds something that the policy refuses or that a template left behind."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "style":
            self.faults.append("<style>")
        if tag == "script" and not values.get("src") and values.get("type") != "application/json":
            self.faults.append("<script> without src")
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.faults.append(f"{name}= on <{tag}>")
            if (value or "").strip().lower().startswith("javascript:"):
                self.faults.append(f"javascript: in {name} of <{tag}>")


def faults_of(html: str, *, braces_allowed: bool = False) -> list[str]:
    """What is wrong with the page, in the order of its text; leftover template marks last."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    leftovers = [] if braces_allowed else [f"leftover {mark}" for mark in LEFTOVERS if mark in html]
    return reader.faults + leftovers


def check_page(html: str, *, where: str, braces_allowed: bool = False) -> None:
    """Raises `ForbiddenMarkupError` that names the page and each fault."""
    faults = faults_of(html, braces_allowed=braces_allowed)
    if faults:
        msg = f"{where}: {', '.join(faults)}"
        raise ForbiddenMarkupError(msg)
