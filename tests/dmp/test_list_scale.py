"""A list of 2,000 documents asks as many questions as one of 20."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.common.ids import uuid7
from apps.dmp.models import Document
from tests import factories
from tests.dmp.rows import document
from tests.signing import sign_in


@pytest.mark.django_db
def test_2000_documents_take_the_queries_of_20(client):
    space = factories.space()
    browser = sign_in(client, factories.user(person=space.identity))
    fill(space, 20)
    queries(browser, space)  # the first page of a session also writes its token
    few = queries(browser, space)
    fill(space, 1980)
    assert Document.objects.filter(space=space).count() == 2000
    assert queries(browser, space) == few


def fill(space, count):
    pattern = document(space)
    copies = []
    for _ in range(count - 1):
        copy = Document(**values_of(pattern))
        copy.id, copy.unique_id = uuid7(), uuid7().hex
        copies.append(copy)
    Document.objects.bulk_create(copies)


def values_of(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def queries(browser, space):
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(reverse("dmp:document_list", args=[space.id])).status_code == 200
    return len(seen)
