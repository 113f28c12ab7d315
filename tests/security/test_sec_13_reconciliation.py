"""SEC-13: readings counted at the files' door are as many as the lines that tell them."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.common.ids import uuid7
from apps.dmp.models import Document
from apps.files import services as files
from apps.files.models import StoredFile
from apps.journeys.reconciliation import Difference, unexplained_readings
from tests import factories
from tests.dmp.factories import filed, holder_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


def reconcile() -> tuple[int, list[str]]:
    output = StringIO()
    try:
        call_command("audit_reconcile", stdout=output)
    except SystemExit as end:
        return int(end.code or 0), output.getvalue().splitlines()
    return 0, output.getvalue().splitlines()


def read_by_pages(row: Document, times: int) -> None:
    person = holder_of(row.space)
    for _ in range(times):
        for page in ("document_detail", "document_file"):
            person.client.get(reverse(f"dmp:{page}", args=[row.space_id, row.id]))


def test_sec_13_readings_with_their_lines_are_explained():
    for _ in range(2):
        read_by_pages(filed(factories.space()), times=2)

    assert reconcile() == (0, ["missing=0"])


def test_sec_13_one_reading_without_a_line_is_found():
    first, second = filed(factories.space()), filed(factories.space())
    for row in (first, second):
        read_by_pages(row, times=1)

    files.read(StoredFile.objects.get(id=second.file_id))  # by code that forgets the trail

    assert reconcile() == (1, [f"space={second.space_id} read=3 lines=2", "missing=1"])


def test_sec_13_a_line_that_is_gone_is_found_as_well():
    row = filed(factories.space())
    read_by_pages(row, times=2)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM audit_auditevent WHERE action = 'dmp.document.download'")

    assert list(unexplained_readings()) == [Difference(space_id=row.space_id, read=4, lines=2)]


def test_sec_13_a_denial_and_a_page_without_content_explain_nothing():
    """Lines of readings that showed nothing must not hide a reading that nobody told."""
    row = filed(factories.space(), scanned=False)
    read_by_pages(row, times=1)
    assert reconcile() == (0, ["missing=0"])

    StoredFile.objects.filter(id=row.file_id).update(read_count=1)

    assert reconcile() == (1, [f"space={row.space_id} read=1 lines=0", "missing=1"])


def test_more_lines_than_readings_are_no_alarm():
    """The files of some may have been erased since."""
    row = filed(factories.space())
    read_by_pages(row, times=1)
    StoredFile.objects.filter(id=row.file_id).update(read_count=0)

    assert reconcile() == (0, ["missing=0"])


def test_as_many_queries_for_one_space_as_for_twenty():
    counts = []
    for spaces in (1, 19):
        for _ in range(spaces):
            row = filed(factories.space(), unique_id=f"1.2.250.1.999.{uuid7().int % 10**9}")
            StoredFile.objects.filter(id=row.file_id).update(read_count=1)
        with CaptureQueriesContext(connection) as queries:
            found = list(unexplained_readings())
        counts.append((len(queries), len(found)))

    assert counts == [(counts[0][0], 1), (counts[0][0], 20)]
