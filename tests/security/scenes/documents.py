"""Files inside documents, and announcement consultations."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from apps.dmp import services
from apps.dmp.jobs import indexing
from apps.dmp.models import Document, PagePicture, Rendition, Wording
from apps.dmp.services import Deposit, Visibility
from apps.files.models import StoredFile
from tests import factories
from tests.dmp.cda import Cda
from tests.dmp.factories import filed, prepared, with_file
from tests.dmp.paper import pdf_of
from tests.harness.clock import NOON
from tests.security.scenes.base import Ids, Scene, World


def _unprepared(_world: World) -> Ids:
    row = with_file(factories.space(), "application/pdf", pdf_of("a", "b"))
    rendition = Rendition.objects.get(document_id=row.id)
    return {"space_id": str(row.space_id), "rendition_id": str(rendition.id)}


def _lost(world: World) -> Ids:
    _unprepared(world)
    return {}


def _without_words(_world: World) -> Ids:
    row = filed(factories.space(), text="Glycémie")
    return {"space_id": str(row.space_id), "document_id": str(row.id)}


def _indexed(ids: Ids) -> None:
    indexing.index(space_id=UUID(ids["space_id"]), document_id=UUID(ids["document_id"]), clock=lambda: NOON)


def _check_again(ids: Ids) -> None:
    file_id = Document.objects.get(id=ids["document_id"]).file_id
    StoredFile.objects.filter(id=file_id).update(state=StoredFile.State.WAITING, scanned_at=None)


def _taken_back(ids: Ids) -> None:
    Wording.objects.filter(document_id=ids["document_id"]).delete()


def _announced(_world: World) -> Ids:
    """Filed a fortnight ago; the holder has heard nothing yet."""
    space = factories.space()
    factories.user(person=space.identity, email="alice@example.org")
    then = NOON - timedelta(days=14, hours=1)
    deposit = Deposit(data=Cda(patient=space.identity).data(), visibility=frozenset({Visibility.INVISIBLE_TO_PATIENT}))
    row = services.deposit_document(actor=factories.system(space, at=then), deposit=deposit, at=then)
    StoredFile.objects.filter(id=row.file_id).update(state=StoredFile.State.CLEAN, scanned_at=then)
    return {}


def _ready(ids: Ids) -> None:
    prepared(Document.objects.get(id=Rendition.objects.get(id=ids["rendition_id"]).document_id))


def _refused(ids: Ids) -> None:
    rows = Rendition.objects.filter(id=ids["rendition_id"])
    rows.update(state=Rendition.State.REFUSED, reason="damaged", ended_at=NOON)


def _waits_for_the_scanner(ids: Ids) -> None:
    document = Document.objects.get(id=Rendition.objects.get(id=ids["rendition_id"]).document_id)
    StoredFile.objects.filter(id=document.file_id).update(state=StoredFile.State.WAITING, scanned_at=None)


def _deleted(ids: Ids) -> None:
    PagePicture.objects.filter(rendition_id=ids["rendition_id"]).delete()
    Rendition.objects.filter(id=ids["rendition_id"]).delete()


SCENES = [
    Scene(
        task="dmp.prepare",
        build=_unprepared,
        moves={
            "ready": _ready,
            "refused": _refused,
            "not clean any more": _waits_for_the_scanner,
            "deleted": _deleted,
        },
    ),
    Scene(
        task="dmp.index",
        build=_without_words,
        moves={"indexed": _indexed, "not clean any more": _check_again, "taken back": _taken_back},
    ),
    Scene(task="dmp.sweep", build=_lost, only_queues=True),
    Scene(task="dmp.announce_due", build=_announced),
]
