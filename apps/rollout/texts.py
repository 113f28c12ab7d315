"""The words of notices: one text for mail and letter, by kind and by who reads (SPA-02, SPA-57, NOT-15).

A text is a template by language. Its values are dates and addresses of the portal; no name stands in it. Lines that
begin with `#` are headings, a line `[code]` is where a mail shows the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.template import Context, Engine
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import InsIdentity
from apps.notifications.composing import Block
from apps.rollout.models import EligiblePerson, Notice
from apps.ui.words import day

LANGUAGE = "fr"
CODE = "[code]"
UNTIL = "until"  # fact: the date that a mail said when it was tried first, so that a repeated one is the same
Kind = Notice.Kind

# Kinds whose sending begins the six weeks (SPA-03, SPA-04, SPA-48).
BEGINS_WINDOW = (Kind.FIRST, Kind.AGAIN, Kind.MAJORITY)

# Fixed for each kind: nothing that somebody else wrote can stand in a header (SEC-30).
SUBJECTS = {
    Kind.FIRST: _("A health space will be opened: your choice"),
    Kind.AGAIN: _("A health space will be opened: your choice"),
    Kind.RESENT: _("Your new code for the health space"),
    Kind.MAJORITY: _("You are 18: your health space and your choice"),
    Kind.CONFIRM: _("Your opposition: please confirm it"),
    Kind.FAILED_OPENING: _("The health space could not be opened yet"),
    Kind.CONFLICT: _("Two requests that contradict each other"),
    Kind.RECEIPT: _("Receipt of your choice about the health space"),
    Kind.OTHER_PARENT: _("Choice of the other representative"),
}
_TEXTS = {
    Kind.FIRST: "notice",
    Kind.AGAIN: "notice",
    Kind.RESENT: "notice",
    Kind.MAJORITY: "notice",
    Kind.CONFIRM: "confirm",
    Kind.FAILED_OPENING: "failed_opening",
    Kind.CONFLICT: "conflict",
    Kind.RECEIPT: "receipt",
    Kind.OTHER_PARENT: "other_parent",
}


class Voice(StrEnum):
    """Who reads about whom."""

    SELF = "self"
    CHILD = "child"  # a representative reads about a minor
    IN_CHARGE = "in-charge"  # the person in charge reads about a protected adult
    PROTECTED = "protected"  # a protected adult whose person in charge gets the same notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which text: what a template may ask for. `until`: last day to oppose; of a letter, the earliest it can be.

    `act`, `reference` and `proof`: what a receipt is about, its number and the code that verifies it.
    """

    kind: Notice.Kind
    voice: Voice
    by_post: bool
    until: date | None = None
    act: str = ""
    reference: str = ""
    proof: str = ""


def voice_of(person: EligiblePerson, reader: InsIdentity | None) -> Voice:
    """Who reads about this person."""
    if reader is None or reader.pk == person.pk:
        represented = person.situation == EligiblePerson.Situation.PROTECTED and person.measure in {
            EligiblePerson.Measure.GUARDIANSHIP,
            EligiblePerson.Measure.FAMILY_AUTHORISATION,
        }
        return Voice.PROTECTED if represented else Voice.SELF
    return Voice.CHILD if person.situation == EligiblePerson.Situation.MINOR else Voice.IN_CHARGE


def blocks_of(wanted: Wanted) -> list[Block]:
    """The text in pieces."""
    return list(_blocks(wanted))


def about_whom(person: InsIdentity) -> str:
    """« Cet envoi concerne : Léa M., né(e) en 2017. »: as much as pages say before a code is typed (SEC-06)."""
    facts = {"name": person.short_name, "year": person.birth_date[:4]}
    return gettext("This concerns: %(name)s, born in %(year)s.") % facts


def portal_host() -> str:
    """Where one types: `monespace.example` or `localhost:8000`."""
    return urlsplit(settings.PORTAL_URL).netloc


@lru_cache(maxsize=256)  # thousands of notices of a run share a handful of texts
def _blocks(wanted: Wanted) -> tuple[Block, ...]:
    values = {
        "kind": str(wanted.kind.value),
        "voice": wanted.voice.value,
        "by_post": wanted.by_post,
        "until": day(wanted.until) if wanted.until is not None else "",
        "act": wanted.act,
        "reference": wanted.reference,
        "proof": wanted.proof,
        "host": portal_host(),
        "phone": settings.SUPPORT_PHONE.replace(" ", "\u00a0"),
        "post_address": ", ".join(settings.OPPOSITION_POSTAL_ADDRESS),
    }
    template = Engine.get_default().get_template(f"rollout/texts/{LANGUAGE}/{_TEXTS[wanted.kind]}.txt")
    text = template.render(Context(values, autoescape=False))  # plain text; the HTML of a mail escapes it
    parts = (" ".join(part.strip().split("\n")) for part in text.strip().split("\n\n"))
    return tuple(_block(part) for part in parts if part)


def _block(part: str) -> Block:
    if part == CODE:
        return Block(kind="code", text="")
    if part.startswith("# "):
        return Block(kind="heading", text=part.removeprefix("# "))
    return Block(kind="text", text=part)
