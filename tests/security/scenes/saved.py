"""What enters the record from messages, and what its authors ask for afterwards."""

from __future__ import annotations

from apps.files.models import StoredFile
from apps.journeys.services import saving
from apps.mss.models import Attachment
from apps.spaces.models import HealthSpace
from tests import factories
from tests.harness.clock import NOON
from tests.journeys.saving import answers, clinical, holder
from tests.security.scenes.base import Ids, Scene, World


def _asked(_world: World) -> Ids:
    """A document was saved from a message; another message brings its successor."""
    space = factories.space()
    factories.user(person=space.identity, email="alice@example.org")
    first = clinical(space)
    saving.save_attachment(actor=holder(space), attachment_id=first.id, answers=answers(), at=NOON)
    row = clinical(space, number="m2", unique_id="1.2.250.1.999.2", replaces="1.2.250.1.999.1", version=2)
    return {"attachment_id": str(row.id)}


def _lost(world: World) -> Ids:
    _asked(world)
    return {}


def _rows(ids: Ids) -> Attachment:
    return Attachment.objects.get(id=ids["attachment_id"])


def _answered(ids: Ids) -> None:
    Attachment.objects.filter(id=ids["attachment_id"]).update(answer=Attachment.Answer.WRONG_AUTHOR)


def _held(ids: Ids) -> None:
    Attachment.objects.filter(id=ids["attachment_id"]).update(held="904")


def _waits_for_the_scanner(ids: Ids) -> None:
    rows = StoredFile.objects.filter(id=_rows(ids).file_id)
    rows.update(state=StoredFile.State.WAITING, scanned_at=None)


def _closed(ids: Ids) -> None:
    spaces = HealthSpace.objects.filter(id=_rows(ids).space_id)
    spaces.update(status=HealthSpace.Status.CLOSED, closed_at=NOON)


SCENES = [
    Scene(
        task="journeys.apply_request",
        build=_asked,
        moves={
            "answered": _answered,
            "held": _held,
            "not clean any more": _waits_for_the_scanner,
            "its space closed": _closed,
        },
    ),
    Scene(task="journeys.apply_requests", build=_lost, only_queues=True),
]
