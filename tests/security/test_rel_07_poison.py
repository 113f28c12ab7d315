"""REL-07: one file that cannot be judged does not keep the others from being judged, and does not stay unseen."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage

from apps.audit.services import events_of
from apps.files.models import StoredFile, Vault
from apps.files.tasks import sweep
from tests import factories
from tests.dmp.factories import filed
from tests.harness.clock import NOON
from tests.security.logs import written_lines

pytestmark = pytest.mark.django_db
EARLIER = NOON - timedelta(hours=1)
TRIES_AT = (0, 1, 6, 21, 81)  # minutes after NOON: growing waits of 1, 5, 15 and 60 minutes


def lose(file: StoredFile, what: str) -> None:
    """Object away, bytes changed, or key of the vault destroyed."""
    match what:
        case "object":
            StoredFile.objects.filter(id=file.id).update(object_name=f"away/{file.id}")
        case "bytes":
            with default_storage.open(file.object_name, "rb") as stored:
                broken = bytes(255 - byte for byte in stored.read())
            StoredFile.objects.filter(id=file.id).update(object_name=file.object_name + "x")
            with default_storage.open(file.object_name + "x", "wb") as stored:
                stored.write(broken)
        case "key":
            Vault.objects.filter(id=file.vault_id).update(wrapped_key=None, key_destroyed_at=NOON)


def sweep_at(minutes: int) -> None:
    with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
        sweep()


def states() -> dict[object, str]:
    return {row.id: row.state for row in StoredFile.objects.all()}


@pytest.mark.parametrize(("loss", "state"), [("object", "waiting"), ("bytes", "waiting"), ("key", "parked")])
def test_rel_07_the_sweep_goes_on_behind_a_file_whose_bytes_are_lost(loss, state):
    poisoned = filed(factories.space(), at=EARLIER, scanned=False)
    sound = filed(factories.space(), at=EARLIER + timedelta(minutes=1), scanned=False)
    lose(StoredFile.objects.get(id=poisoned.file_id), loss)

    sweep_at(0)

    assert states() == {poisoned.file_id: state, sound.file_id: "clean"}


def test_rel_07_five_tries_with_growing_waits_then_parked_with_its_reason():
    row = filed(factories.space(), at=EARLIER, scanned=False)
    lose(StoredFile.objects.get(id=row.file_id), "object")
    tried_at = []
    with written_lines() as output:
        for minutes in range(120):
            before = StoredFile.objects.get(id=row.file_id).attempts
            sweep_at(minutes)
            if StoredFile.objects.get(id=row.file_id).attempts > before:
                tried_at.append(minutes)

    file = StoredFile.objects.get(id=row.file_id)
    assert tuple(tried_at) == TRIES_AT
    assert (file.state, file.problem, file.attempts) == ("parked", "bytes-lost", 5)
    assert file.parked_at == NOON + timedelta(minutes=81)
    line = events_of(row.space_id).get(action="files.object.park")
    assert line.facts == {"reason": "bytes-lost", "attempts": 5}
    assert output.getvalue().count("file_parked") == 1


def test_rel_07_parked_are_exactly_the_poisoned_ones():
    rows = [filed(factories.space(), at=EARLIER, scanned=False) for _ in range(40)]
    poisoned = {row.file_id for row in rows[::20]}
    for file in StoredFile.objects.filter(id__in=poisoned):
        lose(file, "object")

    for minutes in TRIES_AT:
        sweep_at(minutes)

    assert {file_id for file_id, state in states().items() if state == "parked"} == poisoned
    assert sorted(set(states().values())) == ["clean", "parked"]
