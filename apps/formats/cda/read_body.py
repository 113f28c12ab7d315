"""The body: a file in an envelope (level 1) or a tree of sections with their attachments (DMP-89..91)."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from apps.formats.cda.attachments import Attachment, read_attachment
from apps.formats.cda.model import Section
from apps.formats.cda.nodes import attribute, child, children, is_null, label_of, short_label_of, tag
from apps.formats.cda.read_results import read_results
from apps.formats.cda.read_values import read_code


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    payload: Attachment | None
    sections: tuple[Section, ...]
    attachments: tuple[Attachment, ...]
    dangling: frozenset[str]

    @property
    def files(self) -> tuple[Attachment, ...]:
        return self.attachments if self.payload is None else (self.payload, *self.attachments)


def read_body(document: etree._Element) -> Body:
    """The body of a ClinicalDocument element; everything in it is empty when there is none."""
    component = child(document, "component")
    flat = child(component, "nonXMLBody", "text")
    structured = child(component, "structuredBody")
    attachments = _attachments(structured)
    texts = NarrativeTexts(structured)
    return Body(
        payload=None if flat is None else read_attachment(flat, number=0, element_id=None),
        sections=_sections(structured, texts),
        attachments=attachments,
        dangling=_referenced(structured) - {item.element_id for item in attachments if item.element_id},
    )


def _attachments(structured: etree._Element | None) -> tuple[Attachment, ...]:
    if structured is None:
        return ()
    found: list[Attachment] = []
    for element in structured.iter(tag("observationMedia")):
        value = child(element, "value")
        if value is not None:
            found.append(read_attachment(value, number=len(found) + 1, element_id=attribute(element, "ID")))
    return tuple(found)


def _referenced(structured: etree._Element | None) -> frozenset[str]:
    if structured is None:
        return frozenset()
    lists = (attribute(item, "referencedObject") for item in structured.iter(tag("renderMultiMedia")))
    return frozenset(name for names in lists for name in (names or "").split())


class NarrativeTexts:
    """Text of a narrative element by its ID, looked up when an entry asks for it."""

    def __init__(self, structured: etree._Element | None) -> None:
        self._elements: dict[str, etree._Element] = {}
        for narrative in structured.iter(tag("text")) if structured is not None else ():
            for element in narrative.iter(etree.Element):
                name = attribute(element, "ID")
                if name:
                    self._elements.setdefault(name, element)

    def __call__(self, reference: str | None) -> str | None:
        """The text behind `#name` (or `name`, as samples write it too); None when there is none."""
        element = self._elements.get((reference or "").removeprefix("#"))
        return None if element is None else short_label_of(element)


def _sections(parent: etree._Element | None, texts: NarrativeTexts) -> tuple[Section, ...]:
    found = (child(component, "section") for component in children(parent, "component"))
    return tuple(_section(element, texts) for element in found if element is not None)


def _section(element: etree._Element, texts: NarrativeTexts) -> Section:
    results = read_results(element, texts)
    return Section(
        title=label_of(child(element, "title")),
        code=read_code(child(element, "code")),
        narrative=child(element, "text"),
        language=attribute(child(element, "languageCode"), "code"),
        is_unknown=is_null(element),
        results=results.results,
        has_unread_results=results.has_unread,
        sections=_sections(element, texts),
    )
