"""`styleCode` from a table, alignment and ids: the only looks of a document that survive (DMP-101)."""

from __future__ import annotations

import re

from lxml import etree

from apps.formats.cda.nodes import attribute

_WORDS = re.compile(r"bold|italics?|emphasis|underline|lrule|rrule|toprule|botrule", re.IGNORECASE)
_TAGS = {"bold": "strong", "italic": "em", "italics": "em", "emphasis": "em"}
_CLASSES = {
    "underline": "ens-cda__underline",
    "lrule": "ens-cda__lrule",
    "rrule": "ens-cda__rrule",
    "toprule": "ens-cda__toprule",
    "botrule": "ens-cda__botrule",
}
_ALIGNMENTS = {"left": "ens-cda__left", "center": "ens-cda__center", "right": "ens-cda__right"}
_ORDERED = {"arabic": "1", "littleroman": "i", "bigroman": "I", "littlealpha": "a", "bigalpha": "A"}
_UNSAFE_ID = re.compile(r"[^A-Za-z0-9_.-]")
_SPAN = re.compile(r"[1-9]\d{0,2}", re.ASCII)


def style_tags(element: etree._Element) -> tuple[str, ...]:
    """`strong`, `em` for Bold, Italics and Emphasis, in any spelling (`bold`, `BoldItalics`, `Bold Italics`)."""
    tags = (_TAGS.get(word) for word in _words(element))
    return tuple(dict.fromkeys(tag for tag in tags if tag))


def style_classes(element: etree._Element) -> list[str]:
    """Classes for underline, rules and the element's own alignment; anything unknown is ignored."""
    classes = [found for word in _words(element) if (found := _CLASSES.get(word))]
    alignment = _ALIGNMENTS.get((attribute(element, "align") or "").lower())
    return [*dict.fromkeys(classes), *([alignment] if alignment else [])]


def list_type(element: etree._Element) -> str | None:
    """`type` of an ordered list."""
    words = (attribute(element, "styleCode") or "").lower().split()
    return next((found for word in words if (found := _ORDERED.get(word))), None)


def span_of(element: etree._Element, name: str) -> str | None:
    """`colspan` or `rowspan` when it is a whole number from 2 to 999."""
    value = attribute(element, name) or ""
    return value if _SPAN.fullmatch(value) and value != "1" else None


def safe_id(name: str) -> str:
    """An ID reduced to letters that need no escaping in a fragment."""
    return _UNSAFE_ID.sub("_", name)


def _words(element: etree._Element) -> list[str]:
    return [word.lower() for word in _WORDS.findall(attribute(element, "styleCode") or "")]
