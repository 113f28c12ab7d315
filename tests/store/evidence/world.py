"""Files, people and dossiers for the tests of evidence, checks, exchange and decisions."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime, timedelta
from typing import Any

from PIL import Image

from apps.access import Actor
from apps.accounts.models import StaffRole, User
from apps.audit.services import events_of
from apps.files import services as files
from apps.files.gateways.scanner_embedded import EmbeddedScanner
from apps.files.jobs import scanning
from apps.files.models import StoredFile, Vault
from apps.store.models import Candidacy, ConflictDeclaration, Member, Request, RequestItem, Reservation
from apps.store.services import evidence
from apps.store.services.evidence import Description, Upload
from apps.store.states import Queue, Status
from tests.harness.clock import NOON
from tests.store import factories

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
CSV = "critère;réponse\nCRI-SEC-01;oui\n".encode()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-" + b"STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
INFECTED = PDF + EICAR


def png(side: int = 8) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), "blue").save(out, "PNG")
    return out.getvalue()


def workbook(*, macros: bool = False) -> bytes:
    """What a workbook looks like from outside: a zip with the names of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        if macros:
            archive.writestr("xl/vbaProject.bin", b"\x00")
    return out.getvalue()


def upload(data: bytes = PDF, name: str = "rapport.pdf") -> Upload:
    return Upload(name=name, data=data)


def about(**values: Any) -> Description:
    return Description(**{"title": "Rapport d'audit", **values})


def added(actor: Actor, dossier: Candidacy, *, data: bytes = PDF, name: str = "rapport.pdf", **values: Any):
    """A piece that the antivirus has looked at: infected when it holds the test string."""
    piece = evidence.add(
        actor=actor, candidacy_id=dossier.id, upload=upload(data, name), description=about(**values), at=NOON
    )
    scan_all()
    return piece


def scan_all(at: datetime = NOON) -> None:
    for file in StoredFile.objects.filter(state="waiting").order_by("id"):
        scanning.scan(vault_id=file.vault_id, file_id=file.id, scanner=EmbeddedScanner(), at=at)


def colleague(of: Member, name: str = "Marc Delmas", *roles: str) -> Member:
    return factories.member(publisher=of.publisher, name=name, roles=list(roles or ("technical",)))


def assessor_of(dossier: Candidacy, *roles: StaffRole) -> User:
    """Somebody of the back office who has declared no link to the publisher."""
    user = factories.reviewer(*roles)
    ConflictDeclaration.objects.create(candidacy=dossier, user=user, has_link=False, at=NOON)
    return user


def asked(by: Member, *codes: str, status: Status = Status.COMPLEMENT, days: int = 30) -> tuple[Candidacy, Request]:
    """A dossier that waits for answers about these criteria (or lines of the desk's list), asked two days ago."""
    since = NOON - timedelta(days=2)
    dossier = factories.candidacy(status, by=by, status_at=since)
    user = assessor_of(dossier)
    is_desk = status is Status.INCOMPLETE
    part = "desk_officer" if is_desk else "assessor"
    Candidacy.objects.filter(pk=dossier.pk).update(**{part: user})
    dossier.refresh_from_db()
    request = Request.objects.create(
        candidacy=dossier, kind="missing" if is_desk else "complement", round=1, text="Merci de compléter.", days=days,
        asked_by=user, asked_at=since, due_at=dossier.due_at,
    )  # fmt: skip
    for code in codes:
        field = "item" if is_desk else "criterion"
        RequestItem.objects.create(request=request, text=f"Précisez {code}.", **{field: code})
    return dossier, request


def reserved(by: Member, *, suspensive: int = 1, **values: Any) -> tuple[Candidacy, list[Reservation]]:
    """A dossier with suspensive reservations that waits for its publisher since two days."""
    since = NOON - timedelta(days=2)
    dossier = factories.candidacy(Status.RESERVATIONS, by=by, status_at=since, queue=Queue.PUBLISHER)
    due_on = (NOON + timedelta(days=60)).date()
    shared = {
        "candidacy": dossier,
        "criterion": "CRI-SEC-05",
        "is_suspensive": True,
        "due_on": due_on,
        "made_at": since,
    }
    rows = [
        Reservation.objects.create(**{**shared, "text": f"Réserve {number}.", **values})
        for number in range(1, suspensive + 1)
    ]
    return dossier, rows


def in_vault(of: Candidacy, data: bytes) -> StoredFile:
    """A clean file of the publisher's vault: a notice, an agreement."""
    content = files.Content(data=data, media_type="application/pdf")
    stored = files.store_for(owner_kind=Vault.Owner.ORGANISATION, owner_id=of.publisher_id, content=content, at=NOON)
    scan_all()
    stored.refresh_from_db()
    return stored


def actions(of: Candidacy) -> list[str]:
    """Lines of the trail of the publisher, oldest first."""
    return [line.action for line in reversed(events_of(of.publisher_id))]
