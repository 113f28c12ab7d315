"""The words of a page that was fetched, and whether they are French (STO-94)."""

from __future__ import annotations

import re
from itertools import islice

from apps.formats import decoding, media
from apps.formats.decoding import DecoderLostError, RefusedFileError
from apps.formats.mail.html_text import html_to_text
from apps.store.checks.web.reasons import Reason
from apps.store.gateways.web.base import Page, WebError

HTML = frozenset({"text/html", "application/xhtml+xml"})
LEAST_SHARE = 0.2  # of words that only French has; texts of laws have 0.35 and more, English ones below 0.05
_MAX_HTML = 2_000_000
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
# What may show people a text that does not stand in the page: scripts, frames, pictures, an address to go on to.
_ELSEWHERE = re.compile(
    rb"<(?:script|iframe|frame|object|embed|img|svg)\b|http-equiv\s*=\s*[\"']?refresh\b", re.IGNORECASE
)
_HEAD = 2_000
_WORD = re.compile(r"[^\W\d_]+")
_MOST_WORDS = 20_000
_FRENCH = frozenset(
    {
        "le", "la", "les", "de", "des", "du", "un", "une", "et", "est", "sont", "que", "qui", "pour", "dans", "par",
        "sur", "avec", "vous", "votre", "vos", "nous", "notre", "nos", "ce", "cette", "ces", "il", "elle", "au", "aux",
        "ou", "où", "pas", "ne", "se", "sa", "son", "ses", "leur", "être", "été", "à", "en", "d", "l", "qu",
    }
)  # fmt: skip


class NoWordsError(Exception):
    """A PDF that cannot be read: locked, damaged, with active content."""


def is_readable(page: Page) -> bool:
    """HTML or PDF."""
    return page.media_type in HTML or page.media_type == media.PDF


def may_show_more(page: Page) -> bool:
    """Whether people may read something where the page itself holds no words."""
    return "refresh" in page.headers or bool(_ELSEWHERE.search(page.body))


def words_of_page(page: Page) -> str:
    """Its text. Raises `NoWordsError`; `WebError` when our own decoder was lost."""
    if page.media_type != media.PDF:
        return html_to_text(_decoded(page))
    try:
        return "\n".join(decoding.open_file(page.body, media.PDF).texts)
    except RefusedFileError as error:
        raise NoWordsError from error
    except DecoderLostError as error:
        raise WebError(Reason.DECODER_LOST) from error


def share_of_french(text: str) -> float:
    """Between 0 and 1: how many of the words are small words of French."""
    words = [found[0].lower() for found in islice(_WORD.finditer(text), _MOST_WORDS)]
    return sum(word in _FRENCH for word in words) / len(words) if words else 0.0


def _decoded(page: Page) -> str:
    """By the header, else by what the head of the page says, else UTF-8."""
    head = page.body[:_HEAD].decode("latin-1")
    named = _CHARSET.search(page.headers.get("content-type", "")) or _CHARSET.search(head)
    try:
        return page.body[:_MAX_HTML].decode(named[1] if named else "utf-8", "replace")
    except LookupError:
        return page.body[:_MAX_HTML].decode("utf-8", "replace")
