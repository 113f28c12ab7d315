"""The client under a small site of its own."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include, path

from apps.common.tasks import enqueue
from apps.directory.models import Organisation
from apps.files.tasks import scan
from tests.harness.broker import Message
from tests.harness.pages import ForbiddenMarkupError
from tests.harness.reading import WriteInReadError, is_reading

VAULT, FILE = str(UUID(int=1)), str(UUID(int=2))
ran: list[str] = []


def write(_request: WSGIRequest) -> HttpResponse:
    Organisation.objects.create(technical_id="R1", name="Practice", seen_on=date(2026, 11, 1))
    return HttpResponse("<p>written</p>")


def read(_request: WSGIRequest) -> HttpResponse:
    with transaction.atomic():
        return HttpResponse(f"<p>{Organisation.objects.count()}</p>")


def promise(_request: WSGIRequest) -> HttpResponse:
    transaction.on_commit(lambda: ran.append("after commit"))
    enqueue(scan, vault_id=VAULT, file_id=FILE)
    return HttpResponse("<p>promised</p>")


def inline(_request: WSGIRequest) -> HttpResponse:
    return HttpResponse("<p onclick='go()'>inline</p>")


def text(_request: WSGIRequest) -> HttpResponse:
    return HttpResponse("{{ <style> }}", content_type="text/plain")


def server_error(_request: WSGIRequest) -> HttpResponse:
    return HttpResponse("<p>error</p>", status=500)


handler500 = server_error
urlpatterns = [
    path("write/", write),
    path("callback/", include(([path("", write, name="fc_callback")], "accounts"))),
    path("read/", read),
    path("promise/", promise),
    path("inline/", inline),
    path("text/", text),
]


@pytest.fixture(autouse=True)
def _small_site(db):
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
        yield


class TestSafeMethods:
    @pytest.mark.parametrize("method", ["get", "head", "options"])
    def test_sec_14_must_not_write(self, client, method):
        with pytest.raises(WriteInReadError, match='INSERT INTO "directory_organisation"'):
            getattr(client, method)("/write/")

    def test_may_read_inside_a_transaction(self, client):
        assert client.get("/read/").content == b"<p>0</p>"

    def test_callbacks_of_identity_providers_are_exempt_by_name(self, client):
        assert client.get("/callback/").status_code == 200

    def test_post_may_write(self, client):
        assert client.post("/write/").status_code == 200
        assert Organisation.objects.count() == 1


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ('SELECT 1 FROM "dmp_document"', True),
        ("(SELECT 1) UNION (SELECT 2)", True),
        ('SAVEPOINT "a"', True),
        ('INSERT INTO "audit_auditevent" ("at") VALUES (%s)', True),
        ('UPDATE "django_session" SET "expire_date" = %s', True),
        (
            'UPDATE "files_storedfile" SET "read_count" = ("files_storedfile"."read_count" + %s) WHERE "id" = %s',
            True,
        ),
        ('UPDATE "files_storedfile" SET "state" = %s WHERE "id" = %s', False),
        ('UPDATE "files_storedfile" SET "read_count" = ("files_storedfile"."read_count" + %s), "state" = %s', False),
        ('UPDATE "audit_auditevent" SET "at" = %s', False),
        ('DELETE FROM "dmp_document"', False),
        ('WITH gone AS (DELETE FROM "dmp_document" RETURNING id) SELECT * FROM gone', False),
        ("TRUNCATE audit_auditevent", False),
        ("COPY dmp_document FROM STDIN", False),
    ],
)
def test_sec_14_statements_of_a_safe_request(statement, allowed):
    assert is_reading(statement) is allowed


class TestPages:
    def test_sec_08_inline_handlers_fail(self, client):
        with pytest.raises(ForbiddenMarkupError, match="GET /inline/: onclick= on <p>"):
            client.get("/inline/")

    def test_other_media_types_are_not_read(self, client):
        assert client.get("/text/").status_code == 200


class TestQueue:
    def test_on_commit_callbacks_run(self, client):
        ran.clear()

        client.post("/promise/")

        assert ran == ["after commit"]

    def test_tasks_reach_the_real_broker_and_are_not_executed(self, client, queue):
        client.post("/promise/")

        assert queue() == [Message(task="files.scan", ids={"vault_id": VAULT, "file_id": FILE}, queue="scan")]
