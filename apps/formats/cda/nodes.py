"""Steps in an HL7 tree: children in the HL7 namespace, attributes, text; a nullFlavor is an absence (DMP-87)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

HL7 = "urn:hl7-org:v3"
_LONGEST_NAME = 500
_XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


def tag(name: str) -> str:
    """The name of an HL7 element as lxml writes it."""
    return f"{{{HL7}}}{name}"


def is_null(element: etree._Element) -> bool:
    """Whether the element says that its value is unknown, masked or not applicable."""
    return element.get("nullFlavor") is not None


def children(parent: etree._Element | None, name: str) -> list[etree._Element]:
    """The HL7 children of that name; none of an absent parent."""
    return [] if parent is None else parent.findall(tag(name))


def child(parent: etree._Element | None, *path: str) -> etree._Element | None:
    """The first element at a path of child names."""
    element = parent
    for name in path:
        if element is None:
            return None
        element = element.find(tag(name))
    return element


def attribute(element: etree._Element | None, name: str) -> str | None:
    """A trimmed attribute; empty is None."""
    if element is None:
        return None
    value = element.get(name)
    return (value.strip() or None) if isinstance(value, str) else None


def text_of(element: etree._Element | None) -> str:
    """All text below, as it stands."""
    return "" if element is None else "".join(_texts(element))


def label_of(element: etree._Element | None) -> str | None:
    """All text below in one line, or None."""
    return " ".join(text_of(element).split()) or None


def short_label_of(element: etree._Element) -> str | None:
    """Like `label_of`, but reads no more than a name needs: hostile nesting must not multiply long texts."""
    parts: list[str] = []
    length = 0
    for part in _texts(element):
        parts.append(part[:_LONGEST_NAME])
        length += len(part)
        if length > _LONGEST_NAME:
            break
    return " ".join("".join(parts).split()) or None


def value_type(element: etree._Element) -> str:
    """`xsi:type` without its namespace prefix (`c:PQ` is `PQ`)."""
    return (element.get(_XSI_TYPE) or "").rpartition(":")[2].strip()


def local_name(element: etree._Element) -> str:
    """The name without its namespace."""
    return etree.QName(element).localname


def _texts(element: etree._Element) -> Iterator[str]:
    for text in element.itertext():
        yield str(text)
