"""REL-04: a database that is restarted in the middle of a job leaves what a straight run leaves, slice by slice."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from pathlib import Path
from threading import Thread

import pytest
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from apps.common.dates import PARIS
from apps.rollout.jobs import opening
from apps.rollout.models import EligiblePerson, Notice, NoticeCode, PersonTransition
from apps.rollout.population import PopulationPlan, write_file
from apps.spaces.models import HealthSpace
from benchmarks.waiting import everybody_waited
from simulators.mailbox.letters import Letters
from simulators.mailbox.smtp import CatchAll
from tests.faults.engines import DATABASE, Job, OwnEngines, until
from tests.faults.processes import KILLS
from tests.faults.test_rollout import tables
from tests.rollout import factories

pytestmark = pytest.mark.faults
PLAN = PopulationPlan(count=65_000, today=date(2026, 1, 1))  # four slices
OPENED_AT = datetime(2026, 1, 5, 10, tzinfo=PARIS)
OPEN = ("manage.py", "rollout_open", "--at", "2026-01-05T10:00", "--cores", "1")
BEFORE = "before_the_opening"
# What the opening is at when the database goes away, and how many slices are in by then.
AT_WORK = (
    ("%INSERT INTO space_opening%", 0),
    ("%rollout_persontransition%", 0),
    ("%spaces_healthspace%", 1),
    ("%audit_auditevent%", 1),
    ("%spaces_healthspace%", 2),
)
READERS = 400
_AT = (
    "import django; django.setup(); from datetime import UTC, datetime, timedelta; "
    "at = datetime(2026, 9, 14, 8, tzinfo=UTC) + timedelta(minutes={minutes}); "
)
_PREPARE = "from apps.rollout.jobs import preparing; preparing.SLICE = 20; preparing.prepare_due(at=at)"
_SEND = (
    "from apps.notifications.gateways.smtp import KeptSmtpRelay; from apps.rollout.jobs import sending; "
    "sending.send_while_due(relay=KeptSmtpRelay(), now=lambda: at)"
)


def bring_in(own: OwnEngines, folder: Path, *, waited_at: datetime) -> None:
    """Sixty thousand people whose six weeks are over; a copy of the database says so."""
    file = folder / "eligibles.csv"
    write_file(path=file, plan=PLAN)
    own.runs("manage.py", "rollout_import", str(file))
    everybody_waited(at=waited_at)
    own.copy_database(DATABASE, BEFORE)


def restarted_when(own: OwnEngines, job: Job, name: str, *, statement: str, slices: int) -> None:
    """The database goes away while a session of the job executes such a statement."""
    active = "SELECT FROM pg_stat_activity WHERE usename = 'ens_app' AND state = 'active' AND query LIKE %s"
    opened = "SELECT FROM spaces_healthspace HAVING count(*) >= %s"

    def is_there() -> bool:
        done = session.execute(opened, [slices * opening.SLICE]).fetchone() is not None
        return done and session.execute(active, [statement]).fetchone() is not None

    with own.as_superuser() as session:
        until(is_there, job=job)
        own.restart_database(name)


def whole_slices() -> int:
    """Slices that are in: spaces, people, steps and lines of the trail agree."""
    spaces = HealthSpace.objects.count()
    assert spaces % opening.SLICE == 0
    assert EligiblePerson.objects.filter(state=EligiblePerson.State.OPEN).count() == spaces
    assert PersonTransition.objects.filter(to_state=EligiblePerson.State.OPEN).count() == spaces
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_auditevent WHERE action = 'spaces.space.open'")
        assert cursor.fetchone() == (spaces,)
    return spaces // opening.SLICE


def test_rel_04_the_database_is_restarted_five_times_while_spaces_are_opened(own: OwnEngines, tmp_path: Path):
    bring_in(own, tmp_path, waited_at=OPENED_AT)
    own.runs(*OPEN)
    straight = tables()
    own.copy_database(BEFORE, DATABASE)

    for statement, slices in AT_WORK:
        job = own.start(*OPEN)
        restarted_when(own, job, "opening", statement=statement, slices=slices)
        assert job.ends() != 0
        assert "OperationalError" in job.output
        assert whole_slices() == slices
    own.runs(*OPEN)

    assert own.restarts["opening"] == KILLS
    assert tables() == straight
    assert straight["spaces"][0] > 3 * opening.SLICE


def script(work: str, minutes: int = 0) -> tuple[str, str]:
    return "-c", _AT.format(minutes=minutes) + work


def restarted_after(own: OwnEngines, job: Job, name: str, statement: str, rows: int) -> None:
    """The database goes away as soon as so many rows are committed, while the job is at the next ones."""
    with own.as_superuser() as session:
        until(lambda: session.execute(statement).fetchone() >= (rows,), job=job)
        own.restart_database(name)
    assert job.ends() != 0
    assert "OperationalError" in job.output


def test_rel_04_the_database_is_restarted_five_times_while_notices_are_prepared(own: OwnEngines):
    wave = factories.wave(first_send_on=date(2026, 9, 14))
    for _ in range(READERS):
        factories.person(wave=wave)
    for restart in range(KILLS):
        job = own.start(*script(_PREPARE))
        restarted_after(own, job, "preparing", "SELECT count(*) FROM rollout_notice", 20 + restart * 60)
        assert Notice.objects.count() == NoticeCode.objects.count() == PersonTransition.objects.count()
        assert Notice.objects.count() % 20 == 0

    own.runs(*script(_PREPARE))

    once_each()


def test_rel_04_rel_08_the_database_is_restarted_five_times_while_mails_leave(own: OwnEngines):
    wave = factories.wave(first_send_on=date(2026, 9, 14))
    for _ in range(READERS):
        factories.person(wave=wave)
    letters = Letters()
    with CatchAll(0, letters) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        own.environment |= {"ENS_MAIL_HOST": "127.0.0.1", "ENS_MAIL_PORT": str(server.server_address[1])}
        own.runs(*script(_PREPARE))
        for restart in range(KILLS):
            job = own.start(*script(_SEND, 20 * restart))
            sent = "SELECT count(*) FROM rollout_notice WHERE state = 'sent'"
            restarted_after(own, job, "sending", sent, 10 + restart * 60)
        for later in (200, 400, 2000):
            own.runs(*script(_SEND, later))
        server.shutdown()

    once_each()
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}
    assert EligiblePerson.objects.filter(state="NOTICE_SENT").count() == READERS
    mails = Counter((str(one.message()["Message-ID"]), one.part("plain")) for one in letters.all())
    assert {message_id for message_id, _words in mails} == set(Notice.objects.values_list("message_id", flat=True))
    assert len(mails) == READERS  # whatever was repeated was the same mail with the same code


def once_each() -> None:
    """One live code and one notice a person, one step of each kind."""
    assert NoticeCode.objects.filter(ended_at=None).count() == NoticeCode.objects.count() == READERS
    assert Notice.objects.values("person").distinct().count() == Notice.objects.count() == READERS
    steps = PersonTransition.objects.order_by().values("person_id", "to_state").annotate(number=Count("pk"))
    assert {step["number"] for step in steps} == {1}


def test_rel_04_the_next_turn_of_the_same_worker_opens_what_a_restart_undid(own: OwnEngines, tmp_path: Path):
    bring_in(own, tmp_path, waited_at=timezone.now())
    own.runs("manage.py", "rollout_open")  # today like the worker: who turned 18 meanwhile is an adult for both
    straight = tables()
    own.copy_database(BEFORE, DATABASE)
    worker = own.worker()

    own.turn("rollout.open_due")
    restarted_when(own, worker, "opening in a worker", statement="%spaces_healthspace%", slices=1)
    assert whole_slices() == 1
    until(lambda: "OperationalError" in worker.output, job=worker)
    own.turn("rollout.open_due")
    until(lambda: HealthSpace.objects.count() == straight["spaces"][0], job=worker)

    found = tables()
    assert {name: rows for name, (rows, _) in found.items()} == {name: rows for name, (rows, _) in straight.items()}
    for name in ("register", "steps"):  # no instants in them
        assert found[name] == straight[name]
