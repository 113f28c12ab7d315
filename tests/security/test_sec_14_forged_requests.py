"""SEC-14, SEC-16: forged requests, addresses to go on to, hosts, and what a shared computer keeps."""
# ruff: noqa: E501  tables of hostile texts

from __future__ import annotations

import re
from http import HTTPStatus
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import reverse

from apps.dmp.models import Document
from tests.access.matrix import MATRIX, Answer
from tests.access.test_matrix import PATTERNS, path_of
from tests.cast import Cast, Who, client_of, make_cast, sign_in
from tests.harness.client import PortalClient

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
POSTED = [name for name, line in MATRIX.items() if set(line.post.values()) != {Answer.NOT_ALLOWED}]
ELSEWHERE = [
    "https://evil.example/", "//evil.example", "///evil.example", "////evil.example/x", "/\\evil.example",
    "\\\\evil.example", "/\\/evil.example", "http:evil.example", "http:///evil.example", "https:/evil.example",
    "javascript:alert(1)", "data:text/html,x", " //evil.example", "\t//evil.example", "/\t/evil.example", "/\n/evil.example",
    "\x01//evil.example", "//evil.example@testserver", "//testserver@evil.example/", "http://testserver.evil.example",
    "http://testserver:80@evil.example", "evil.example", "x y", "journeys:home", "dmp:document_list", "..", "http://[::1",
]  # fmt: skip


class CheckedClient(PortalClient):
    """A browser whose forms are checked, as outside tests."""

    def __init__(self) -> None:
        super().__init__(enforce_csrf_checks=True)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def address(name: str, cast: Cast) -> str:
    values = {"space_id": cast.space.id, "document_id": cast.document.id, **MATRIX[name].arguments}
    wanted = PATTERNS[name].pattern.converters.keys() | {"space_id"}
    return path_of(name, {key: value for key, value in values.items() if key in wanted})


def test_sec_14_the_list_of_posts_is_not_empty():
    assert {"dmp:document_hide", "dmp:selection_hide", "accounts:sign_out", "ui:theme"} <= set(POSTED)


@pytest.mark.parametrize("name", POSTED)
def test_sec_14_a_post_without_its_token_does_nothing(cast, name):
    client = CheckedClient()
    sign_in(client, cast.users[Who.HOLDER])
    for origin in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        answer = client.post(
            address(name, cast), {"confirmation": "oui", "document": str(cast.document.id)}, headers=origin
        )

        assert answer.status_code == HTTPStatus.FORBIDDEN
        assert "<h1>" in answer.content.decode()
        assert f'value="{cast.document.id}"' not in answer.content.decode()
    assert not Document.objects.filter(hidden_at__isnull=False).exists()
    assert client.get(reverse("journeys:dashboard", args=[cast.space.id])).status_code == HTTPStatus.OK


def test_sec_14_the_token_of_another_session_does_not_serve(cast):
    stolen = CheckedClient()
    sign_in(stolen, cast.users[Who.OTHER_HOLDER])
    page = stolen.get(reverse("journeys:choose_space") + "?tous=1").content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    client = CheckedClient()
    sign_in(client, cast.users[Who.HOLDER])

    answer = client.post(address("dmp:document_hide", cast), {"csrfmiddlewaretoken": token[1]})

    assert answer.status_code == HTTPStatus.FORBIDDEN


@pytest.mark.parametrize("target", ELSEWHERE)
def test_sec_14_nobody_is_sent_away_by_next(cast, target):
    alice, visitor = client_of(cast.users[Who.HOLDER]), PortalClient()
    answers = [
        alice.get(reverse("accounts:sign_in"), {"next": target}),
        visitor.post(reverse("ui:theme"), {"theme": "dark", "next": target}),
        visitor.post(reverse("accounts:fc_start"), {"next": target}),
    ]
    for answer in answers:
        assert answer.status_code == HTTPStatus.FOUND
        location = answer.headers["Location"]
        assert urlsplit(location).netloc in {"", "testserver"}, location
        assert location.startswith("/")
        assert not location.startswith(("//", "/\\"))
        assert "evil.example" not in location
    for name in ("accounts:sign_in", "ui:theme"):
        page = visitor.get(reverse(name), {"next": target}).content.decode()
        assert "evil.example" not in page


def test_sec_14_a_path_of_the_site_is_kept(cast):
    path = reverse("journeys:access_history", args=[cast.space.id]) + "?periode=tout"

    answer = client_of(cast.users[Who.HOLDER]).get(reverse("accounts:sign_in"), {"next": path})

    assert answer.headers["Location"] == path


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost:80@evil.example", "localhost\\evil", ""]
)
def test_sec_14_a_foreign_host_gets_a_bad_request(host):
    answer = PortalClient().get("/", headers={"Host": host})

    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert "evil" not in answer.content.decode()


# The same for everybody, whoever asks: they read no session, and caches may keep them.
OPEN_DATA = frozenset({"store:catalogue_json", "store:catalogue_csv", "store:catalogue_openapi"})


def test_sec_16_nothing_of_a_signed_in_person_is_kept_whatever_the_answer(cast):
    """Pages, files, redirections, refusals, by every method."""
    client = client_of(cast.users[Who.HOLDER])
    for name in MATRIX.keys() - OPEN_DATA:
        for method in ("get", "head", "post", "options"):
            if (name, method) == ("accounts:sign_out", "post"):
                continue
            answer = getattr(client, method)(address(name, cast))
            assert answer.headers["Cache-Control"] == "no-store, private", (name, method)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["X-Frame-Options"] == "DENY"
            assert "ETag" not in answer.headers
            assert "Last-Modified" not in answer.headers


def test_sec_16_sign_out_clears_the_site_and_ends_the_session(cast):
    client = client_of(cast.users[Who.HOLDER])
    key = client.cookies[settings.SESSION_COOKIE_NAME].value

    answer = client.post(reverse("accounts:sign_out"))

    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    again = client.get(reverse("journeys:dashboard", args=[cast.space.id]))
    assert urlsplit(again.headers["Location"]).path == reverse("accounts:sign_in")


HEALTH = ("VIH", "sérologie", "serologie", "perrin", "rives")


def test_sec_16_titles_and_addresses_hold_no_word_of_health(cast):
    Document.objects.update(
        title="Sérologie VIH", type_label="Sérologie VIH", author_name="Dr Perrin", organisation_name="Rives"
    )
    client = client_of(cast.users[Who.HOLDER])
    for name in MATRIX:
        page = client.get(address(name, cast))
        if not page.headers.get("Content-Type", "").startswith("text/html"):
            continue
        html = page.content.decode()
        title = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
        places = [title[1] if title else "", *re.findall(r'(?:href|action|src)="([^"]*)"', html)]
        found = [place for place in places for word in HEALTH if word.lower() in place.lower()]
        assert found == [], name
    sent = client.post(address("dmp:document_list", cast), {"words": "Sérologie VIH", "author": "Dr Perrin"})
    assert not [word for word in HEALTH if word.lower() in sent.headers["Location"].lower()]
