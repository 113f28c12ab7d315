"""A notice as a mail: text and HTML of the same words, one link to the home of the portal (ROL-04, SEC-30)."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from apps.accounts.models import InsIdentity
from apps.notifications.gateways.base import Letter
from apps.rollout.texts import LANGUAGE, SUBJECTS, Block, Wanted, about_whom, blocks_of


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
        subject, url = str(SUBJECTS[mail.text.kind]), f"{settings.PORTAL_URL}/"
        action = gettext("Go to the portal")
        about = about_whom(mail.about)
        footer = gettext("This message was sent because the law asks for it. Nobody reads answers to it.")
        blocks = [block for block in blocks_of(mail.text) if mail.code or block.kind != "code"]
        link = gettext("%(label)s: %(address)s") % {"label": action, "address": url}
    said = {"subject": subject, "about": about, "blocks": blocks, "code": mail.code, "footer": footer}
    html = render_to_string("rollout/mail/layout.html", {**said, "language": LANGUAGE, "url": url, "action": action})
    text = "\n\n".join([about, *(_line(block, mail.code) for block in blocks), link, "-- ", footer]) + "\n"
    return Letter(address=mail.address, subject=subject, text=text, html=html, message_id=mail.message_id)


def _line(block: Block, code: str) -> str:
    return {"heading": f"{block.text}\n{'-' * len(block.text)}", "code": f"    {code}"}.get(block.kind, block.text)
