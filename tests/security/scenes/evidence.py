"""Pieces of evidence of dossiers: ends that are near, secrets in files that were found clean."""

from __future__ import annotations

from datetime import timedelta

from apps.files.gateways.scanner_embedded import EmbeddedScanner
from apps.files.jobs import scanning
from apps.files.models import StoredFile
from apps.store.jobs import picturing
from apps.store.models import Evidence
from apps.store.services import evidence
from apps.store.services.evidence import Description, Upload
from tests.harness.clock import NOON
from tests.security.scenes.base import Ids, Scene, World
from tests.store import factories
from tests.store.evidence.world import png

EARLIER = NOON - timedelta(hours=1)
SECRET = b"nom;valeur\nAPI_KEY=4f9d8c7b6a5e4d3c2b1a\n"


def _ending(_world: World) -> Ids:
    """Two dossiers; one has pieces of two thresholds."""
    for place, days in enumerate(((5, 25), (80,)), start=1):
        member = factories.member()
        service = factories.service(member.publisher, name=f"Service {place}")  # mails say it: the same each time
        dossier = factories.candidacy(by=member, number=f"2026-{place:04d}", service=service)
        for number in days:
            factories.evidence(dossier, valid_until=NOON.date() + timedelta(days=number))
    return {}


def _clean(_world: World) -> Ids:
    """A table that holds a key, found clean an hour ago."""
    member = factories.member()
    dossier, actor = factories.candidacy(by=member), factories.as_publisher(member, at=EARLIER)
    piece = evidence.add(
        actor=actor, candidacy_id=dossier.pk, upload=Upload(name="config.csv", data=SECRET),
        description=Description(title="Configuration"), at=EARLIER,
    )  # fmt: skip
    for file in StoredFile.objects.filter(state="waiting").order_by("id"):
        scanning.scan(vault_id=file.vault_id, file_id=file.id, scanner=EmbeddedScanner(), at=EARLIER)
    return {"evidence_id": str(piece.pk)}


def _lost(world: World) -> Ids:
    _clean(world)
    return {}


def _picture(world: World) -> Ids:
    """A logo of a page that was published an hour ago."""
    member = factories.member()
    dossier, actor = factories.candidacy(by=member), factories.as_publisher(member, at=EARLIER)
    evidence.add(
        actor=actor, candidacy_id=dossier.pk, upload=Upload(name="logo.png", data=png(64)),
        description=Description(title="Logo", use="logo"), at=EARLIER,
    )  # fmt: skip
    for file in StoredFile.objects.filter(state="waiting").order_by("id"):
        scanning.scan(vault_id=file.vault_id, file_id=file.id, scanner=EmbeddedScanner(), at=EARLIER)
    picturing.plan(dossier, at=EARLIER)
    return {}


def _removed(ids: Ids) -> None:
    Evidence.objects.filter(pk=ids["evidence_id"]).update(removed_at=NOON)


SCENES = [
    Scene(task="store.warn_of_dates", build=_ending),
    Scene(task="store.make_pictures", build=_picture),
    Scene(task="store.sweep_evidence", build=_lost, only_queues=True),
    Scene(task="store.look_for_secrets", build=_clean, moves={"taken out": _removed}),
]
