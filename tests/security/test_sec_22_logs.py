"""SEC-22: marked values of a person go through every page, and through faults; nothing written down holds them."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import redis
from celery.app.trace import build_tracer
from django.conf import settings
from django.db import DataError, IntegrityError, connection, transaction
from django.urls import reverse

from apps.access import Actor, Purpose, Rights, Role
from apps.accounts.models import InsIdentity
from apps.audit.services import AuditEvent
from apps.common.ids import uuid7
from apps.dmp import services
from apps.dmp.models import Document
from apps.files.tasks import scan
from tests import factories
from tests.dmp.factories import Person, filed, signed_in
from tests.harness.client import PortalClient
from tests.harness.clock import NOON
from tests.security.logs import written_lines

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
CANARIES = {
    "family": "ZZFAMILLE",
    "given": "ZZPRENOM",
    "in_use": "ZZUSAGE",
    "title": "zztitre",
    "type": "zzgenre",
    "text": "zzcontenu",
    "author": "ZZAUTEUR",
    "organisation": "zzlieu",
    "words": "zzcherche",
    "mail": "zzcourriel@example.fr",
}
REASON = "zzmotif"


@pytest.fixture
def person() -> InsIdentity:
    return factories.identity(
        birth_family_name=CANARIES["family"],
        family_name_in_use=CANARIES["in_use"],
        first_given_name=CANARIES["given"],
        birth_given_names=CANARIES["given"],
    )


@pytest.fixture
def row(person: InsIdentity) -> Document:
    space = factories.space(person=person)
    document = filed(space, title=CANARIES["title"], text=CANARIES["text"])
    document.author_name, document.organisation_name = CANARIES["author"], CANARIES["organisation"]
    document.type_label = CANARIES["type"]
    document.save()
    doctor = Actor(
        role=Role.PROFESSIONAL,
        at=NOON,
        space_id=space.id,
        purpose=Purpose.BREAK_GLASS,
        national_id=factories.professional(family_name="ZZSOIGNANT").national_id,
        reason=REASON,
        rights=Rights(space_open=True, break_glass_allowed=True, readable_types=frozenset({document.type_code})),
    )
    services.open_document(actor=doctor, document_id=document.id, at=NOON)
    return document


@pytest.fixture
def holder(row: Document) -> Person:
    one = signed_in(row.space.identity)
    one.user.email = CANARIES["mail"]
    one.user.save()
    one.client.raise_request_exception = False
    return one


def found_in(text: str, person: InsIdentity) -> list[str]:
    marks = [*CANARIES.values(), REASON, "ZZSOIGNANT", person.ins_number]
    low = text.lower()
    return [mark for mark in marks if mark.lower() in low or quote(mark).lower() in low]


def paths(row: Document) -> list[tuple[str, str, Any]]:
    """Method, address and fields of each act of a journey."""
    space, one = [row.space_id], [row.space_id, row.id]
    return [
        ("get", reverse("journeys:choose_space") + "?tous=1", None),
        ("get", reverse("journeys:dashboard", args=space), None),
        ("post", reverse("dmp:document_list", args=space), {"words": CANARIES["words"], "author": CANARIES["author"]}),
        ("post", reverse("dmp:document_list", args=space), {"words": CANARIES["words"], "category": "unknown"}),
        ("get", reverse("dmp:document_list", args=space) + "?tri=auteur", None),
        ("post", reverse("dmp:timeline", args=space), {"words": CANARIES["words"], "author": CANARIES["author"]}),
        ("get", reverse("dmp:timeline", args=space), None),
        ("get", reverse("dmp:document_detail", args=one), None),
        ("get", reverse("dmp:document_file", args=one), None),
        ("get", reverse("dmp:document_hide", args=one), None),
        ("post", reverse("dmp:document_hide", args=one), {}),
        ("post", reverse("dmp:document_unhide", args=one), {}),
        ("post", reverse("dmp:selection_hide", args=space), {"document": str(row.id)}),
        ("post", reverse("dmp:selection_hide", args=space), {"document": str(row.id), "confirmation": "oui"}),
        ("post", reverse("dmp:selection_hide", args=space), {"document": str(uuid7()), "confirmation": "oui"}),
        ("get", reverse("journeys:access_history", args=space) + "?periode=tout", None),
        ("get", reverse("dmp:document_detail", args=[row.space_id, uuid7()]), None),
        ("post", reverse("accounts:sign_out"), {}),
    ]


def ask(client: PortalClient, method: str, path: str, fields: Any) -> Any:
    return client.get(path) if method == "get" else client.post(path, fields)


def failing_at(number: int) -> Callable[..., Any]:
    """Wrapper of queries: the n-th one fails with everything it was asked for in the message, as libraries do."""
    count = iter(range(1, 10_000))

    def execute(run: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        if next(count) == number:
            message = f"failed: {CANARIES} {REASON} {params}"
            raise DataError(message)
        return run(sql, params, many, context)

    return execute


def test_sec_22_a_whole_journey_leaves_no_value_in_the_log(holder, row):
    with written_lines() as output:
        answers = [ask(holder.client, *step).status_code for step in paths(row)]

    assert set(answers) == {200, 302, 404}
    lines = output.getvalue().splitlines()
    assert len(lines) > len(answers)
    assert all(json.loads(line)["event"] for line in lines)
    assert found_in(output.getvalue(), row.space.identity) == []
    assert str(row.id) not in output.getvalue()


@pytest.mark.parametrize("number", [1, 2, 3, 5, 8, 12, 14])
def test_sec_22_faults_at_every_page_leave_no_value_in_the_log(holder, row, number):
    statuses = set()
    with written_lines() as output:
        for step in paths(row)[:-1]:
            with transaction.atomic():
                with connection.execute_wrapper(failing_at(number)):
                    response = ask(holder.client, *step)
                transaction.set_rollback(True)
            statuses.add(response.status_code)
            if response.status_code == 500:
                assert found_in(response.content.decode(), row.space.identity) == []

    assert 500 in statuses
    assert "DataError" in output.getvalue()
    assert found_in(output.getvalue(), row.space.identity) == []


def database_faults(row: Document) -> Iterator[Callable[[], object]]:
    """Faults whose message holds a whole row or a key of people."""
    person = row.space.identity
    yield lambda: InsIdentity.objects.create(
        **{field.attname: getattr(person, field.attname) for field in InsIdentity._meta.fields if field.name != "id"}
    )
    yield lambda: InsIdentity.objects.filter(pk=person.pk).update(birth_date="x")
    yield lambda: Document.objects.filter(id=row.id).update(hidden_at=row.received_at - timedelta(days=1))
    yield lambda: Document.objects.filter(id=row.id).update(title="", author_name=CANARIES["author"])


def test_sec_22_messages_of_the_database_do_not_reach_the_log(row):
    said = []
    with written_lines() as output:
        for fault in database_faults(row):
            try:
                with transaction.atomic():
                    fault()
            except IntegrityError as error:
                said.append(str(error))
                logging.getLogger("canary").exception("failed: %s", error)  # noqa: TRY401  what careless code writes

    assert len(said) == 4
    assert all(found_in(message, row.space.identity) for message in said), "the database says less than we thought"
    assert found_in(output.getvalue(), row.space.identity) == []
    assert "accounts_insidentity_one_row_a_number" in output.getvalue()
    assert "IntegrityError" in output.getvalue()
    assert "test_sec_22_logs.py" in output.getvalue()


def test_sec_22_a_task_that_fails_logs_no_value(row):
    """Celery writes the message of the exception into the event itself."""
    with written_lines() as output:
        trace = build_tracer(scan.name, scan, app=scan.app)
        with connection.execute_wrapper(failing_at(1)):
            ids = {"vault_id": str(row.vault_id), "file_id": str(row.file_id)}
            trace("00000000-0000-4000-8000-000000000000", (), ids)

    assert "files.scan" in output.getvalue()
    assert "DataError" in output.getvalue()
    assert found_in(output.getvalue(), row.space.identity) == []


def test_sec_22_the_trail_holds_ids_and_the_reason_given_and_nothing_else(holder, row):
    for step in paths(row):
        ask(holder.client, *step)

    lines = [repr(replace_reason(event)) for event in AuditEvent.objects.order_by("at", "id")]
    assert len(lines) > 8
    assert found_in("\n".join(lines), row.space.identity) == []


def replace_reason(event: AuditEvent) -> dict[str, Any]:
    values = {field.attname: getattr(event, field.attname) for field in AuditEvent._meta.concrete_fields}
    return {**values, "reason": ""}


def test_sec_22_broker_and_cache_hold_no_value(holder, row, queue):
    filed(row.space, unique_id="1.2.250.1.999.77", title=CANARIES["title"])
    for step in paths(row):
        ask(holder.client, *step)

    held = [dump(address) for address in {settings.BROKER_URL, settings.CACHES["default"]["LOCATION"]}]
    assert found_in("\n".join(held), row.space.identity) == []


def dump(address: str) -> str:
    client = redis.Redis.from_url(address)
    try:
        return "\n".join(f"{key!r} {client.dump(key)!r}" for key in client.scan_iter())
    finally:
        client.close()


def test_sec_16_the_browser_gets_the_cookie_of_the_session_and_no_other(holder, row):
    """An outcome that waits in a cookie would greet the next person at a shared computer, with a link to undo."""
    names = set()
    for step in paths(row):
        names |= set(ask(holder.client, *step).cookies)

    assert names == {settings.SESSION_COOKIE_NAME}


def test_sec_16_an_outcome_that_was_not_shown_ends_with_the_session(holder, row):
    ask(holder.client, "post", reverse("dmp:document_hide", args=[row.space_id, row.id]), {})
    del holder.client.cookies[settings.SESSION_COOKIE_NAME]

    page = holder.client.get(reverse("accounts:sign_in")).content.decode()

    assert "Document masqué" not in page
    assert str(row.id) not in page
