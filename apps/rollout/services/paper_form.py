"""The form by which somebody opposes by post: tagged PDF in two sizes of letters, and RTF (O-10)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import typst

_TEMPLATE = Path(__file__).parents[1] / "data" / "opposition_form.typ"
_ASCII = 128
_SIGNED = 0x8000


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperForm:
    """Words of the form: `fields` are lines to write on, `boxes` what is ticked."""

    title: str
    author: str
    intro: str
    address_title: str
    address: str
    boxes_title: str
    boxes: Sequence[str]
    fields_title: str
    fields: Sequence[str]
    proof_title: str
    proof: Sequence[str]


def as_pdf(words: PaperForm, *, size: int) -> bytes:
    """PDF/UA-1 with letters of so many points; made once for the same words."""
    return _pdf(json.dumps(asdict(words), ensure_ascii=False), size)


def as_rtf(words: PaperForm) -> bytes:
    """The same text for a word processor."""
    lines = [
        _bold(words.title, 32), _plain(words.intro), _bold(words.address_title, 26), _plain(words.address),
        _bold(words.boxes_title, 26), *(_plain(f"[  ] {box}") for box in words.boxes),
        _bold(words.fields_title, 26), *(_plain(f"{field}\u00a0: {'_' * 40}") for field in words.fields),
        _bold(words.proof_title, 26), *(_plain(line) for line in words.proof),
    ]  # fmt: skip
    head = r"{\rtf1\ansi\deff0\deflang1036{\fonttbl{\f0\fswiss Arial;}}\fs24" + "\n"
    return (head + "\n".join(lines) + "\n}").encode("ascii")


@lru_cache(maxsize=8)
def _pdf(data: str, size: int) -> bytes:
    inputs = {"data": data, "size": str(size)}
    made: bytes = typst.compile(str(_TEMPLATE), format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"])
    return made


def _plain(text: str) -> str:
    return r"\pard\sa120 " + _escaped(text) + r"\par"


def _bold(text: str, size: int) -> str:
    return r"\pard\sb240\sa120{\b\fs" + str(size) + " " + _escaped(text) + r"}\par"


def _escaped(text: str) -> str:
    """RTF is ASCII: other characters by their number, signed when above 32,767."""
    written = ""
    for letter in text:
        number = ord(letter)
        if letter in "\\{}":
            written += "\\" + letter
        elif letter == "\n":
            written += r"\line "
        elif number < _ASCII:
            written += letter
        else:
            written += rf"\u{number - 2 * _SIGNED if number >= _SIGNED else number}?"
    return written
