"""A notice as a mail: text and HTML of the same words, one link to the home of the portal (ROL-04, SEC-30)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext, override

from apps.accounts.models import InsIdentity
from apps.notifications import composing
from apps.notifications.composing import Block, Words
from apps.notifications.gateways.base import Letter
from apps.rollout.texts import LANGUAGE, SUBJECTS, Wanted, about_whom, blocks_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What one mail says: which text, about whom, the code in three groups (empty without one)."""

    address: str
    message_id: str
    text: Wanted
    about: InsIdentity
    code: str


def letter_of(mail: Mail) -> Letter:
    """The mail of a notice. It names the person whom it concerns by first name, initial and year, and nobody else."""
    with override(LANGUAGE):
        words = Words(
            subject=str(SUBJECTS[mail.text.kind]),
            blocks=[Block(kind="text", text=about_whom(mail.about)), *_blocks(mail)],
            action=gettext("Go to the portal"),
            footer=[gettext("This message was sent because the law asks for it. Nobody reads answers to it.")],
        )
        return composing.letter_of(words, address=mail.address, message_id=mail.message_id)


def _blocks(mail: Mail) -> list[Block]:
    """The text with the code in its place; without the place where there is none."""
    code = [Block(kind="code", text=mail.code)] if mail.code else []
    return [part for block in blocks_of(mail.text) for part in (code if block.kind == "code" else [block])]
