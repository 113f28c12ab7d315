"""SEC-32: whatever comes in an address, a form or a header is answered with a page, never with a fault of ours."""
# ruff: noqa: E501  tables of hostile texts

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from apps.audit.services import AuditEvent
from tests.cast import Cast, Who, client_of, make_cast
from tests.dmp.rows import document
from tests.harness.client import PortalClient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
NUL = "\x00"
NUMBERS = ["0", "-1", "99999999999999999999", "9" * 5000, "1e9", "nan", "", "x", NUL, "1%00", "١", "²", "1.5", "[]"]
TEXTS = [
    NUL,
    f"a{NUL}b",
    "x" * 201,
    "x" * 10_000,
    "%",
    "_",
    "\\",
    "'",
    '"',
    "\ud7ff\uffff",
    "\u202e",
    "🩺",
    "\r\n",
    " " * 150,
]
TOKENS = [NUL, "x" * 5000, "../../etc", "__proto__", "0", "null", "%00", "é", "a&b", "'--"]


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def alice(cast: Cast) -> PortalClient:
    return client_of(cast.users[Who.HOLDER])


def address(cast: Cast, name: str, *more: object) -> str:
    return reverse(name, args=[cast.space.id, *more])


@pytest.mark.parametrize("name", ["dmp:document_list", "journeys:access_history"])
def test_sec_32_any_page_number_is_a_page(cast, alice, name):
    for value in NUMBERS:
        for query in ({"page": value}, {"page": value, "tri": "auteur", "vue": "mes-actions"}):
            assert alice.get(address(cast, name), query).status_code == HTTPStatus.OK, value[:30]


def test_sec_32_any_document_to_begin_behind_is_a_page(cast, alice):
    for value in [*NUMBERS, *TOKENS]:
        for name in ("apres", "avant", "annee"):
            for page in ("dmp:document_list", "dmp:timeline"):
                assert alice.get(address(cast, page), {name: value}).status_code == HTTPStatus.OK, value[:30]


def test_sec_32_any_token_of_filters_is_no_filter(cast, alice):
    for value in TOKENS:
        for query in ({"filtre": value}, {"tri": value}, {"filtre": value, "sans": value}, {"sans": "words"}):
            answer = alice.get(address(cast, "dmp:document_list"), query)
            assert answer.status_code in {HTTPStatus.OK, HTTPStatus.FOUND}, (query, answer.status_code)
            assert value not in answer.headers.get("Location", "") or len(value) < 10


def test_sec_32_any_value_of_the_history_falls_back(cast, alice):
    for value in [*NUMBERS, *TEXTS]:
        query = {"periode": value, "qui": value, "vue": value, "page": value}
        assert alice.get(address(cast, "journeys:access_history"), query).status_code == HTTPStatus.OK


@pytest.mark.parametrize("field", ["words", "category", "period", "first", "last", "author", "place", "state"])
def test_sec_32_any_filter_is_applied_or_told(cast, alice, field):
    alice.braces_allowed = True
    for value in [*TEXTS, *NUMBERS, "0001-01-01", "9999-12-31", "2026-02-30", "-1-01-01"]:
        answer = alice.post(address(cast, "dmp:document_list"), {field: value, "period": "dates"} | {field: value})
        assert answer.status_code in {HTTPStatus.OK, HTTPStatus.FOUND}, value[:30]
        if answer.status_code == HTTPStatus.FOUND:
            assert alice.get(answer.headers["Location"]).status_code == HTTPStatus.OK, value[:30]


def test_sec_32_words_of_two_hundred_letters_at_most(cast, alice):
    answer = alice.post(address(cast, "dmp:document_list"), {"words": "x" * 201})

    assert answer.status_code == HTTPStatus.OK
    assert "x" * 201 not in answer.headers.get("Location", "")


def test_sec_32_a_selection_of_anything_is_told_or_refused(cast, alice):
    path = address(cast, "dmp:selection_hide")
    for values in ([NUL], ["x" * 10_000], ["{}"], [""], [str(cast.document.id)] * 300, ["١" * 32], ["[1]"], [" "]):
        for more in ({}, {"confirmation": "oui"}):
            answer = alice.post(path, {"document": values, **more})
            assert answer.status_code in {HTTPStatus.OK, HTTPStatus.FOUND, HTTPStatus.NOT_FOUND}, values[:1]


def test_sec_32_more_than_two_hundred_are_told_to_be_too_many(cast, alice):
    ids = [str(document(cast.space, unique_id=f"1.2.3.{number}").id) for number in range(201)]

    answer = alice.post(address(cast, "dmp:selection_hide"), {"document": ids}, follow=True)

    assert "Trop de documents" in answer.content.decode()


