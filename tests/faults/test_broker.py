"""REL-03: the broker forgets everything, is killed and comes back; rows are the truth, so all due work is done once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from django.db.models import Count
from django.utils import timezone

from apps.audit.services import PLATFORM_SCOPE, events_of
from apps.rollout.jobs import sending
from apps.rollout.models import EligiblePerson, ImportFile, ImportRun, Notice, Opposition, PersonTransition
from apps.spaces.models import HealthSpace
from simulators.mailbox.letters import Letters
from simulators.mailbox.smtp import CatchAll
from tests.faults.engines import Job, OwnEngines, until
from tests.faults.test_import_console import brought, confirmed, written
from tests.rollout import factories

pytestmark = pytest.mark.faults
READERS = 400  # to be written to
WAITED = 120  # to be opened
ASKED = 20  # of whom somebody asked for it
IMPORTED = 300
BOUND = 60 + 120  # seconds: the schedule of these jobs, and two minutes
TURNS = (
    "rollout.prepare_notices",
    "rollout.send_notices",
    "rollout.import_files",
    "rollout.open_due",
    "rollout.open_asked",
)
TOO_RARE = ("rollout.open_due", "rollout.open_asked")  # every 15 and 5 minutes: their turn is sent as the clock does
WORK = "import django; django.setup(); from apps.rollout.tasks import carry_on_imports; carry_on_imports()"
_OPPOSE = """
import django
django.setup()
from django.test.utils import setup_test_environment
setup_test_environment()
from tests.rollout.visiting import Visitor
visitor = Visitor()
visitor.oppose("{code}", mail="alice.morel@example.fr")
assert "OPP-" in visitor.text, visitor.text
"""
CONNECTED = "Connected to redis"
State = EligiblePerson.State


@pytest.fixture
def code(own: OwnEngines, tmp_path: Path, settings) -> str:
    """Work for every job is due; the code is that of somebody whose six weeks run."""
    now = timezone.now()
    today = timezone.localdate(now)
    settings.IMPORT_DIR = own.environment["ENS_IMPORT_DIR"] = str(tmp_path / "imports")
    written(tmp_path, "lot.csv", count=IMPORTED)
    file = brought("lot.csv")
    own.runs("-c", WORK)
    confirmed(file)
    sending = factories.wave(first_send_on=today)
    for _ in range(READERS):
        factories.person(wave=sending)
    opening = factories.opening_wave(number=2, first_send_on=today - timedelta(days=60))
    for number in range(WAITED + ASKED):
        person = factories.person(wave=opening)
        factories.noticed(person, sent_at=now - timedelta(days=60))
        if number >= WAITED:
            EligiblePerson.objects.filter(pk=person.pk).update(state=State.OPENING_ASKED)
    writer = factories.person(wave=opening)
    _notice, code = factories.noticed(writer, sent_at=now - timedelta(days=5))
    return code


def test_rel_03_the_broker_forgets_everything_twice_and_is_away_twice(own: OwnEngines, code: str, measured):
    letters = Letters()
    with CatchAll(0, letters) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        own.environment |= {"ENS_MAIL_HOST": "127.0.0.1", "ENS_MAIL_PORT": str(server.server_address[1])}
        for name in TURNS:
            own.turn(name)
        own.flush_broker()
        worker, beat = own.worker(), own.beat()
        own.stop_broker()
        own.runs("-c", _OPPOSE.format(code=code), ENS_PROCESS="web", ENS_ENV="test")
        own.start_broker()
        waited = until(lambda: len(letters.all()) >= 100, seconds=BOUND, job=worker)
        lost_while_mails_leave(own, worker)
        for name in TOO_RARE:
            own.turn(name)
        took = until(is_done, seconds=BOUND, job=worker)
        server.shutdown()

    assert beat.is_alive, beat.output
    mails = Counter(str(one.message()["Message-ID"]) for one in letters.all())
    repeated = sum(mails.values()) - len(mails)
    lost = f"forgotten as they leave, all is done {took:.0f} s later, mails repeated {repeated}"
    measured(f"broker away: mails leave {waited:.0f} s after its return; {lost}")
    once_each(mails)
    assert repeated <= sending.BATCH  # of one batch at work nobody knows which ones had left (REL-08)


def lost_while_mails_leave(own: OwnEngines, worker: Job) -> None:
    """The worker ends the task and connects again; the lease of the mails at work is shortened."""
    connected = worker.output.count(CONNECTED)
    own.flush_broker()
    own.stop_broker()
    own.start_broker()
    until(lambda: worker.output.count(CONNECTED) > connected, job=worker)
    Notice.objects.filter(state=Notice.State.SENDING).update(leased_until=timezone.now())


def is_done() -> bool:
    """Nothing is due any more: of mails, openings, imports, and of the receipt of the opposition."""
    return not (
        Notice.objects.exclude(state=Notice.State.SENT).exists()
        or EligiblePerson.objects.filter(state__in=[State.OPENING_ASKED, State.NOTICE_QUEUED]).exists()
        or HealthSpace.objects.count() < WAITED + ASKED
        or ImportFile.objects.exclude(state=ImportFile.State.DONE).exists()
    )


def once_each(mails: Counter[str]) -> None:
    """One message a notice, one step of a kind a person, one space, one import, one opposition."""
    sent_now = Notice.objects.filter(sent_at__gte=timezone.now() - timedelta(hours=1))
    assert set(mails) == set(sent_now.values_list("message_id", flat=True))
    assert len(mails) == READERS + 1  # and the receipt of the opposition
    steps = PersonTransition.objects.order_by().values("person_id", "to_state").annotate(number=Count("pk"))
    assert {step["number"] for step in steps} == {1}
    assert HealthSpace.objects.count() == WAITED + ASKED
    assert ImportRun.objects.filter(state=ImportRun.State.DONE, sha256__gt="").count() == 1
    assert events_of(PLATFORM_SCOPE).filter(action="rollout.import.finish").count() == 1
    assert Opposition.objects.get().person.state == State.OPPOSED
