"""Mails of the store: one text for each outcome, one link to the portal, whose turn it is and until when (L6, L25)."""

from __future__ import annotations

from datetime import datetime

from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from apps.notifications import composing
from apps.notifications.composing import Block, Words
from apps.notifications.gateways.base import Letter
from apps.store.mails.subjects import subject_of
from apps.store.models import Mail
from apps.store.states import Queue
from apps.ui.words import day

LANGUAGE = "fr"
FOLDER = f"store/mail/{LANGUAGE}"


def letter_of(mail: Mail) -> Letter:
    """The mail of a row; what users wrote stands in its text only, never in a header but for the number."""
    with override(LANGUAGE):
        words = Words(
            subject=subject_of(mail.template, number=str(mail.facts.get("number", ""))),
            blocks=[Block(kind="text", text=text) for text in _paragraphs(mail.template, _values(mail))],
            action=gettext("Go to the portal"),
            footer=_paragraphs("_footer", {}),
        )
        return composing.letter_of(words, address=mail.user.email, message_id=f"<{mail.id}@store.ens-portal>")


def _values(mail: Mail) -> dict[str, object]:
    facts = dict(mail.facts)
    due_at = str(facts.get("due_at", ""))
    return {
        **facts,
        "day": day(mail.at),
        "until": day(datetime.fromisoformat(due_at)) if due_at else "",
        "is_yours": facts.get("queue") == Queue.PUBLISHER,
    }


def _paragraphs(name: str, values: dict[str, object]) -> list[str]:
    """Paragraphs of a text template; names are escaped once, where the HTML of the mail is made."""
    text = render_to_string(f"{FOLDER}/{name}.txt", values)
    return [" ".join(part.split("\n")) for part in text.strip().split("\n\n") if part.strip()]