def test_sec_32_six_hundred_fields_are_a_bad_request_with_a_page(cast, alice):
    answer = alice.post(address(cast, "dmp:selection_hide"), {"document": ["x"] * 600})

    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "<h1>" in answer.content.decode()


def test_sec_32_three_megabytes_are_too_large(cast, alice):
    answer = alice.post(address(cast, "dmp:document_list"), {"words": "x" * 3_000_000})

    assert answer.status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}


@pytest.mark.parametrize(
    "path",
    [
        "/e/x/", "/e/00000000-0000-0000-0000-000000000000/", "/e//", "/e/%00/", "/e/019abb53-e000-7abc-8def-0123456789ab",
        "/%00", "/..%2f..%2fetc/passwd", "/é", "/static/../manage.py", "/static/%00", "/static/x",
        "/theme/%0d%0aSet-Cookie:x=1", "/admin/", "/accounts/login/", "/-/", "/.git/config", "/" + "a" * 9000,
    ],
)  # fmt: skip
def test_sec_32_odd_addresses_lead_nowhere(alice, path):
    for client in (alice, PortalClient()):
        answer = client.get(path)
        assert answer.status_code in {HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND, HTTPStatus.NOT_FOUND}
        assert "evil" not in answer.headers.get("Location", "")
        assert "Set-Cookie" not in answer.headers


def test_sec_32_odd_numbers_of_attachments_are_404(cast, alice):
    base = address(cast, "dmp:document_file", cast.document.id)
    for number in ("99999999999999999999999", "9" * 5000, "-1", "1.5", "x", "%00", "0"):
        assert alice.get(f"{base}{number}/").status_code == HTTPStatus.NOT_FOUND


HEADERS = [
    {"Accept-Language": "xx" * 4000},
    {"Accept-Language": "fr;q=\x00,*;q=9"},
    {"Accept": "\x00"},
    {"Accept": "text/html;q=\xff, " * 200},
    {"X-Request-ID": "2840644109001 ZZ"},
    {"X-Request-ID": NUL},
    {"X-Correlation-ID": "2840644109001"},
    {"Cookie": "ens-session=" + "x" * 8000},
    {"Cookie": "ens-session=\x00; theme=\x00"},
    {"If-Modified-Since": "x" * 500},
    {"Range": "bytes=0-1"},
    {"User-Agent": NUL},
    {"Referer": "javascript:alert(1)"},
    {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-For": "x" * 5000},
    {"Content-Type": "x/y; charset=nope"},
]


@pytest.mark.parametrize("number", range(len(HEADERS)))
def test_sec_32_odd_headers_change_nothing(cast, alice, number):
    headers = HEADERS[number]
    for path in (address(cast, "dmp:document_detail", cast.document.id), "/", "/x/"):
        answer = alice.get(path, headers=headers)
        assert answer.status_code in {HTTPStatus.OK, HTTPStatus.FOUND, HTTPStatus.NOT_FOUND}
        assert "evil.example" not in answer.headers.get("Location", "")
        assert "2840644109001" not in answer.headers.get("X-Request-ID", "")
    assert not AuditEvent.objects.filter(request_id__contains="2840644109001").exists()


METHODS = ("head", "options", "put", "patch", "delete", "trace")


def test_sec_14_other_methods_act_on_nothing(cast, alice):
    row = cast.document
    for name in ("document_detail", "document_file", "document_print", "document_hide", "document_unhide"):
        for method in METHODS:
            answer: Any = getattr(alice, method)(address(cast, f"dmp:{name}", row.id))
            is_question = method == "head" and name in {"document_hide", "document_unhide"}  # contents have no HEAD
            expected = HTTPStatus.OK if is_question else HTTPStatus.METHOD_NOT_ALLOWED
            assert answer.status_code == expected, (name, method)
    pages = ("document_list", "selection_hide", "selection_file", "folder_list", "folder_create")
    for name in (*(f"dmp:{page}" for page in pages), "journeys:access_history", "journeys:dashboard"):
        for method in METHODS[1:]:
            assert getattr(alice, method)(address(cast, name)).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    row.refresh_from_db()
    assert row.hidden_at is None


@pytest.mark.parametrize("name", ["accounts:fc_callback", "accounts:sign_in", "ui:theme"])
def test_sec_32_odd_answers_of_a_provider_are_refused(alice, name):
    visitor = PortalClient()
    for value in [*TEXTS, *TOKENS]:
        cache.clear()  # thirty of them a minute would meet the limit of the address (SEC-09)
        query = {"code": value, "state": value, "iss": value, "error": value, "next": value, "fin": value}
        for client in (alice, visitor):
            assert client.get(reverse(name), query).status_code in {HTTPStatus.OK, HTTPStatus.FOUND}
