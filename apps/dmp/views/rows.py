"""Rows of the document list as the template shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.dmp.models import Document
from apps.dmp.words import author_label, date_words, month_heading, source_words
from apps.files.models import StoredFile
from apps.formats.cda.html import language_tag
from apps.formats.searching import Extract


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A state in one word with its icon; `kind` "new" has the accent, "warning" the colour of what needs care."""

    label: str
    icon: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One document of the list. `has_download` is false while nobody may read the file; `extract` is the place of its
    content where a word that was looked for stands, in `language` (a tag for `lang`, or None).
    """

    document: Document
    line: str
    tags: tuple[Tag, ...]
    has_download: bool
    extract: Extract | None
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Rows under one heading: a month, or an author."""

    heading: str
    rows: tuple[Row, ...]


def groups_of(documents: Iterable[Document], *, by_author: bool, extracts: Mapping[UUID, Extract]) -> tuple[Group, ...]:
    """The page in groups; the order of the rows inside a group is that of the list."""
    heading: Callable[[Document], str] = _author_heading if by_author else month_heading
    found: dict[str, list[Row]] = {}
    for document in documents:
        found.setdefault(heading(document), []).append(_row(document, extracts.get(document.id)))
    return tuple(Group(heading=name, rows=tuple(rows)) for name, rows in found.items())


def _author_heading(document: Document) -> str:
    return author_label(document.author_name, document.organisation_name)


def _row(document: Document, extract: Extract | None) -> Row:
    return Row(
        document=document,
        line=f"{date_words(document)} · {source_words(document)}",
        tags=tuple(_tags(document)),
        has_download=document.file.is_readable,
        extract=extract,
        language=language_tag(document.language),
    )


def _tags(document: Document) -> Iterable[Tag]:
    if not getattr(document, "was_read", True):
        yield Tag(label=pgettext("state of a document", "New"), icon="star-s-fill", kind="new")
    if document.pinned_at is not None:
        yield Tag(label=pgettext("state of a document", "Pinned"), icon="bookmark-fill")
    if document.is_hidden:
        yield Tag(label=pgettext("state of a document", "Hidden"), icon="eye-off-line")
    if document.availability == Document.Availability.ARCHIVED:
        yield Tag(label=pgettext("state of a document", "Archived"), icon="archive-line")
    if document.version_number > 1:
        yield Tag(label=_("Version %(number)s") % {"number": document.version_number}, icon="stack-line")
    if document.file.state in {StoredFile.State.WAITING, StoredFile.State.PARKED}:
        yield Tag(label=pgettext("state of a document", "Being checked"), icon="time-line")
    if document.file.is_blocked:
        yield Tag(label=pgettext("state of a document", "Refused"), icon="error-warning-line", kind="warning")
