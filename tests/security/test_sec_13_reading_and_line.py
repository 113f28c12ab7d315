"""SEC-13: content leaves with its line or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.urls import reverse

from apps.access import Purpose
from apps.audit.services import events_of
from apps.dmp import services
from apps.dmp.models import Document, ReadMark
from apps.files.models import StoredFile
from tests import factories
from tests.dmp.factories import delegate_of, filed, holder_of, representative_of
from tests.dmp.test_policies import DOCTOR
from tests.harness.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
CONTENT = "Hémoglobine"


def refusing(start: str) -> Callable[..., Any]:
    """Wrapper of queries: statements that begin so fail."""

    def execute(run: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        if sql.startswith(start):
            message = "the database refuses"
            raise DatabaseError(message)
        return run(sql, params, many, context)

    return execute


def pages(row: Document) -> list[str]:
    return [reverse(f"dmp:{name}", args=[row.space_id, row.id]) for name in ("document_detail", "document_file")]


@pytest.mark.parametrize("person_of", [holder_of, representative_of, delegate_of])
@pytest.mark.parametrize("statement", ['INSERT INTO "audit_auditevent"', 'UPDATE "files_storedfile"'])
def test_sec_13_no_line_no_content(person_of, statement):
    row = filed(factories.space())
    person = person_of(row.space)
    person.client.raise_request_exception = False
    before = events_of(row.space_id).count()

    with connection.execute_wrapper(refusing(statement)):
        answers = [person.client.get(path) for path in pages(row)]

    assert [answer.status_code for answer in answers] == [500, 500]
    assert all(CONTENT not in answer.content.decode() for answer in answers)
    assert events_of(row.space_id).count() == before
    assert StoredFile.objects.get().read_count == 0
    assert not ReadMark.objects.exists()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"rights": replace(DOCTOR.rights, consent_until=None)}, "ACC-02"),
        ({"rights": replace(DOCTOR.rights, blocked=True)}, "ACC-10"),
        ({"rights": replace(DOCTOR.rights, readable_types=frozenset())}, "ACC-09"),
        ({"purpose": Purpose.BREAK_GLASS, "rights": replace(DOCTOR.rights, consent_until=None)}, "ACC-02"),
    ],
)
@pytest.mark.parametrize("act", [services.open_document, services.download_document])
def test_idn_53_a_refused_professional_leaves_a_line_and_reads_nothing(act, change, rule):
    row = filed(factories.space())
    doctor = replace(DOCTOR, space_id=row.space_id, national_id="810990000026", **change)

    with pytest.raises(services.DocumentNotFoundError):
        act(actor=doctor, document_id=row.id, at=NOON)

    line = events_of(row.space_id).filter(at=NOON).get()
    assert (line.outcome, line.rule, line.target) == ("deny", rule, f"document:{row.id}")
    assert StoredFile.objects.get().read_count == 0


def test_sec_13_readings_of_files_are_as_many_as_lines_with_content():
    row = filed(factories.space())
    person = holder_of(row.space)
    for path in pages(row) * 2:
        person.client.get(path)

    lines = events_of(row.space_id).filter(at=NOON, action__in=["dmp.document.read", "dmp.document.download"])
    assert StoredFile.objects.get().read_count == lines.filter(facts__content=True).count() == 4


def test_d_01_a_document_that_waits_for_its_check_stays_new():
    """Nobody has read what could not be shown: « Nouveau » ends with the first reading of the content."""
    row = filed(factories.space(), scanned=False)
    person = holder_of(row.space)

    person.client.get(pages(row)[0])

    assert not ReadMark.objects.exists()


def test_sec_13_a_file_that_is_not_there_is_no_download():
    """The history must not say that somebody took a copy of a file that does not exist."""
    row = filed(factories.space())
    person = holder_of(row.space)

    answer = person.client.get(reverse("dmp:attachment_file", args=[row.space_id, row.id, 7]))

    assert answer.status_code == 404
    assert not events_of(row.space_id).filter(action="dmp.document.download").exists()
    assert StoredFile.objects.get().read_count == 0
