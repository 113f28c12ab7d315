"""From HL7 data types to values: II, CD, TS, IVL_TS."""

from __future__ import annotations

from lxml import etree

from apps.formats.cda.nodes import attribute, child, children, is_null, label_of
from apps.formats.cda.times import CdaTime, CdaTimeError
from apps.formats.cda.values import CodedValue, Identifier, Period


def read_identifiers(parent: etree._Element | None) -> tuple[Identifier, ...]:
    """Every usable `id` below a parent."""
    found = (read_identifier(element) for element in children(parent, "id"))
    return tuple(item for item in found if item is not None)


def read_identifier(element: etree._Element | None) -> Identifier | None:
    """`id`, `setId`; None without a root or with a nullFlavor."""
    root = attribute(element, "root")
    if element is None or root is None or is_null(element):
        return None
    return Identifier(root=root, extension=attribute(element, "extension"))


def read_code(element: etree._Element | None) -> CodedValue | None:
    """A coded value; the label is displayName, else originalText, else a translation's displayName. None when empty."""
    if element is None:
        return None
    display = (
        attribute(element, "displayName")
        or label_of(child(element, "originalText"))
        or next((attribute(other, "displayName") for other in children(element, "translation")), None)
    )
    code = None if is_null(element) else attribute(element, "code")
    if code is None and display is None:
        return None
    return CodedValue(code=code, system=attribute(element, "codeSystem"), display=display)


def read_time(element: etree._Element | None) -> CdaTime | None:
    """A TS or, for an IVL_TS, its only or its later end; None when absent, unknown or unreadable."""
    if element is None:
        return None
    for candidate in (element, child(element, "high"), child(element, "low")):
        value = attribute(candidate, "value")
        if value is not None:
            return _time(value)
    return None


def read_period(element: etree._Element | None) -> Period:
    """An IVL_TS; a single value is its start."""
    single = _time(attribute(element, "value"))
    return Period(
        start=single or _time(attribute(child(element, "low"), "value")),
        stop=_time(attribute(child(element, "high"), "value")),
    )


def _time(value: str | None) -> CdaTime | None:
    if value is None:
        return None
    try:
        return CdaTime.parse(value)
    except CdaTimeError:
        return None
