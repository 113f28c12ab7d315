"""The one place where strings built from escaped parts become HTML (SEC-07).

Every string that reaches `joined` comes from `text`, from `element`, or is a constant of this package; nothing of
a document is ever put into a tag name or an attribute name.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping

from django.utils.html import escape
from django.utils.safestring import SafeString

_VOID = frozenset({"br", "img", "meta"})
Attributes = Mapping[str, str | None]


def text(value: str) -> SafeString:
    """Escaped text; quotes may stay, for it is never used inside an attribute."""
    return SafeString(html.escape(value, quote=False))


def constant(value: str) -> SafeString:
    """A text of the project itself (a style sheet), never one of a document."""
    return SafeString(value)


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Safe parts one after the other."""
    return SafeString("".join(parts))


def lines(parts: Iterable[SafeString]) -> SafeString:
    """Safe parts with line breaks between them."""
    return SafeString("<br>".join(parts))


def element(name: str, content: SafeString | None = None, attributes: Attributes | None = None) -> SafeString:
    """An element with escaped attribute values; an attribute that is None or "" is left out, except `alt`."""
    written = "".join(
        f' {key}="{escape(value)}"'
        for key, value in (attributes or {}).items()
        if value or (key == "alt" and value is not None)
    )
    if name in _VOID:
        return SafeString(f"<{name}{written}>")
    return SafeString(f"<{name}{written}>{content or ''}</{name}>")
