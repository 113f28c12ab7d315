"""The words of mails: text first, HTML of the same words, nothing about health and nobody's name (NOT-15, SEC-30)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from apps.notifications import composing
from apps.notifications.composing import Block, Words
from apps.notifications.gateways.base import Letter
from apps.notifications.kinds import Kind
from apps.notifications.models import OutgoingMail
from apps.notifications.writing import DIGEST, TRIAL
from apps.ui.words import clock, day

LANGUAGE = "fr"

# Fixed for each kind: nothing that somebody else wrote can stand in a header.
SUBJECTS = {
    Kind.NEW_DOCUMENT.value: _("New document in your health space"),
    Kind.WITHDRAWN_DOCUMENT.value: _("A document was withdrawn from your health space"),
    Kind.NEW_MESSAGE.value: _("New message in your health space"),
    Kind.ANNOUNCED_RESULT.value: _("An update to discover with a professional"),
    Kind.PROFESSIONAL_READ.value: _("A professional looked at your space"),
    Kind.EMERGENCY_ACCESS.value: _("Emergency access to your record"),
    Kind.SECURITY.value: _("Security of your account"),
    Kind.DELEGATION.value: _("A relative's access has changed"),
    Kind.PRIVACY_CHANGE.value: _("One of your choices has changed"),
    Kind.ADMINISTRATOR.value: _("Professional who administers: a change"),
    DIGEST: _("Summary of your health space"),
    TRIAL: _("Test e-mail from your health space"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """All that a mail may say beside its fixed words: when, and how many."""

    at: datetime
    count: int


def letter_of(mail: OutgoingMail, *, address: str, content: Content) -> Letter:
    """The mail of a row as its reader gets it."""
    about = {"may_be_off": _may_be_off(mail.kind), "about_space": mail.space_id is not None}
    with override(LANGUAGE):
        words = Words(
            subject=str(SUBJECTS[mail.kind]),
            blocks=[Block(kind="text", text=text) for text in _paragraphs(mail.kind, _values(content))],
            action=gettext("Open my health space"),
            footer=_paragraphs("_footer", about),
        )
        return composing.letter_of(words, address=address, message_id=mail.message_id)


def _values(content: Content) -> dict[str, str | int]:
    return {"day": day(content.at), "hour": clock(content.at), "count": content.count}


def _may_be_off(kind: str) -> bool:
    return kind in {DIGEST, TRIAL} or Kind(kind).may_be_off


def _paragraphs(name: str, values: Mapping[str, object]) -> list[str]:
    """Paragraphs of a text template; its values are dates and numbers, which escaping leaves as they are."""
    text = render_to_string(f"notifications/mail/{LANGUAGE}/{name}.txt", values)
    return [" ".join(part.split("\n")) for part in text.strip().split("\n\n")]
