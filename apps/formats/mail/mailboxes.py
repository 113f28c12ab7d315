"""Addresses of headers: the library reads their structure, names are decoded after it, never before (SEC-23)."""

from __future__ import annotations

import re
from email.errors import MessageError
from email.headerregistry import AddressHeader, HeaderRegistry
from email.utils import getaddresses
from typing import cast

from apps.formats.mail.model import Mailbox
from apps.formats.mail.names import clean_line
from apps.formats.mail.words import decode_words

MAX_ADDRESS = 320
_MAX_TEXT = 16_000  # some 250 addresses: the library slices what is left again and again
_ATOM = r"[^\s\x00-\x20\x7f-\xa0<>()\[\],;:.\\\"@\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
_DOTTED = rf"{_ATOM}{{1,64}}(?:\.{_ATOM}{{1,64}}){{0,20}}"
_ADDRESS = re.compile(f"{_DOTTED}@{_DOTTED}")
# `Name <address>` and `address` without a character that has a meaning of its own: most headers, ten times faster.
_PLAIN = re.compile(rf"\s*(?:([\w .'’=?*+-]{{0,300}}?)\s*<({_ADDRESS.pattern})>|({_ADDRESS.pattern}))\s*")
# What may hold a sign of addresses without being one.
_ASIDE = re.compile(r'"(?:[^"\\]|\\.)*"|\([^()]*\)|=\?[^?\s]*\?.\?[^?]*\?=')
_READ = HeaderRegistry()
# What the readers of the standard library raise for hostile headers, seen or reported; each has a test.
CRASHES = (
    LookupError,
    AttributeError,
    ValueError,
    TypeError,
    AssertionError,
    RecursionError,
    OverflowError,
    MessageError,
)


def read_mailboxes(text: str) -> tuple[Mailbox, ...]:
    """The addresses of one header in its order, without those that no mail can be sent to. Never raises.

    None at all where the text names more addresses than the library finds: of `a@one.fr <b@two.fr>` it takes the first,
    other readers the second, and nobody is told who wrote (SEC-23).
    """
    plain = _PLAIN.fullmatch(text)
    if plain and is_address(plain[2] or plain[3]):
        return (_mailbox(decode_words(plain[1] or ""), plain[2] or plain[3]),)
    value = text if len(text) <= _MAX_TEXT else text[:_MAX_TEXT].rpartition(",")[0]
    try:
        header = cast("AddressHeader", _READ("to", value))
        found = [(item.display_name, f"{item.username}@{item.domain}") for item in header.addresses]
    except CRASHES:
        return ()
    if _ASIDE.sub("", value).count("@") > len(found):
        return ()
    names = _names(value, [address for _, address in found]) if "=?" in value else {}
    return tuple(
        _mailbox(names.get(place, name), address) for place, (name, address) in enumerate(found) if is_address(address)
    )


def is_address(text: str) -> bool:
    """Whether this is an address as secure messaging uses them: no quotes, comments, routes, blanks or hidden signs."""
    return len(text) <= MAX_ADDRESS and text.isprintable() and _ADDRESS.fullmatch(text) is not None


def read_address(text: str) -> str:
    """The address of a field like `rfc822; <someone@example.org>`; empty where there is none."""
    bare = text.rpartition(";")[2].strip().strip("<>").strip()
    return bare if is_address(bare) else ""


def _mailbox(name: str, address: str) -> Mailbox:
    return Mailbox(name=clean_line(name), address=address)


def _names(text: str, addresses: list[str]) -> dict[int, str]:
    """Names decoded by our own reader, where an older one of the library finds the same addresses: it keeps words of
    charsets that are unknown or cut in two as they stand.
    """
    try:
        pairs = getaddresses([text])
    except CRASHES:
        return {}
    if [address for _, address in pairs] != addresses:
        return {}
    return {place: decode_words(name) for place, (name, _) in enumerate(pairs)}
