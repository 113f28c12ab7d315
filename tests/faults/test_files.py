"""REL-02: kills of the rotation of the master key and of the antivirus check lose and double nothing."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.audit.services import PLATFORM_SCOPE, AuditEvent, events_of
from apps.files import jobs, services
from apps.files.crypto import new_key
from apps.files.jobs import rotation
from apps.files.keys import wrapped_now
from apps.files.models import KeyRotation, StoredFile, Vault
from apps.files.tasks import scan, sweep
from tests.faults.processes import KILLS, WORKER, Machine
from tests.files import keyring
from tests.files.clamd import EICAR

pytestmark = pytest.mark.faults
ROTATE = ("manage.py", "files_rotate")
VAULTS = 4_000  # eight batches
SWEEP = "import django; django.setup(); from apps.files.tasks import sweep; sweep()"


def stored(number: int) -> StoredFile:
    """Every fourth one has a virus."""
    data = (EICAR if number % 4 == 0 else b"") + b"content %d" % number
    content = services.Content(data=data, media_type="text/plain")
    return services.store(space_id=uuid4(), content=content, at=timezone.now() - timedelta(hours=1))


def everything_opens() -> None:
    """Twenty files really; the other vault keys by opening them."""
    for row in StoredFile.objects.select_related("vault").order_by("received_at", "id"):
        assert b"content" in jobs.bytes_of(row)
    assert sum(rotation.standing().counts.values()) == VAULTS + 20


def many_vaults() -> None:
    for _ in range(20):
        stored(1)
    vaults = []
    for _ in range(VAULTS):
        vault = Vault(owner_kind="space", owner_id=uuid4())
        vault.wrapped_key, vault.master_version = wrapped_now(vault_id=vault.id, key=new_key())
        vaults.append(vault)
    Vault.objects.bulk_create(vaults, batch_size=1000)


@pytest.mark.parametrize(
    "point",
    [
        "files.rotate.before_write",
        "files.rotate.before_commit",
        "files.rotate.between_batches",
        "files.rotate.before_end",
    ],
)
def test_rel_02_the_rotation_is_killed_five_times(machine: Machine, settings, point: str):
    keyring.announce(settings)
    many_vaults()
    keyring.switch(settings)
    for kill in range(KILLS):
        nth = 1 if point == "files.rotate.before_end" else 1 + kill % 2  # where batches go by, also the second one
        assert machine.dies(*ROTATE, at=f"{point}@{nth}")
        everything_opens()

    machine.runs(*ROTATE)

    keyring.forget(settings)
    everything_opens()
    assert rotation.standing().counts == {2: VAULTS + 20}
    row = KeyRotation.objects.get()
    assert (row.rewrapped, row.finished_at is None) == (VAULTS + 20, False)
    assert events_of(PLATFORM_SCOPE).filter(action="files.key.rotate").count() == 1


@pytest.mark.parametrize("point", ["files.scan.claimed", "files.scan.judged", "files.scan.before_commit"])
def test_rel_02_a_worker_is_killed_in_the_middle_of_five_checks(machine: Machine, queue, point: str):
    files = [stored(number) for number in range(20)]
    for file in files:
        scan.delay(vault_id=str(file.vault_id), file_id=str(file.id))
    for kill in range(KILLS):
        assert machine.dies(*WORKER, at=f"{point}@{1 + kill % 2}")
        for row in StoredFile.objects.exclude(state="clean"):
            with pytest.raises(services.FileNotReadableError):
                services.read(row)

    StoredFile.objects.filter(state="waiting").update(due_at=None)  # leases are shortened
    machine.runs("-c", SWEEP)
    for file in files:  # the late redelivery changes nothing
        scan(vault_id=str(file.vault_id), file_id=str(file.id))
    sweep()

    rows = {row.id: row.state for row in StoredFile.objects.order_by("id")}
    assert rows == {file.id: "infected" if number % 4 == 0 else "clean" for number, file in enumerate(files)}
    assert AuditEvent.objects.filter(action="files.object.quarantine").count() == 5


def test_rel_02_an_erasure_is_killed_five_times_between_bytes_and_row(machine: Machine):
    for _ in range(10):
        file = stored(4)
        now = timezone.now()
        StoredFile.objects.filter(id=file.id).update(state="destroyed", scanned_at=now, destroyed_at=now)
    erase = "import django; django.setup(); from apps.files.tasks import erase; erase()"
    for _kill in range(KILLS):
        assert machine.dies("-c", erase, at="files.erase.between_bytes_and_row@2")

    machine.runs("-c", erase)

    assert StoredFile.objects.filter(erased_at=None).count() == 0
