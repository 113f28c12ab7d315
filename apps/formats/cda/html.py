"""A whole document as HTML: sections with headings, results in words, the level-1 file, the list of attachments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from lxml import etree

from apps.formats import media
from apps.formats.cda import drawn, files_html, pictures
from apps.formats.cda.attachments import Attachment
from apps.formats.cda.lab_table import has_readings, results_table
from apps.formats.cda.model import CdaDocument, Section
from apps.formats.cda.narrative import Narrative, NarrativeContext
from apps.formats.cda.nodes import attribute
from apps.formats.cda.safe import element, joined, text

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", re.ASCII)
_LOWEST_HEADING = 6
MAX_TEXT = 2_000_000  # characters of one narrative or plain text that a page still shows


def _no_address(_attachment: Attachment) -> str | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderOptions:
    """How a page takes the document in.

    `heading` is the level of the outermost headings (the page keeps h1); `prefix` goes before every id;
    `attachment_url` gives the address where the page offers a file, or None when it offers none;
    `lists_attachments` False leaves the list of files to the page; `show` says how a file is shown, by default drawn at
    once by a child process (SEC-11).
    """

    heading: int = 2
    prefix: str = "doc-"
    attachment_url: Callable[[Attachment], str | None] = _no_address
    lists_attachments: bool = True
    show: pictures.Show = drawn.drawn_here


_DEFAULTS = RenderOptions()


def render_document(document: CdaDocument, options: RenderOptions = _DEFAULTS) -> SafeString:
    """HTML of the body of a document: safe by construction (DMP-101..103), fit for a strict CSP with `img-src data:`.

    Words of the portal are in the active language, words of the document carry its own `lang` (DMP-109).
    """
    writer = _Writer(document, options)
    return element("div", joined(writer.parts()), {"class": "ens-cda"})


def language_tag(written: str | None) -> str | None:
    """A language code that may stand in a `lang` attribute, or None."""
    return written if written and _LANGUAGE.fullmatch(written) else None


class _Writer:
    def __init__(self, document: CdaDocument, options: RenderOptions) -> None:
        self.document = document
        self.options = options
        self.language = language_tag(document.language)
        self._shown: dict[int, pictures.Shown] = {}
        self.narrative = Narrative(
            context=NarrativeContext(
                prefix=options.prefix,
                media={item.element_id: item for item in document.attachments if item.element_id},
                ids=frozenset(_ids(document.sections)),
                attachment_url=options.attachment_url,
                show=self._show,
                ui_language=_ui_language(self.language),
            )
        )

    def parts(self) -> Iterator[SafeString]:
        if self.document.payload is not None:
            yield self._payload(self.document.payload)
        for section in self.document.sections:
            yield self._section(section, self.options.heading, "")
        if self.document.level is None:
            yield element("p", text(_("The document has no content: only its heading data can be shown.")))
        if self.options.lists_attachments and self.document.attachments:
            yield self._attachments()

    def _attachments(self) -> SafeString:
        files = self.document.attachments
        parts = [self._heading(text(_("Attachments")), self.options.heading)]
        parts.append(
            element("ul", joined(files_html.item(file, self.options.attachment_url, self._show) for file in files))
        )
        if not any(self.options.attachment_url(file) for file in files):
            parts.append(files_html.not_offered())
        return element("section", joined(parts), {"class": "ens-cda__section"})

    def _show(self, attachment: Attachment) -> pictures.Shown:
        """Asked once for each file."""
        if attachment.number not in self._shown:
            self._shown[attachment.number] = self.options.show(attachment)
        return self._shown[attachment.number]

    def _heading(self, content: SafeString, level: int, language: str | None = None) -> SafeString:
        return element(f"h{min(level, _LOWEST_HEADING)}", content, {"lang": language})

    def _section(self, section: Section, level: int, above: str) -> SafeString:
        language = language_tag(section.language) or self.language
        title = section.title or (section.code.display if section.code and level == self.options.heading else None)
        name = title or above
        below = level + 1 if title else level
        parts = [self._heading(text(title), level, language)] if title else []
        parts.append(self._text(section, name, language))
        if has_readings(section.results):
            parts.append(results_table(section.results, section=name, is_partial=section.has_unread_results))
        parts.extend(self._section(inner, below, name) for inner in section.sections)
        return element("section", joined(parts), {"class": "ens-cda__section"})

    def _text(self, section: Section, name: str, language: str | None) -> SafeString:
        if section.narrative is None:
            return SafeString("") if section.sections else element("p", text(_("not given")))
        if sum(len(str(part)) for part in section.narrative.itertext()) > MAX_TEXT:
            return element("p", text(_("The text of this section is too long to be shown here.")))
        body = self.narrative.render(section.narrative, name)
        if not body.strip():
            return SafeString("") if section.sections else element("p", text(_("not given")))
        return element("div", body, {"class": "ens-cda__text", "lang": language})

    def _payload(self, payload: Attachment) -> SafeString:
        title = self._heading(text(_("Content of the document")), self.options.heading)
        shown, is_plain = self._show(payload), payload.served_type == media.TEXT and payload.size <= MAX_TEXT
        parts = [title, element("ul", files_html.item(payload, self.options.attachment_url, self._show))]
        if shown.picture is not None:
            image = pictures.image(payload, shown.picture, self.document.title)
            parts.append(element("p", image, {"lang": self.language}))
        elif is_plain:
            plain = (payload.data or b"").decode("utf-8-sig")
            parts.append(
                element("div", files_html.plain_text(plain), {"class": "ens-cda__text", "lang": self.language})
            )
        elif payload.data is not None and not shown.elsewhere:
            parts.append(self._not_shown(payload, shown))
        return element("section", joined(parts), {"class": "ens-cda__section"})

    def _not_shown(self, payload: Attachment, shown: pictures.Shown) -> SafeString:
        if shown.note:
            return element("p", text(shown.note))
        if self.options.attachment_url(payload):
            return element("p", text(_("This type of file is not shown in the page: open the file to read it.")))
        return files_html.not_offered()


def _ui_language(document_language: str | None) -> str | None:
    """The active language when it is not the document's."""
    active = get_language() or "fr"
    if document_language is None or document_language.partition("-")[0].lower() == active.partition("-")[0].lower():
        return None
    return active


def _ids(sections: tuple[Section, ...]) -> Iterator[str]:
    for section in sections:
        if section.narrative is not None:
            for item in section.narrative.iterdescendants(etree.Element):
                name = attribute(item, "ID")
                if name:
                    yield name
        yield from _ids(section.sections)
