"""What a reader gets from rendered HTML: text in one line, elements, and the things that must never be there."""

from __future__ import annotations

import re

from lxml import html

_LIVE = re.compile(
    r"<(?:script|iframe|object|embed|form|svg|link|base|input|frame)\b|<[^>]*\s(?:on\w+|style|srcdoc|action)\s*=|javascript:",
    re.IGNORECASE,
)


def parsed(page: str) -> html.HtmlElement:
    return html.fromstring(page)


def plain(page: str) -> str:
    """All text, a space between elements, spaces of every kind made one."""
    return " ".join(" ".join(parsed(page).itertext()).split())


def live_parts(page: str) -> list[str]:
    """Elements, handlers and addresses that could run or load something; quoted text is escaped and does not count."""
    tree = parsed(page)
    addresses = [
        value for value in (*tree.xpath("//@src"), *tree.xpath("//@srcset")) if not value.startswith("data:image/")
    ]
    targets = [
        value for value in tree.xpath("//@href") if not value.startswith(("#", "https://", "http://", "mailto:"))
    ]
    return [*_LIVE.findall(page), *addresses, *targets]
