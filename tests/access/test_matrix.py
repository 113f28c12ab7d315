"""Walks the matrix: each address, each person, by GET and by POST."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.cache import cache
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from apps.accounts.models import User
from apps.audit.services import events_of
from apps.common.ids import uuid7
from tests.access.matrix import MATRIX, Answer
from tests.cast import Cast, Who, client_of, make_cast
from tests.harness.client import PortalClient
from tests.harness.clock import NOON


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    """Rights of the cast begin and end around NOON."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def cast(db) -> Cast:
    return make_cast()


def names_of(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from names_of(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        else:
            yield f"{prefix}{entry.name}", entry


PATTERNS = dict(names_of(get_resolver()))


def address(name: str, who: Who, cast: Cast, **changes: object) -> str:
    wanted = PATTERNS[name].pattern.converters.keys() | {"space_id"}
    own = {"space_id": cast.space_for(who).id, "document_id": cast.document_for(who).id, **MATRIX[name].arguments}
    return path_of(name, {key: value for key, value in {**own, **changes}.items() if key in wanted})


def path_of(name: str, values: dict[str, Any]) -> str:
    """Names outside spaces take no `space_id`."""
    in_space = PATTERNS[name] in IN_SPACE
    return reverse(name, kwargs={key: value for key, value in values.items() if in_space or key != "space_id"})


def class_of(response: HttpResponseBase) -> Answer:
    match response.status_code:
        case HTTPStatus.OK:
            return Answer.OK
        case HTTPStatus.FOUND:
            target = urlsplit(response["Location"])
            return Answer.SIGN_IN if target.path == reverse("accounts:sign_in") else Answer.ELSEWHERE
        case HTTPStatus.NOT_FOUND:
            return Answer.NOT_FOUND
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return Answer.NOT_ALLOWED
        case HTTPStatus.BAD_REQUEST | HTTPStatus.UNPROCESSABLE_ENTITY:
            return Answer.FORM_AGAIN
        case HTTPStatus.SERVICE_UNAVAILABLE:
            return Answer.UNAVAILABLE
        case other:
            raise AssertionError(other)


def in_space(resolver: URLResolver, *, inside: bool = False) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        here = inside or "space_id" in entry.pattern.converters
        if isinstance(entry, URLResolver):
            yield from in_space(entry, inside=here)
        elif here:
            yield entry


IN_SPACE = tuple(in_space(get_resolver()))


def test_sec_01_every_url_name_has_a_line():
    assert set(PATTERNS) - set(MATRIX) == set(), "addresses without a line in tests/access/matrix.py"
    assert set(MATRIX) - set(PATTERNS) == set(), "lines without an address"


def test_every_address_has_a_name_and_every_line_every_column():
    assert [pattern for pattern in PATTERNS.values() if not pattern.name] == []
    for name, line in MATRIX.items():
        assert set(line.get) == set(line.post) == set(Who), name


def fresh_client(user: User | None) -> PortalClient:
    """Nobody pays for the tries of the others: all of the cast come from one address of the network."""
    cache.clear()
    return client_of(user)


@pytest.mark.parametrize("name", MATRIX)
class TestMatrix:
    def test_sec_01_get(self, cast, name):
        found = {who: class_of(fresh_client(cast.users.get(who)).get(address(name, who, cast))) for who in Who}

        assert found == dict(MATRIX[name].get)

    def test_sec_01_post(self, cast, name):
        found = {who: class_of(fresh_client(cast.users.get(who)).post(address(name, who, cast))) for who in Who}

        assert found == dict(MATRIX[name].post)


IN_SPACE_NAMES = tuple(name for name, pattern in PATTERNS.items() if pattern in IN_SPACE)


@pytest.mark.parametrize("name", IN_SPACE_NAMES)
class TestSpaces:
    def test_sec_01_unknown_and_forbidden_spaces_have_the_same_answer(self, cast, name):
        client = client_of(cast.users[Who.OTHER_HOLDER])

        forbidden = client.get(address(name, Who.HOLDER, cast))
        unknown = client.get(address(name, Who.HOLDER, cast, space_id=uuid7()))

        assert forbidden.status_code == unknown.status_code == HTTPStatus.NOT_FOUND
        assert page_without_ids(forbidden) == page_without_ids(unknown)

    def test_sec_34_a_level_below_the_minimum_opens_no_space(self, cast, name, settings):
        settings.HOLDER_MIN_LEVEL = "eidas2"
        client = client_of(cast.users[Who.HOLDER], level="eidas1")

        for space_id in (cast.space.id, cast.child_space.id, uuid7()):  # it tells nothing of the space
            path = address(name, Who.HOLDER, cast, space_id=space_id)
            answer = client.get(path)
            assert (answer.status_code, urlsplit(answer["Location"]).path) == (302, "/niveau-insuffisant/")

    def test_a_refused_person_leaves_no_line_in_the_space(self, cast, name):
        before = events_of(cast.space.id).count()

        client_of(cast.users[Who.OTHER_HOLDER]).get(address(name, Who.HOLDER, cast))

        assert events_of(cast.space.id).count() == before


@pytest.mark.parametrize(
    "name", [name for name in IN_SPACE_NAMES if "document_id" in PATTERNS[name].pattern.converters]
)
class TestDocumentsOfOthers:
    """The id of a row of another space under one's own address (T-01)."""

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_sec_01_are_not_found(self, cast, name, method):
        path = address(name, Who.HOLDER, cast, document_id=cast.child_document.id)

        response = getattr(client_of(cast.users[Who.HOLDER]), method)(path)

        assert class_of(response) in {Answer.NOT_FOUND, Answer.NOT_ALLOWED}
        cast.child_document.refresh_from_db()
        assert cast.child_document.hidden_at is None

    def test_sec_01_look_like_unknown_ones(self, cast, name):
        client = client_of(cast.users[Who.HOLDER])

        forbidden = client.get(address(name, Who.HOLDER, cast, document_id=cast.child_document.id))
        unknown = client.get(address(name, Who.HOLDER, cast, document_id=uuid7()))

        assert page_without_ids(forbidden) == page_without_ids(unknown)


def page_without_ids(response: Any) -> str:
    """The page with ids of rows, references of requests and tokens of forms made equal."""
    text = response.content.decode()
    for token in sorted(words_that_vary(text), key=len, reverse=True):
        text = text.replace(token, "…")
    return text


def words_that_vary(text: str) -> set[str]:
    found = set(re.findall(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", text))
    found |= set(re.findall(r"\b[0-9A-F]{4}-[0-9A-F]{4}\b", text))
    return found | set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', text))


def test_sec_08_and_16_headers_of_every_page(cast):
    for name, line in MATRIX.items():
        for who in (Who.VISITOR, Who.HOLDER):
            response = client_of(cast.users.get(who)).get(address(name, who, cast))
            assert "default-src 'none'" in response["Content-Security-Policy"], (name, who)
            assert response["X-Content-Type-Options"] == "nosniff", (name, who)
            assert response["Referrer-Policy"] == "same-origin", (name, who)
            if who is Who.HOLDER and line.get[who] is Answer.OK and response["Content-Type"].startswith("text/html"):
                assert "no-store" in response["Cache-Control"], (name, who)
