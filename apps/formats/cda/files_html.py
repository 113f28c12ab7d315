"""Files of a document in words: what they are, how large, their fingerprint, what to beware of (DMP-104..106)."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.formats import words
from apps.formats.cda import pictures
from apps.formats.cda.attachments import Attachment
from apps.formats.cda.safe import element, joined, lines, text

_PARAGRAPHS = re.compile(r"\n\s*\n")


def item(attachment: Attachment, address: Callable[[Attachment], str | None], show: pictures.Show) -> SafeString:
    """A list item: name (a link where the page offers the file), fingerprint, cautions."""
    label = text(pictures.name_words(attachment))
    url = address(attachment) if attachment.data is not None else None
    parts = [element("a", label, {"href": url}) if url else label]
    if attachment.sha256:
        parts.append(_fingerprint(attachment, attachment.sha256))
    shown = show(attachment)
    if shown.reading_url:
        parts.append(
            element("a", text(_("Read it here")), {"href": shown.reading_url, "aria-label": _read(attachment)})
        )
    problem = pictures.problem_words(attachment)
    cautions = [*([problem] if problem else []), *pictures.caution_words(attachment, shown.warnings)]
    parts.extend(element("strong", text(caution)) for caution in cautions)
    return element("li", lines(parts))


def _read(attachment: Attachment) -> str:
    return _("Read it here: %(file)s") % {"file": pictures.name_words(attachment)}


def _fingerprint(attachment: Attachment, sha256: str) -> SafeString:
    size = element("data", text(words.exact_size_words(attachment.size)), {"value": str(attachment.size)})
    sum_words = text(_("SHA-256 fingerprint: %(sha256)s") % {"sha256": sha256})
    return element("span", joined([size, text(" · "), sum_words]), {"class": "ens-small ens-soft ens-cda__print"})


def not_offered() -> SafeString:
    """For a page that can offer no download."""
    return element("p", text(_("This page offers no download: the content stands in the original file.")))


def plain_text(content: str) -> SafeString:
    """Plain text as paragraphs; single line ends are kept."""
    paragraphs = (part for part in _PARAGRAPHS.split(content.replace("\r\n", "\n").strip("\n")) if part.strip())
    return joined(element("p", lines(text(line) for line in part.split("\n"))) for part in paragraphs)
