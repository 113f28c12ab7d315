"""Notices as letters: many in one tagged PDF, each on sheets of its own (SPA-02, decisions.md 35).

The words travel as data and are never read as code of the template; the same text stands in the data once, however
many letters have it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils.translation import gettext, override

from apps.accounts.models import InsIdentity
from apps.rollout.codes import check_digits
from apps.rollout.texts import LANGUAGE, SUBJECTS, Wanted, about_whom, blocks_of
from apps.ui.words import day

_LAST_EUROPEAN = 0x4FF  # end of Cyrillic
SECONDS = 120  # longest typesetting of one file


class TypesettingError(Exception):
    """The process that sets the letters ended without a PDF; nothing is known of which letter. Carries its code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One letter: which text, about whom, lines of the address, the code in three groups, what staff type when the
    letter comes back.
    """

    text: Wanted
    about: InsIdentity
    address: Sequence[str]
    code: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A PDF; first and last page of each letter, counted from 1. A letter begins on an odd page."""

    data: bytes
    spans: Sequence[tuple[int, int]]
    pages: int


def letters_pdf(letters: Sequence[Letter], *, on: date) -> Printed:
    """All these letters in one PDF/UA-1, for a printer that prints both sides. Raises `TypesettingError`."""
    with override(LANGUAGE):
        data = json.dumps(_data(letters, on), ensure_ascii=False)
    done = subprocess.run(
        [sys.executable, "-m", "apps.rollout.typesetting"],
        input=data.encode(),
        capture_output=True,
        cwd=settings.BASE_DIR,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode:
        raise TypesettingError(done.returncode)
    head, _, pdf = done.stdout.partition(b"\n")
    pages = json.loads(head)
    return Printed(data=pdf, spans=list(zip(pages["first"], pages["last"], strict=True)), pages=pages["last"][-1])


def letter_reference(*, batch: int, place: int) -> str:
    """`12-00345-K`: number of the batch, place of the letter in it, a letter that checks both."""
    return f"{batch}-{place:05d}-{check_digits(f'{batch}{place:05d}')}"


def read_reference(typed: str) -> tuple[int, int] | None:
    """Batch and place of what somebody typed from a letter; None when it can be none."""
    parts = typed.upper().replace("–", "-").replace(" ", "").split("-")
    if len(parts) != 3 or not (parts[0].isdecimal() and parts[1].isdecimal()) or len(parts[1]) != 5:  # noqa: PLR2004
        return None
    if not parts[0].isascii() or not parts[1].isascii() or len(parts[0]) > 9:  # noqa: PLR2004
        return None
    batch, place = int(parts[0]), int(parts[1])
    return (batch, place) if letter_reference(batch=batch, place=place) == "-".join(parts) else None


def printable(text: str) -> str:
    """What the type of the letters can show: European scripts; `?` for anything else, or one letter would cost all
    those of its file.
    """
    return "".join(_shown(letter) for letter in text)


def _shown(letter: str) -> str:
    if unicodedata.category(letter)[0] == "C":
        return ""
    return letter if ord(letter) <= _LAST_EUROPEAN or "\u2010" <= letter <= "\u202f" else "?"


def _data(letters: Sequence[Letter], on: date) -> dict[str, object]:
    texts = {letter.text: str(number) for number, letter in enumerate(letters)}
    return {
        "language": LANGUAGE,
        "title": gettext("Letters about the health space"),
        "author": gettext("Health space"),
        "sender": settings.OPPOSITION_POSTAL_ADDRESS,
        "code_label": gettext("Your code"),
        "day": day(on),
        "texts": {name: _parts(text) for text, name in texts.items()},
        "letters": [
            {
                "text": texts[letter.text],
                "title": str(SUBJECTS[letter.text.kind]),
                "about": printable(about_whom(letter.about)),
                "address": [printable(line) for line in letter.address],
                "code": letter.code,
                "reference": letter.reference,
            }
            for letter in letters
        ],
    }


def _parts(text: Wanted) -> list[dict[str, str]]:
    return [{"kind": block.kind, "text": block.text} for block in blocks_of(text) if block.kind != "code"]
