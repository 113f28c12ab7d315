from __future__ import annotations

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from apps.access import SYSTEM
from apps.audit import heads, jobs, tasks
from apps.audit.models import AuditSeal, UnsealedLine
from apps.audit.services import Line, record_many
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines() -> None:
    record_many(actor=SYSTEM, at=NOON, lines=[Line(action="a.b.c")] * 3)


def test_sec_13_beat_asks_for_seals_every_ten_seconds():
    entry = settings.CELERY_BEAT_SCHEDULE["audit.seal"]

    assert (entry["task"], entry["schedule"]) == (tasks.seal.name, 10.0)


def test_rel_01_the_task_twice_is_the_task_once(lines):
    with time_machine.travel(NOON, tick=False):
        tasks.seal()
        tasks.seal(argument_of_a_newer_version=1)

    assert AuditSeal.objects.count() == 3
    assert heads.last_number() == 1


def test_the_command_seals_everything(lines, capsys):
    call_command("audit_seal")

    assert capsys.readouterr().out == "sealed=3\n"
    assert not UnsealedLine.objects.exists()


def test_the_command_says_that_the_database_is_behind_the_files(lines, heads_dir):
    call_command("audit_seal")
    file = next(heads_dir.iterdir())
    file.write_bytes(file.read_bytes() + file.read_bytes().replace(b"= 1 ", b"= 2 "))

    with pytest.raises(CommandError, match="checkpoint 2"):
        call_command("audit_seal")


@pytest.mark.django_db(transaction=True)
def test_the_command_says_that_another_sealer_works():
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [jobs.LOCK])
            with pytest.raises(CommandError, match="Another sealer"):
                call_command("audit_seal")
            cursor.execute("SELECT pg_advisory_unlock(%s)", [jobs.LOCK])
    finally:
        other.close()
