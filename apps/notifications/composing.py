"""A mail from its words: text and HTML of the same ones, one link, the home of the portal without any mark (ROL-04)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext

from apps.notifications.gateways.base import Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One piece of a text. `kind`: heading, text, code."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What one mail says; `action` are the words of its link."""

    subject: str
    blocks: Sequence[Block]
    action: str
    footer: Sequence[str]


def letter_of(words: Words, *, address: str, message_id: str) -> Letter:
    """The mail in the language that is active."""
    url = f"{settings.PORTAL_URL}/"
    said = {"subject": words.subject, "blocks": words.blocks, "action": words.action, "footer": words.footer}
    html = render_to_string("ui/mail.html", {**said, "url": url, "language": get_language()})
    link = gettext("%(label)s: %(address)s") % {"label": words.action, "address": url}
    text = "\n\n".join([*(_plain(block) for block in words.blocks), link, "-- ", *words.footer]) + "\n"
    return Letter(address=address, subject=words.subject, text=text, html=html, message_id=message_id)


def _plain(block: Block) -> str:
    text = block.text
    return {"heading": f"{text}\n{'-' * len(text)}", "code": f"    {text}"}.get(block.kind, text)
