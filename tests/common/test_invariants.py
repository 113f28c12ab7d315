"""`check_invariants`: each check finds its broken row, and nothing in a sound portal."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from apps.access import SYSTEM
from apps.accounts.models import SignInSession
from apps.audit import jobs
from apps.audit.invariants import seals_without_line
from apps.audit.services import Line, record
from apps.common import invariants
from apps.dmp.models import Document, Rendition
from apps.files.models import StoredFile
from apps.spaces.models import CareConsent, Delegation, HealthSpace, SpaceAdministrator
from tests import factories
from tests.dmp.factories import delegate_of, filed, holder_of
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _own_folders(settings, tmp_path: Path) -> None:
    """Contents and heads of this test alone."""
    settings.AUDIT_HEADS_DIR = str(tmp_path / "heads")
    backend = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(tmp_path / "files")},
    }
    settings.STORAGES = {**settings.STORAGES, "default": backend}


@pytest.fixture
def document() -> Document:
    """A sound portal: a space with its holder, a helper and a document in two versions, all sealed."""
    with time_machine.travel(NOON, tick=False):
        space = factories.space()
        holder_of(space)
        delegate_of(space)
        row = filed(space, unique_id="1.2.250.1.999.1")
        jobs.seal(at=NOON)
    return row


def check(at=NOON) -> tuple[int, dict[str, int]]:
    """Exit status, and each line of the output as name and number."""
    output = StringIO()
    status = 0
    with time_machine.travel(at, tick=False):
        try:
            call_command("check_invariants", stdout=output)
        except SystemExit as end:
            status = int(end.code or 0)
    lines = output.getvalue().splitlines()
    counts = dict(line.rsplit(" ", 1) for line in lines[:-1])
    assert int(lines[-1]) == sum(int(count) for count in counts.values())
    return status, {name: int(count) for name, count in counts.items()}


def sql(*statements: str, **values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks that wait cannot be altered
        for statement in statements:
            cursor.execute(statement, values)


def test_a_sound_portal_prints_0(document):
    status, counts = check()

    assert status == 0
    assert set(counts.values()) == {0}
    assert sorted(counts) == invariants.names()


def test_the_files_of_this_test_are_really_looked_at(document):
    assert len(default_storage.listdir("")[0]) == 1


@dataclass(frozen=True, kw_only=True)
class Breach:
    """A row that breaks one invariant, and its name."""

    name: str
    do: Callable[[Document], object]
    count: int = 1
    later: timedelta = timedelta()


def unsealed(_row: Document) -> None:
    with time_machine.travel(NOON, tick=False):
        record(actor=SYSTEM, at=NOON, line=Line(action="a.b.c"))


def forgotten(_row: Document) -> None:
    unsealed(_row)
    sql("DELETE FROM audit_unsealedline")


def line_gone(_row: Document) -> None:
    sql(
        "ALTER TABLE audit_auditevent DISABLE TRIGGER USER",
        "DELETE FROM audit_auditevent WHERE id = (SELECT id FROM audit_auditevent ORDER BY id LIMIT 1)",
        "ALTER TABLE audit_auditevent ENABLE TRIGGER USER",
    )


def bytes_gone(row: Document) -> None:
    default_storage.delete(row.file.object_name)


def row_gone(_row: Document) -> None:
    name = default_storage.save("ab/lonely", ContentFile(b"x"))
    old = (NOON - DAY - timedelta(seconds=1)).timestamp()
    os.utime(default_storage.path(name), (old, old))


def waiting(row: Document) -> None:
    StoredFile.objects.filter(id=row.file_id).update(
        state="waiting", scanned_at=None, received_at=NOON - DAY - timedelta(seconds=1)
    )


def without_file(row: Document) -> None:
    sql("UPDATE dmp_document SET file_id = uuidv7() WHERE id = %(id)s", id=row.id)


def second_version(row: Document, unique_id: str) -> Document:
    """A version that replaces `row`, written without the service that would deprecate it."""
    with time_machine.travel(NOON, tick=False):
        other = filed(row.space, unique_id=unique_id)
        jobs.seal(at=NOON)
    Document.objects.filter(id=other.id).update(replaces_id=row.id, version_number=2)
    return other


def still_current(row: Document) -> None:
    second_version(row, "1.2.250.1.999.2")


def two_successors(row: Document) -> None:
    Document.objects.filter(id=row.id).update(availability=Document.Availability.DEPRECATED)
    sql("ALTER TABLE dmp_document DROP CONSTRAINT dmp_document_has_one_successor")
    second_version(row, "1.2.250.1.999.2")
    second_version(row, "1.2.250.1.999.3")


def not_prepared(row: Document) -> None:
    at = NOON - timedelta(hours=1, seconds=1)
    Rendition.objects.create(
        space_id=row.space_id, document_id=row.id, number=0, media_type="image/tiff", created_at=at, due_at=at
    )


def closed(row: Document) -> None:
    HealthSpace.objects.filter(id=row.space_id).update(status="closed", closed_at=NOON)


def backwards(row: Document) -> None:
    person = factories.identity()
    factories.representation(of=row.space, person=person, starts_at=NOON, ends_at=NOON - DAY)


def called_off(row: Document) -> None:
    person = factories.identity()
    factories.representation(of=row.space, person=person, starts_at=NOON, ended_at=NOON - DAY)


def closed_with_parent(row: Document) -> None:
    """The relative's right ended with the space, that of the father did not."""
    closed(row)
    Delegation.objects.filter(space_id=row.space_id).update(ended_at=NOON)
    factories.representation(of=row.space, person=factories.identity(), ends_at=None)


