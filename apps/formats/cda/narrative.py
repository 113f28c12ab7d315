"""Narrative text to HTML: a walk over an allow-list of elements, everything escaped (DMP-101..103, SEC-07)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from lxml import etree

from apps.formats.cda import pictures, tables
from apps.formats.cda.attachments import Attachment
from apps.formats.cda.links import external_link
from apps.formats.cda.nodes import HL7, attribute, label_of, tag
from apps.formats.cda.safe import element, joined, text
from apps.formats.cda.styles import list_type, safe_id, style_classes, style_tags

_BLOCKS = (tag("paragraph"), tag("list"), tag("table"))
# Elements that could run or load something: dropped with all they contain, in any namespace and case (DMP-102)
DROPPED = frozenset(
    (
        *("script", "style", "link", "meta", "base", "template", "noscript", "iframe", "frame", "frameset", "object"),
        *("embed", "applet", "img", "svg", "math", "video", "audio", "source", "track", "canvas", "form", "input"),
        *("button", "select", "textarea", "option"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NarrativeContext:
    """What the text may refer to. `ui_language` is set when the words of the portal need a `lang` of their own."""

    prefix: str
    media: Mapping[str, Attachment]
    ids: frozenset[str]
    attachment_url: Callable[[Attachment], str | None]
    show: pictures.Show
    ui_language: str | None


@dataclass(slots=True, kw_only=True)
class Narrative:
    """Walks the narratives of one document; counts tables and remembers ids so that both stay unique in the page."""

    context: NarrativeContext
    section: str = ""
    tables: int = 0
    _seen: set[str] = field(default_factory=set)
    _notes: dict[str, int] = field(default_factory=dict)

    def render(self, narrative: etree._Element, section: str) -> SafeString:
        """The content of one `text` element; `section` names its tables that have no caption."""
        self.section = section
        return self.inner(narrative)

    def inner(self, parent: etree._Element) -> SafeString:
        """Text and children in order."""
        parts = [text(str(parent.text or ""))]
        for item in parent:
            if isinstance(item.tag, str):
                parts.append(self.node(item))
            parts.append(text(str(item.tail or "")))
        return joined(parts)

    def common(self, item: etree._Element, *classes: str) -> dict[str, str | None]:
        """`id` (prefixed, once) and `class` of an element."""
        return {"id": self._id(attribute(item, "ID")), "class": " ".join([*classes, *style_classes(item)])}

    def ui(self, words: SafeString) -> SafeString:
        """Words of the portal inside the text of a document (DMP-109)."""
        language = self.context.ui_language
        return element("span", words, {"lang": language}) if language else words

    def node(self, item: etree._Element) -> SafeString:
        name = etree.QName(item)
        if name.localname.lower() in DROPPED:
            return SafeString("")
        handler = _HANDLERS.get(name.localname) if name.namespace == HL7 else None
        return handler(self, item) if handler else self.inner(item)

    def _id(self, name: str | None) -> str | None:
        if name is None or safe_id(name) in self._seen:
            return None
        self._seen.add(safe_id(name))
        return self.context.prefix + safe_id(name)

    def _note(self, name: str | None) -> int:
        return self._notes.setdefault(name or f"note {len(self._notes)}", len(self._notes) + 1)

    def content(self, item: etree._Element) -> SafeString:
        """`content` keeps its text whatever its styleCode says."""
        body = self.inner(item)
        for name in style_tags(item):
            body = element(name, body) if not _has_blocks(item) else body
        attributes = self.common(item)
        revised = (attribute(item, "revised") or "").lower()
        if revised in {"insert", "delete"}:
            body = self._revised(revised, body)
        if not any(attributes.values()):
            return body
        return element("div" if _has_blocks(item) else "span", body, attributes)

    def _revised(self, kind: str, body: SafeString) -> SafeString:
        words = _("added text:") if kind == "insert" else _("removed text:")
        hint = element("span", text(f"{words} "), {"class": "fr-sr-only", "lang": self.context.ui_language})
        return element("ins" if kind == "insert" else "del", joined([hint, body]))

    def paragraph(self, item: etree._Element) -> SafeString:
        body = self.inner(item)
        for name in style_tags(item):
            body = element(name, body) if not _has_blocks(item) else body
        if _has_blocks(item):
            return element("div", body, self.common(item, "ens-cda__paragraph"))
        return element("p", body, self.common(item))

    def line_break(self, item: etree._Element) -> SafeString:
        return joined([element("br"), self.inner(item)])

    def lowered(self, item: etree._Element) -> SafeString:
        return self.inner(item) if _has_blocks(item) else element("sub", self.inner(item))

    def raised(self, item: etree._Element) -> SafeString:
        return self.inner(item) if _has_blocks(item) else element("sup", self.inner(item))

    def listing(self, item: etree._Element) -> SafeString:
        """A list; what is not an item of it follows, so that nothing is lost."""
        ordered = attribute(item, "listType") == "ordered"
        parts: list[SafeString] = []
        others: list[SafeString] = []
        for entry in item:
            if tables.is_named(entry, "item"):
                parts.append(element("li", self.inner(entry), self.common(entry)))
            elif tables.is_named(entry, "caption"):
                others.insert(0, element("p", self.inner(entry), self.common(entry, "ens-cda__caption")))
            elif isinstance(entry.tag, str):
                others.append(element("div", self.node(entry)))
        stray = tables.stray_text(item)
        loose = [text(stray)] if stray else []
        kind = {"type": list_type(item)} if ordered else {}
        listed = element("ol" if ordered else "ul", joined(parts), {**self.common(item), **kind})
        return joined([*others, *loose, listed] if parts else [*others, *loose])

    def caption(self, item: etree._Element) -> SafeString:
        """A caption outside lists and tables."""
        return element("strong", self.inner(item), self.common(item))

    def link(self, item: etree._Element) -> SafeString:
        body = self.inner(item)
        href = (attribute(item, "href") or "").strip()
        if href.startswith("#"):
            target = href.removeprefix("#")
            known = target in self.context.ids
            return (
                element("a", body, {"href": f"#{self.context.prefix}{safe_id(target)}"})
                if known and body.strip()
                else body
            )
        found = external_link(href)
        if found is None or _is_in_link(item):
            return body
        label = body if body.strip() else text(found.shown)
        link = element("a", label, {"href": found.href, "rel": "noopener noreferrer"})
        host = element("span", text(f"({found.shown})"), {"class": "ens-cda__host"})
        return joined([link, text(" "), host])

    def footnote(self, item: etree._Element) -> SafeString:
        """The note stays where it is written; its number joins it to the references."""
        number = element("sup", text(str(self._note(attribute(item, "ID")))))
        body = joined([number, text(" "), self.inner(item)])
        return element("div" if _has_blocks(item) else "span", body, self.common(item, "ens-cda__footnote"))

    def footnote_reference(self, item: etree._Element) -> SafeString:
        name = attribute(item, "IDREF")
        if name is None or name not in self.context.ids:
            return SafeString("")
        number = self._note(name)
        label = _("Note %(number)s") % {"number": number}
        href = f"#{self.context.prefix}{safe_id(name)}"
        link = element("a", text(str(number)), {"href": href, "aria-label": label, "lang": self.context.ui_language})
        return element("sup", link)

    def multimedia(self, item: etree._Element) -> SafeString:
        """`renderMultiMedia`: the picture, or the name of the attachment, or words for what is missing (DMP-91)."""
        names = (attribute(item, "referencedObject") or "").split()
        description = label_of(item)
        shown = [self._attachment(self.context.media.get(name), description) for name in names or [""]]
        parts = [element("span", part, {"class": "ens-cda__media"}) for part in shown]
        if description:
            parts.append(element("span", text(description), {"class": "ens-cda__caption"}))
        return joined(parts)

    def _attachment(self, attachment: Attachment | None, description: str | None) -> SafeString:
        if attachment is None or (attachment.data is None and (attachment.declared_type or "").startswith("image/")):
            return self.ui(pictures.missing_picture())
        shown = self.context.show(attachment)
        if shown.picture is not None:
            return pictures.image(attachment, shown.picture, description)
        label = text(pictures.name_words(attachment))
        url = self.context.attachment_url(attachment) if attachment.data is not None else None
        named = element("a", label, {"href": url}) if url else label
        return self.ui(joined([named, text(f" {shown.note}")]) if shown.note else named)


def _has_blocks(item: etree._Element) -> bool:
    return next(item.iterdescendants(*_BLOCKS), None) is not None


def _is_in_link(item: etree._Element) -> bool:
    return any(tables.is_named(above, "linkHtml") for above in item.iterancestors())


_HANDLERS: Mapping[str, Callable[[Narrative, etree._Element], SafeString]] = {
    "content": Narrative.content,
    "paragraph": Narrative.paragraph,
    "br": Narrative.line_break,
    "sub": Narrative.lowered,
    "sup": Narrative.raised,
    "list": Narrative.listing,
    "caption": Narrative.caption,
    "linkHtml": Narrative.link,
    "footnote": Narrative.footnote,
    "footnoteRef": Narrative.footnote_reference,
    "renderMultiMedia": Narrative.multimedia,
    "table": tables.render_table,
}
