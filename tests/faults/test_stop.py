"""REL-10: a stop that is ordered while a job works holds from its next batch, broker and cache away or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from django.db import connection
from django.utils import timezone

from apps.access import Actor
from apps.accounts.models import StaffRole, User
from apps.common.dates import PARIS
from apps.rollout.jobs import opening, preparing, sending
from apps.rollout.models import EligiblePerson, Notice, StopOrder
from apps.rollout.population import PopulationPlan, write_file
from apps.rollout.services import stopping
from apps.rollout.services.errors import SamePersonError
from apps.spaces.models import HealthSpace
from benchmarks.waiting import everybody_waited
from simulators.mailbox.letters import Letters
from simulators.mailbox.smtp import CatchAll
from tests import factories as people
from tests.faults.engines import Job, OwnEngines, until
from tests.rollout import factories

pytestmark = pytest.mark.faults
AT = datetime(2026, 9, 14, 10, tzinfo=PARIS)
LANES = 2
OPEN = ("manage.py", "rollout_open", "--at", "2026-09-14T10:00", "--cores", str(LANES))
BOUND = timedelta(seconds=60)
# The page is asked as soon as the job is at work; it is the operator's, in a process of its own.
_STOP = """
import time, django
django.setup()
from django.test.utils import setup_test_environment
setup_test_environment()
from apps.accounts.models import User
from apps.rollout.models import Notice
from apps.spaces.models import HealthSpace
from tests.cast import client_of
client = client_of(User.objects.get(pk="{user}"))
assert client.get("/deploiement/arret/").status_code == 200
print("waits", flush=True)
while not {begun}:
    time.sleep(0.02)
answer = client.post("/deploiement/arret/", {{"scope": "tout", "reason": "codes lost"}})
assert answer.status_code == 302, answer.status_code
"""
_OPENINGS = "SELECT pg_xact_commit_timestamp(xmin), count(*) FROM spaces_healthspace GROUP BY 1 ORDER BY 1"
_SENDINGS = """
    SELECT pg_xact_commit_timestamp(xmin), count(*) FROM rollout_notice WHERE state = 'sent' GROUP BY 1 ORDER BY 1
"""
_SEND = (
    "import django; django.setup(); from datetime import datetime; "
    "from apps.notifications.gateways.smtp import KeptSmtpRelay; from apps.rollout.jobs import sending; "
    "at = datetime.fromisoformat('2026-09-14T10:00+02:00'); "
    "sending.send_while_due(relay=KeptSmtpRelay(), now=lambda: at, seconds={seconds})"
)


@pytest.fixture(params=["broker up", "broker and cache away"])
def how(request: pytest.FixtureRequest, own: OwnEngines) -> Iterator[str]:
    if request.param == "broker up":
        yield request.param
        return
    own.environment["CACHE_URL"] = own.environment["BROKER_URL"]
    own.stop_broker()
    yield request.param
    own.start_broker()


def stop_when(own: OwnEngines, begun: str) -> Job:
    """An operator who waits in front of the page until the job has begun, then stops everything."""
    job = own.start("-c", _STOP.format(user=people.staff(StaffRole.OPERATOR).pk, begun=begun), ENS_ENV="test")
    until(lambda: "waits" in job.output, job=job)
    return job


def registered(own: OwnEngines, folder: Path, number: int) -> None:
    file = folder / "eligibles.csv"
    write_file(path=file, plan=PopulationPlan(count=number, today=date(2026, 9, 1)))
    own.runs("manage.py", "rollout_import", str(file))


def committed(effects: str) -> tuple[timedelta, list[int]]:
    """How long after the stop the last effect was committed, and the sizes of all batches committed after it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_xact_commit_timestamp(xmin) FROM rollout_stoporder")
        (stopped_at,) = cursor.fetchone()
        cursor.execute(effects)
        late = [(at, rows) for at, rows in cursor.fetchall() if at > stopped_at]
    return (late[-1][0] - stopped_at if late else timedelta(0)), [rows for _at, rows in late]


def at_work(user: User) -> Actor:
    return people.at_work(user, at=timezone.now())


def restarted_by_two() -> None:
    """Who asks cannot confirm; another person can."""
    stop = StopOrder.objects.get(lifted_at=None)
    asker, other = people.staff(StaffRole.APPROVER), people.staff(StaffRole.APPROVER)
    stopping.ask_restart(actor=at_work(asker), stop_id=stop.pk, reason="codes found", at=timezone.now())
    with pytest.raises(SamePersonError):
        stopping.confirm_restart(actor=at_work(asker), stop_id=stop.pk, at=timezone.now())
    stopping.confirm_restart(actor=at_work(other), stop_id=stop.pk, at=timezone.now())


def test_rel_10_a_stop_in_the_middle_of_an_opening(own: OwnEngines, how: str, measured, tmp_path: Path):
    registered(own, tmp_path, 100_000)
    everybody_waited(at=AT)
    due = EligiblePerson.objects.filter(state=EligiblePerson.State.NOTICE_SENT, hold="", double_of=None).count()
    stop = stop_when(own, "HealthSpace.objects.exists()")
    job = own.start(*OPEN)

    assert (stop.ends(), job.ends()) == (0, 0), stop.output + job.output
    delay, batches = committed(_OPENINGS)
    measured(f"opening, {how}: last slice {delay.total_seconds():.2f} s after the stop, slices {batches}")
    assert delay < BOUND
    assert len(batches) <= LANES  # those at work at the instant of the stop
    opened = HealthSpace.objects.count()
    assert opening.SLICE <= opened < due
    own.runs(*OPEN)
    assert HealthSpace.objects.count() == opened

    restarted_by_two()
    own.runs(*OPEN)

    assert HealthSpace.objects.count() == due


def test_rel_10_a_stop_in_the_middle_of_a_sending(own: OwnEngines, how: str, measured, tmp_path: Path):
    registered(own, tmp_path, 32_000)
    EligiblePerson.objects.update(wave=factories.wave(first_send_on=AT.date()))
    preparing.prepare_due(at=AT)
    mails = Notice.objects.filter(channel=Notice.Channel.MAIL)
    assert mails.count() > 20_000
    with CatchAll(0, Letters()) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        own.environment |= {"ENS_MAIL_HOST": "127.0.0.1", "ENS_MAIL_PORT": str(server.server_address[1])}
        stop = stop_when(own, "Notice.objects.filter(state='sent').count() >= 500")
        job = own.start("-c", _SEND.format(seconds=50))

        assert (stop.ends(), job.ends()) == (0, 0), stop.output + job.output
        delay, batches = committed(_SENDINGS)
        measured(f"sending, {how}: last mail {delay.total_seconds():.2f} s after the stop, mails {sum(batches)}")
        assert delay < BOUND
        assert sum(batches) <= sending.BATCH
        sent = mails.filter(state=Notice.State.SENT).count()
        own.runs("-c", _SEND.format(seconds=5))
        assert mails.filter(state=Notice.State.SENT).count() == sent < mails.count()

        restarted_by_two()
        own.runs("-c", _SEND.format(seconds=5))
        server.shutdown()

    assert mails.filter(state=Notice.State.SENT).count() > sent
