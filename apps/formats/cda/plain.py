"""The words of a document as plain text, for the search inside documents; never for reading (DMP-89)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from apps.formats import media
from apps.formats.cda.model import CdaDocument, Section
from apps.formats.cda.narrative import DROPPED
from apps.formats.cda.nodes import HL7

_PARTED = frozenset(("paragraph", "caption", "item", "tr", "th", "td", "br", "list", "table", "footnote"))


def plain_text(cda: CdaDocument) -> str:
    """Titles and narratives in the order of the document, or the plain text that a level 1 holds; files of other types
    are left to those who decode them.
    """
    if cda.payload is not None and cda.payload.served_type == media.TEXT:
        return (cda.payload.data or b"").decode("utf-8-sig")
    return "\n".join(text for section in cda.sections for text in _section(section))


def _section(section: Section) -> Iterator[str]:
    if section.title:
        yield section.title
    if section.narrative is not None:
        yield "".join(_inner(section.narrative)).strip()
    for inside in section.sections:
        yield from _section(inside)


def _inner(parent: etree._Element) -> Iterator[str]:
    yield str(parent.text or "")
    for item in parent:
        if isinstance(item.tag, str):
            yield from _node(item)
        yield str(item.tail or "")


def _node(item: etree._Element) -> Iterator[str]:
    name = etree.QName(item)
    if name.localname.lower() in DROPPED:
        return
    apart = "\n" if name.namespace == HL7 and name.localname in _PARTED else ""
    yield apart
    yield from _inner(item)
    yield apart
