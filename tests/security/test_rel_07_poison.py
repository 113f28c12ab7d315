"""REL-07: one file that cannot be judged does not keep the others from being judged."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage

from apps.files.models import StoredFile, Vault
from apps.files.tasks import sweep
from tests import factories
from tests.dmp.factories import filed
from tests.harness.clock import NOON
from tests.security.logs import written_lines

pytestmark = pytest.mark.django_db
EARLIER = NOON - timedelta(hours=1)


@pytest.mark.parametrize("loss", ["object", "key", "bytes"])
def test_rel_07_the_sweep_goes_on_behind_a_file_whose_bytes_are_lost(loss):
    poisoned = filed(factories.space(), at=EARLIER, scanned=False)
    sound = filed(factories.space(), at=EARLIER + timedelta(minutes=1), scanned=False)
    file = StoredFile.objects.get(id=poisoned.file_id)
    if loss == "key":
        Vault.objects.filter(id=file.vault_id).update(wrapped_key=None, key_destroyed_at=NOON)
    else:
        StoredFile.objects.filter(id=file.id).update(
            object_name="away" if loss == "object" else StoredFile.objects.get(id=sound.file_id).object_name + "x"
        )
    if loss == "bytes":
        with default_storage.open(file.object_name, "rb") as stored:
            broken = bytes(255 - byte for byte in stored.read())
        with default_storage.open(StoredFile.objects.get(id=file.id).object_name, "wb") as stored:
            stored.write(broken)

    with time_machine.travel(NOON, tick=False), written_lines() as output:
        sweep()

    states = {row.id: row.state for row in StoredFile.objects.all()}
    assert states == {poisoned.file_id: "waiting", sound.file_id: "clean"}
    assert "file_not_judged" in output.getvalue()