def closed_with_care(row: Document) -> None:
    closed(row)
    Delegation.objects.filter(space_id=row.space_id).update(ended_at=NOON)
    CareConsent.objects.create(space_id=row.space_id, national_id="1", scope="team", given_at=NOON, declared_by="1")
    SpaceAdministrator.objects.create(space_id=row.space_id, national_id="1", named_at=NOON)


def four_helpers(row: Document) -> None:
    for _ in range(4):
        factories.delegation(of=row.space, person=factories.identity())


def long_session(_row: Document) -> None:
    session = SignInSession.objects.order_by("pk").first()
    assert session is not None
    SignInSession.objects.filter(pk=session.pk).update(expires_at=session.opened_at + timedelta(seconds=28_801))


def six_sessions(_row: Document) -> None:
    user = factories.user()
    for number in range(6):
        SignInSession.objects.create(
            key_hash=f"{number}", user=user, opened_at=NOON, last_seen_at=NOON, expires_at=NOON + timedelta(minutes=5)
        )


def old_session(_row: Document) -> None:
    at = NOON - timedelta(days=2, seconds=1)
    SignInSession.objects.create(key_hash="old", opened_at=at, last_seen_at=at, expires_at=at)


def read_without_line(row: Document) -> None:
    StoredFile.objects.filter(id=row.file_id).update(read_count=1)


BREACHES = [
    Breach(name="audit.lines_unsealed_for_a_minute", do=unsealed, later=timedelta(seconds=61)),
    Breach(name="audit.lines_that_nobody_will_seal", do=forgotten),
    Breach(name="audit.seals_without_line", do=line_gone),
    Breach(name="files.rows_without_bytes", do=bytes_gone),
    Breach(name="files.bytes_without_row_for_a_day", do=row_gone),
    Breach(name="files.waiting_for_a_day", do=waiting),
    Breach(name="dmp.documents_without_file", do=without_file),
    Breach(name="dmp.replaced_documents_still_current", do=still_current),
    Breach(name="dmp.documents_with_two_successors", do=two_successors),
    Breach(name="dmp.files_not_prepared_for_an_hour", do=not_prepared),
    Breach(name="spaces.closed_with_running_right", do=closed),
    Breach(name="spaces.closed_with_running_right", do=closed_with_parent),
    Breach(name="spaces.closed_with_running_right", do=closed_with_care, count=2),
    Breach(name="spaces.rights_that_end_before_they_start", do=backwards),
    Breach(name="spaces.too_many_helpers", do=four_helpers),
    Breach(name="accounts.sessions_beyond_the_absolute_limit", do=long_session),
    Breach(name="accounts.people_with_too_many_sessions", do=six_sessions),
    Breach(name="accounts.ended_sessions_kept", do=old_session),
    Breach(name="journeys.readings_without_line", do=read_without_line),
]


@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: f"{breach.name}-{breach.do.__name__}")
def test_a_broken_row_is_counted_and_named(document, breach):
    breach.do(document)

    status, counts = check(at=NOON + breach.later)

    assert status == 1
    assert {name: count for name, count in counts.items() if count} == {breach.name: breach.count}


def test_a_right_called_off_before_its_first_day_is_sound(document):
    called_off(document)

    assert check()[0] == 0


def test_a_line_of_a_minute_is_not_late(document):
    unsealed(document)

    assert check(at=NOON + timedelta(seconds=60))[0] == 0


def test_a_name_is_used_once():
    with pytest.raises(invariants.DoubleNameError, match="audit"):
        invariants.register("audit.seals_without_line")(seals_without_line)


def test_erased_contents_are_not_missing(document):
    """The key of the vault is destroyed, the objects may go."""
    vault = document.file.vault
    vault.wrapped_key, vault.key_destroyed_at = None, timezone.now()
    vault.save()
    bytes_gone(document)

    assert check()[1]["files.rows_without_bytes"] == 0
