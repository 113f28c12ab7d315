from __future__ import annotations

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

from apps.dmp.models import Document
from apps.spaces.models import Delegation
from tests import factories
from tests.dmp.factories import filed
from tests.harness.client import PortalClient
from tests.harness.spaces import QueryWithoutSpaceError, refuse_without_space, space_tables, tables_without_space


def all_rows(_request: WSGIRequest) -> HttpResponse:
    return HttpResponse(f"<p>{Document.objects.count()}</p>")


def server_error(_request: WSGIRequest) -> HttpResponse:
    return HttpResponse("<p>error</p>", status=500)


handler500 = server_error
urlpatterns = [path("tout/", all_rows)]


def test_every_table_of_a_space_is_known():
    assert {"dmp_document", "dmp_readmark", "spaces_delegation", "spaces_careconsent"} <= space_tables()
    assert "spaces_healthspace" not in space_tables()


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        ('SELECT "dmp_document"."id" FROM "dmp_document" WHERE "dmp_document"."id" = %s', ["dmp_document"]),
        ('SELECT 1 FROM "dmp_document" WHERE "dmp_document"."space_id" = %s', []),
        ('SELECT 1 FROM "dmp_document" WHERE "dmp_document"."space_id" IN (%s)', []),
        ('SELECT "dmp_document"."space_id" FROM "dmp_document" ORDER BY "dmp_document"."space_id"', ["dmp_document"]),
        ('SELECT 1 FROM "dmp_readmark" U0 WHERE U0."document_id" = ("dmp_document"."id")', ["dmp_readmark"]),
        ('SELECT 1 FROM "dmp_readmark" U0 WHERE U0."space_id" = ("dmp_document"."space_id")', []),
        ('SELECT 1 FROM "spaces_delegation" WHERE "spaces_delegation"."person_id" = %s', []),
        ('SELECT 1 FROM "dmp_document" WHERE "dmp_document"."person_id" = %s', ["dmp_document"]),
        ('SELECT 1 FROM "accounts_user" WHERE "accounts_user"."id" = %s', []),
    ],
)
def test_sec_03_statements(statement, tables):
    assert tables_without_space(statement) == tables


@pytest.mark.django_db
class TestQueries:
    def test_sec_03_a_row_by_its_id_alone_is_refused(self):
        row = filed(factories.space())

        with connection.execute_wrapper(refuse_without_space), pytest.raises(QueryWithoutSpaceError):
            Document.objects.get(pk=row.pk)

    def test_sec_03_a_row_of_a_space_is_read(self):
        row = filed(factories.space())

        with connection.execute_wrapper(refuse_without_space):
            assert Document.objects.get(space_id=row.space_id, pk=row.pk) == row
            assert not Delegation.objects.filter(person_id=row.space.identity_id).exists()

    def test_sec_03_a_page_is_guarded(self):
        with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]), pytest.raises(QueryWithoutSpaceError):
            PortalClient().get("/tout/")
