"""D-08: versions of a document, the current one first, and what differs between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.dmp import services
from apps.dmp.models import Document
from apps.dmp.views.about import written_words
from apps.dmp.words import author_words, category_label, document_name, replaced_words
from apps.spaces.entry import SpaceRequest
from apps.ui.components import Pair
from apps.ui.words import file_size, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One fact of the record that is not what it was in the version before."""

    term: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of the list; `changes` against the one before it, None for the first."""

    document: Document
    heading: str
    state: str
    facts: tuple[Pair, ...]
    changes: tuple[Change, ...] | None


@require_http_methods(["GET"])
def document_versions(request: SpaceRequest, space_id: UUID, document_id: UUID) -> HttpResponse:  # noqa: ARG001  the middleware has used it
    try:
        found = services.versions_of(actor=request.actor, document_id=document_id, at=timezone.now())
    except services.DocumentNotFoundError as error:
        raise Http404 from error
    here = next(document for document in found if document.id == document_id)
    context = {"document": here, "name": document_name(here), "versions": versions(found)}
    return render(request, "dmp/document_versions.html", context)


def versions(documents: Sequence[Document]) -> tuple[Version, ...]:
    """Newest first, as given."""
    pairs = [*pairwise(documents), (documents[-1], None)]
    later: list[Document | None] = [None, *documents]
    return tuple(
        Version(
            document=document,
            heading=_("Version %(number)s") % {"number": document.version_number},
            state=_state(document, successor),
            facts=tuple(Pair(term=term, value=value) for term, value in _facts(document)),
            changes=None if former is None else changes(former, document),
        )
        for (document, former), successor in zip(pairs, later, strict=False)
    )


def changes(former: Document, document: Document) -> tuple[Change, ...]:
    """Facts of the record that differ; the texts themselves are not compared."""
    before, after = dict(_facts(former)), dict(_facts(document))
    return tuple(
        Change(term=term, before=before[term], after=after[term]) for term in after if before[term] != after[term]
    )


def _facts(document: Document) -> Iterator[tuple[str, str]]:
    yield _("Title"), document.title
    yield _("Category"), category_label(document.category)
    yield _("Type of document"), document.type_label or _("not given")
    yield _("Date of the act"), written_words(document.act_started or document.created)
    yield _("Author"), author_words(document)
    yield _("Organisation"), document.organisation_name or _("not given")
    yield _("Filed on"), moment(document.received_at)
    yield _("Size"), file_size(document.size)


def _state(document: Document, successor: Document | None) -> str:
    if document.availability == Document.Availability.DELETED:
        return _("Deleted by its author")
    if document.is_current:
        return _("Current version")
    return replaced_words(successor.received_at) if successor else _("Replaced version, no longer the current one")
