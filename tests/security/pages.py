"""Pages made comparable: what differs between two spaces anyway (ids, tokens, references) is replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.common.ids import uuid7
from apps.dmp.models import Document
from apps.spaces.models import HealthSpace
from tests.dmp.factories import Person

_VARYING = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"  # rows
    r"|\b[0-9A-F]{4}-[0-9A-F]{4}\b"  # references of requests
    r"|\b\d{15}\b"  # numbers of the two people
    r'|csrfmiddlewaretoken" value="\w+"'
    r"|filtre=[\w-]+"
    r"|(?:[0-9a-f]{4} ){15}[0-9a-f]{4}"  # fingerprints: the number of the person stands in the file
)
_HEADERS = ("Content-Type", "Cache-Control", "Content-Security-Policy", "Location", "Vary", "X-Robots-Tag", "ETag")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What somebody can compare: status, headers, body and the number of queries behind it."""

    status: int
    headers: tuple[str, ...]
    body: str
    queries: int


def normalised(text: str) -> str:
    return _VARYING.sub("·", text)


def seen(person: Person, method: str, path: str, data: Any = None) -> Seen:
    with CaptureQueriesContext(connection) as queries:
        response = (
            getattr(person.client, method)(path, data) if data is not None else getattr(person.client, method)(path)
        )
    body = response.content.decode("utf-8", "replace")
    return Seen(
        status=response.status_code,
        headers=tuple(normalised(response.headers.get(name, "")) for name in _HEADERS),
        body=normalised(body),
        queries=len(queries),
    )


FILTERS: tuple[dict[str, str], ...] = (
    {"words": "secret"},
    {"words": "biologie"},
    {"category": "BIOLOGIE"},
    {"category": "RADIO_SC"},
    {"period": "3m"},
    {"period": "12m"},
    {"period": "dates", "first": "2026-11-01"},
    {"author": "Dr Hugo Perrin"},
    {"author": "Dr Anne Secret"},
    {"state": "new"},
    {"state": "hidden"},
    {"state": "pinned"},
)
LATER_FILTERS: tuple[dict[str, str], ...] = (
    {"place": "Laboratoire des Rives"},
    {"state": "mine"},
    {"state": "added"},
    {"state": "archived"},
)
HISTORIES = ("", "?periode=tout", "?periode=tout&qui=professionnels", "?qui=proches", "?vue=mes-actions&periode=tout")


def walk(person: Person, space: HealthSpace, documents: dict[str, Document]) -> Iterator[tuple[str, Seen]]:
    """Every page that the person can ask for in a space. `documents`: those that both spaces have, by name."""
    home, history = (reverse(f"journeys:{name}", args=[space.id]) for name in ("dashboard", "access_history"))
    listing = reverse("dmp:document_list", args=[space.id])
    choose = reverse("journeys:choose_space")
    for path in (home, choose, f"{choose}?tous=1"):
        yield path, seen(person, "get", path)
    for query in ("", "?tri=auteur", "?page=2", "?page=99"):
        yield f"list {query}", seen(person, "get", listing + query)
    yield from _filtered(person, listing, FILTERS)
    for query in HISTORIES:
        page = seen(person, "get", history + query)
        # One's own acts of the same instant stand in the order of their random ids.
        yield f"history {query}", replace(page, body="\n".join(sorted(page.body.splitlines())))
    for name, row in documents.items():
        yield from _document(person, row, name)
    yield "folders", seen(person, "get", reverse("dmp:folder_list", args=[space.id]))
    yield "file", seen(person, "post", reverse("dmp:selection_file", args=[space.id]), _ids(documents))
    yield "select", seen(person, "post", reverse("dmp:selection_hide", args=[space.id]), _ids(documents))
    yield "home again", seen(person, "get", home)
    # After the history: a page of it holds twenty acts, and those of one instant stand in a random order.
    yield from _timeline_and_cuts(person, space, documents)
    yield from _filtered(person, listing, LATER_FILTERS)


def unknown_answers(person: Person, space: HealthSpace, document_id: object) -> dict[str, Seen]:
    """What each address of a document answers for this id."""
    answers = {}
    for name in ("document_detail", "document_file", "document_hide", "document_unhide"):
        path = reverse(f"dmp:{name}", args=[space.id, document_id])
        for method in ("get", "head", "post"):
            answers[f"{method} {name}"] = seen(person, method, path)
    for name in ("document_pin", "document_unpin"):
        answers[f"post {name}"] = seen(person, "post", reverse(f"dmp:{name}", args=[space.id, document_id]))
    file = reverse("dmp:selection_file", args=[space.id])
    for extra in ({}, {"confirmation": "oui", "folder": "aucun"}, {"confirmation": "oui", "name": "Neuf"}):
        answers[f"file {extra}"] = seen(person, "post", file, {"document": [str(document_id)], **extra})
    path = reverse("dmp:attachment_file", args=[space.id, document_id, 0])
    answers["get attachment_file"] = seen(person, "get", path)
    select = reverse("dmp:selection_hide", args=[space.id])
    for extra in ({}, {"confirmation": "oui"}):
        answers[f"select {extra}"] = seen(person, "post", select, {"document": [str(document_id)], **extra})
    return answers


def some_unknown_id() -> object:
    return uuid7()


def _timeline_and_cuts(
    person: Person, space: HealthSpace, documents: dict[str, Document]
) -> Iterator[tuple[str, Seen]]:
    cuts = [f"?{name}={row.id}" for name, row in zip(("apres", "avant"), documents.values(), strict=False)]
    for page, queries in (("document_list", ()), ("timeline", ("", "?annee=2020"))):
        path = reverse(f"dmp:{page}", args=[space.id])
        for query in (*queries, *cuts):
            yield f"{page} {query}", seen(person, "get", path + query)


def _filtered(person: Person, listing: str, filters: tuple[dict[str, str], ...]) -> Iterator[tuple[str, Seen]]:
    for fields in filters:
        sent = person.client.post(listing, fields)
        if sent.status_code == HTTPStatus.FOUND:
            yield f"list {fields}", seen(person, "get", sent.headers["Location"])
        else:
            yield f"post {fields}", seen(person, "post", listing, fields)


def _document(person: Person, row: Document, name: str) -> Iterator[tuple[str, Seen]]:
    for page in ("document_detail", "document_file", "document_hide", "document_unhide"):
        yield f"{name} {page}", seen(person, "get", reverse(f"dmp:{page}", args=[row.space_id, row.id]))
    yield f"{name} attachment", seen(person, "get", reverse("dmp:attachment_file", args=[row.space_id, row.id, 0]))


def _ids(documents: dict[str, Document]) -> dict[str, list[str]]:
    return {"document": [str(row.id) for row in documents.values()]}
