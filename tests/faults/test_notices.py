"""REL-02, REL-08: kills while notices are prepared, sent and printed leave what a straight run leaves."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace
from datetime import date
from threading import Thread

import pikepdf
import pytest
from django.db.models import Count

from apps.files.models import StoredFile
from apps.files.services import read
from apps.rollout.models import EligiblePerson, LetterBatch, LetterFile, Notice, NoticeCode, PersonTransition
from simulators.mailbox.letters import Letters
from simulators.mailbox.smtp import CatchAll
from tests.faults.processes import KILLS, Machine
from tests.rollout import factories as rows

pytestmark = pytest.mark.faults
PEOPLE = 24
_HEAD = "import django; django.setup(); from datetime import UTC, datetime, timedelta; "
_AT = "at = datetime(2026, 9, 14, 8, tzinfo=UTC) + timedelta(minutes={minutes}); "
_PREPARE = "from apps.rollout.jobs import preparing; preparing.SLICE = 8; preparing.prepare_due(at=at)"
_SEND = (
    "from apps.notifications.gateways.smtp import KeptSmtpRelay; from apps.rollout.jobs import sending; "
    "sending.GROUP = 4; sending.send_while_due(relay=KeptSmtpRelay(), now=lambda: at)"
)
_PRINT = (
    "from apps.rollout.jobs import batching, printing; printing.SLICE = 8; "
    "batching.gather(at=at, everything=True); printing.make_letters(at=at)"
)


def script(work: str, minutes: int = 0) -> tuple[str, str]:
    return "-c", _HEAD + _AT.format(minutes=minutes) + work


def people(**values: str) -> None:
    wave = rows.wave(first_send_on=date(2026, 9, 14))
    for _ in range(PEOPLE):
        rows.person(wave=wave, **values)


def once_each() -> None:
    """One live code and one notice a person, one step of each kind."""
    assert NoticeCode.objects.filter(ended_at=None).count() == NoticeCode.objects.count() == PEOPLE
    assert Notice.objects.values("person").distinct().count() == Notice.objects.count() == PEOPLE
    steps = PersonTransition.objects.order_by().values("person_id", "to_state").annotate(number=Count("pk"))
    assert {step["number"] for step in steps} == {1}


def test_rel_02_the_preparing_is_killed_five_times(machine: Machine):
    people()
    for kill in range(KILLS):
        assert machine.dies(*script(_PREPARE), at=f"rollout.preparing.before_commit@{1 + kill % 2}")

    machine.runs(*script(_PREPARE))

    once_each()
    assert EligiblePerson.objects.filter(state="NOTICE_QUEUED").count() == PEOPLE


@pytest.mark.parametrize("place", ["before_relay", "after_relay", "before_commit"])
def test_rel_08_the_sending_is_killed_five_times(machine: Machine, place: str):
    people()
    letters = Letters()
    with CatchAll(0, letters) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        mail = {"ENS_MAIL_HOST": "127.0.0.1", "ENS_MAIL_PORT": str(server.server_address[1])}
        sender = replace(machine, environment={**machine.environment, **mail})
        sender.runs(*script(_PREPARE))
        for kill in range(KILLS):
            assert sender.dies(*script(_SEND, 20 * kill), at=f"rollout.sending.{place}@{1 + kill % 2}")
        for later in (200, 400, 2000):
            sender.runs(*script(_SEND, later))
        server.shutdown()

    once_each()
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}
    assert EligiblePerson.objects.filter(state="NOTICE_SENT").count() == PEOPLE
    mails = Counter((str(one.message()["Message-ID"]), one.part("plain")) for one in letters.all())
    assert {message_id for message_id, _words in mails} == set(Notice.objects.values_list("message_id", flat=True))
    assert len(mails) == PEOPLE  # however often one was repeated, it was the same mail with the same code


@pytest.mark.parametrize("place", ["before_store", "before_commit"])
def test_rel_02_the_printing_is_killed_five_times(machine: Machine, place: str):
    people(mail="", channel="courrier")
    machine.runs(*script(_PREPARE))
    for kill in range(KILLS):
        nth = 1 + kill % 2 if kill < 2 else 1
        assert machine.dies(*script(_PRINT, 10 * kill), at=f"rollout.printing.{place}@{nth}")

    machine.runs(*script(_PRINT, 100))

    once_each()
    batch = LetterBatch.objects.get()
    assert (batch.state, batch.letters, batch.made) == ("ready", PEOPLE, PEOPLE)
    files = list(LetterFile.objects.exclude(place=0).order_by("place"))
    assert [(file.place, file.letters, file.spans) for file in files] == [(n, 8, [2] * 8) for n in (1, 2, 3)]
    for file in files:
        stored = StoredFile.objects.select_related("vault").get(pk=(file.vault_id, file.file_id))
        with pikepdf.open(io.BytesIO(read(stored))) as pdf:
            assert len(pdf.pages) == 16
