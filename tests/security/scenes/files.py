"""Stored files: check, erasure, change of the master key."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from apps.access import SYSTEM
from apps.files import jobs, services
from apps.files.gateways.scanner_embedded import EmbeddedScanner
from apps.files.keys import require_known
from apps.files.models import StoredFile
from tests import factories
from tests.dmp.factories import filed
from tests.files import keyring
from tests.files.clamd import EICAR
from tests.harness.clock import NOON
from tests.security.scenes.base import Ids, Scene, World

EARLIER = NOON - timedelta(hours=1)
State = StoredFile.State


def _arrived(_world: World) -> Ids:
    """A document; its holder is told of it once it is clean."""
    space = factories.space()
    factories.user(person=space.identity, email="alice@example.org")
    row = filed(space, at=EARLIER, scanned=False)
    return {"vault_id": str(row.vault_id), "file_id": str(row.file_id)}


def _stored(data: bytes) -> StoredFile:
    return services.store(space_id=uuid4(), content=services.Content(data=data, media_type="text/plain"), at=EARLIER)


def _with_a_virus(_world: World) -> Ids:
    file = _stored(EICAR)
    return {"vault_id": str(file.vault_id), "file_id": str(file.id)}


def _lost(_world: World) -> Ids:
    for data in (b"harmless", EICAR):
        _stored(data)
    return {}


def _new_key(world: World) -> Ids:
    keyring.announce(world.settings)
    require_known(1)
    for number in range(3):
        _stored(b"content %d" % number)
    keyring.switch(world.settings)
    return {}


def _destroyed(_world: World) -> Ids:
    file = _stored(EICAR)
    ids = {"vault_id": file.vault_id, "file_id": file.id}
    jobs.scan(**ids, scanner=EmbeddedScanner(), at=EARLIER)
    services.destroy(actor=SYSTEM, at=EARLIER, **ids)
    return {}


def _judged(ids: Ids) -> None:
    jobs.scan(vault_id=ids["vault_id"], file_id=ids["file_id"], scanner=EmbeddedScanner(), at=NOON)


def _parked(ids: Ids) -> None:
    rows = StoredFile.objects.filter(id=ids["file_id"])
    rows.update(state=State.PARKED, parked_at=NOON, problem=StoredFile.Problem.BYTES_LOST, due_at=None, attempts=5)


def _tried_later(ids: Ids) -> None:
    """Another worker has it: its lease runs."""
    StoredFile.objects.filter(id=ids["file_id"]).update(due_at=NOON + timedelta(minutes=5), attempts=1)


def _gone(ids: Ids) -> None:
    StoredFile.objects.filter(id=ids["file_id"]).delete()


_MOVES = {"judged": _judged, "parked": _parked, "at work": _tried_later}
SCENES = [
    Scene(task="files.scan", what="clean", build=_arrived, moves=_MOVES),
    Scene(task="files.scan", what="infected", build=_with_a_virus, moves={**_MOVES, "deleted": _gone}),
    Scene(task="files.sweep", build=_lost),
    Scene(task="files.rotate", build=_new_key),
    Scene(task="files.erase", build=_destroyed),
]
