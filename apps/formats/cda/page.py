"""One document as one whole HTML page that needs nothing else: no script, no address to load, its own strict CSP."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.formats.cda.header_html import render_header
from apps.formats.cda.html import language_tag, render_document
from apps.formats.cda.metadata import type_label
from apps.formats.cda.model import CdaDocument
from apps.formats.cda.safe import constant, element, joined, text

_STYLES = Path(__file__).resolve().parent.parent / "data" / "page.css"


def render_page(document: CdaDocument) -> SafeString:
    """A complete page in the active language: title, header, body."""
    title = document.title or type_label(document) or _("Document without title")
    heading = element("h1", text(title), {"lang": language_tag(document.language)})
    about = element("section", joined([element("h2", text(_("About this document"))), render_header(document)]))
    main = element("main", joined([heading, about, render_document(document)]))
    head = joined([*_metas(), element("title", text(title)), element("style", constant(_styles()))])
    page = joined([element("head", head), element("body", main)])
    return joined(
        [constant("<!DOCTYPE html>\n"), element("html", page, {"lang": get_language() or "fr"}), constant("\n")]
    )


def _metas() -> list[SafeString]:
    return [
        element("meta", attributes={"charset": "utf-8"}),
        element("meta", attributes={"http-equiv": "Content-Security-Policy", "content": _policy()}),
        element("meta", attributes={"name": "viewport", "content": "width=device-width, initial-scale=1"}),
    ]


def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_styles().encode()).digest()).decode("ascii")
    return f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _styles() -> str:
    return _STYLES.read_text(encoding="utf-8")
