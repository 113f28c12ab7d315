"""Outcome of an act, told on the next page: title of the page, alert that takes the focus, link to undo.

It travels in Django's messages. First line of the text = short outcome, the rest = explanation; the link is in the
extra tags. A message that another library left there is shown as it is. No title of a document, no name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

KINDS = {
    messages.SUCCESS: "success",
    messages.INFO: "info",
    messages.DEBUG: "info",
    messages.WARNING: "warning",
    messages.ERROR: "error",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`title` without full stop ("Document masqué"); `detail` in whole sentences; link only with both of its parts."""

    title: str
    detail: str = ""
    level: int = messages.SUCCESS
    link_url: str = ""
    link_label: str = ""

    @property
    def kind(self) -> str:
        """Suffix of DSFR's alert class."""
        return KINDS.get(self.level, "info")


def tell(request: HttpRequest, outcome: Outcome) -> None:
    """Keep the outcome for the next page that is shown."""
    link = json.dumps({"url": outcome.link_url, "label": str(outcome.link_label)}) if outcome.link_url else ""
    messages.add_message(request, outcome.level, f"{outcome.title}\n{outcome.detail}", extra_tags=link)


def read(found: Iterable[Message]) -> tuple[Outcome, ...]:
    """Outcomes of Django's messages, in their order."""
    return tuple(_outcome(message) for message in found)


def _outcome(message: Message) -> Outcome:
    title, _, detail = str(message.message).partition("\n")
    link = _link(message.extra_tags)
    return Outcome(
        title=title,
        detail=detail,
        level=message.level,
        link_url=str(link.get("url", "")),
        link_label=str(link.get("label", "")),
    )


def _link(tags: str | None) -> dict[str, Any]:
    if not tags or not tags.startswith("{"):
        return {}
    link: dict[str, Any] = json.loads(tags)
    return link
