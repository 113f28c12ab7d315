"""Steps in an ebRIM tree: slots, names, classifications, external identifiers; each value in one bounded line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from lxml import etree

from apps.formats.cda.times import CdaTime, CdaTimeError
from apps.formats.cda.values import CodedValue
from apps.formats.xdm.vocabulary import RIM

_LONGEST = 1024  # longest text of ebRIM
_SPACE = re.compile(r"[ \t\r\n]+")  # no-break spaces are French typography
_UNSEEN = frozenset({"Cc", "Zl", "Zp"})
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def rim(name: str) -> str:
    """The name of an ebRIM element as lxml writes it."""
    return f"{{{RIM}}}{name}"


def clean(text: str | None) -> str | None:
    """One line without control or direction characters; empty is None."""
    line = _SPACE.sub(" ", (text or "")[: 4 * _LONGEST])
    kept = "".join(char for char in line if char not in _BIDI and unicodedata.category(char) not in _UNSEEN)
    return kept[:_LONGEST].strip() or None


def attribute(element: etree._Element, name: str) -> str | None:
    """A cleaned attribute."""
    return clean(element.get(name))


def slot_values(element: etree._Element, name: str) -> tuple[str, ...]:
    """All values of the slots of that name."""
    found = []
    for slot in element.findall(rim("Slot")):
        if slot.get("name") == name:
            found += [clean(value.text) for value in slot.iterfind(f"{rim('ValueList')}/{rim('Value')}")]
    return tuple(value for value in found if value)


def slot(element: etree._Element, name: str) -> str | None:
    """The first value of a slot."""
    return next(iter(slot_values(element, name)), None)


def localized(element: etree._Element, name: str) -> str | None:
    """Text of `Name` or `Description`, the French one first."""
    strings = element.findall(f"{rim(name)}/{rim('LocalizedString')}")
    french = [item for item in strings if _language(item).startswith("fr")]
    return next((text for text in (attribute(item, "value") for item in [*french, *strings]) if text), None)


def classifications(element: etree._Element, scheme: str) -> Iterator[etree._Element]:
    """Classifications of that scheme."""
    for item in element.findall(rim("Classification")):
        if item.get("classificationScheme") == scheme:
            yield item


def codes(element: etree._Element, scheme: str) -> tuple[CodedValue, ...]:
    """Coded values of that scheme."""
    found = []
    for item in classifications(element, scheme):
        code, display = attribute(item, "nodeRepresentation"), localized(item, "Name")
        if code or display:
            found.append(CodedValue(code=code, system=slot(item, "codingScheme"), display=display))
    return tuple(found)


def code(element: etree._Element, scheme: str) -> CodedValue | None:
    """The first coded value of that scheme."""
    return next(iter(codes(element, scheme)), None)


def external(element: etree._Element, scheme: str) -> str | None:
    """Value of the external identifier of that scheme."""
    for item in element.findall(rim("ExternalIdentifier")):
        if item.get("identificationScheme") == scheme:
            return attribute(item, "value")
    return None


def time(element: etree._Element, name: str) -> CdaTime | None:
    """A slot that holds an HL7 time; None when absent or unreadable."""
    try:
        return CdaTime.parse(slot(element, name) or "")
    except CdaTimeError:
        return None


def _language(element: etree._Element) -> str:
    return (element.get("{http://www.w3.org/XML/1998/namespace}lang") or "").lower()
