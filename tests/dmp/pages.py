"""What tests read in a page: its title, its main part as words, the ids of rows."""

from __future__ import annotations

import html
import re
from typing import Any

_TAG = re.compile(r"<[^>]+>")
_MAIN = re.compile(r"<main\b.*</main>", re.DOTALL)


def title_of(response: Any) -> str:
    found = re.search(r"<title>(.*?)</title>", response.content.decode(), re.DOTALL)
    return html.unescape(found[1]) if found else ""


def main_of(response: Any) -> str:
    """The HTML of `main`."""
    found = _MAIN.search(response.content.decode())
    return found[0] if found else ""


def words_of(response: Any) -> str:
    """The text of `main`, spaces of every kind folded to one."""
    return " ".join(html.unescape(_TAG.sub(" ", main_of(response))).split())


def row_ids(response: Any) -> list[str]:
    """Documents of a list page in their order."""
    return re.findall(r'name="document" value="([0-9a-f-]{36})"', response.content.decode())
