"""What was declared, as one canonical text and its hash, so that an auditor can compare later (STO-10, PU-07)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from apps.access import Actor
from apps.store import subjects
from apps.store.models import Candidacy, Evidence, Snapshot
from apps.store.services import acting, consenting, sheets
from apps.store.services.errors import UnknownRowError
from apps.store.services.evidence_reading import readable

FORMAT = 1  # counts up when the same dossier would give another text


def canonical(candidacy: Candidacy) -> str:
    """JSON with sorted keys and no space: profile, orientation, answers that apply, page, texts of consent, hashes of
    the files. The same dossier always gives the same text.
    """
    return json.dumps(_said(candidacy), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def hash_of(candidacy: Candidacy) -> str:
    """SHA-256 of it, hexadecimal."""
    return hashlib.sha256(canonical(candidacy).encode()).hexdigest()


def keep(candidacy: Candidacy, *, at: datetime) -> str:
    """Keep what is declared now, once; inside the transaction of the act. Returns its hash, for the event."""
    text = canonical(candidacy)
    declared = hashlib.sha256(text.encode()).hexdigest()
    made = {"text": text, "made_at": at}
    Snapshot.objects.get_or_create(candidacy=candidacy, hash=declared, defaults=made)
    return declared


def declared_text(*, actor: Actor, candidacy_id: UUID, declared: str, at: datetime) -> str:
    """What was declared under this hash, word for word, to somebody who reads the dossier; each reading is traced.

    Raises `UnknownRowError`.
    """
    rows = Snapshot.objects.select_related("candidacy").filter(candidacy__in=readable(actor))
    found = rows.filter(candidacy_id=candidacy_id, hash=declared).first()
    if found is None:
        raise UnknownRowError
    acting.trace(
        actor=actor,
        act="snapshot.read",
        publisher_id=found.candidacy.publisher_id,
        target=f"snapshot:{found.id}",
        at=at,
    )
    return found.text


def _said(candidacy: Candidacy) -> dict[str, object]:
    sheet = subjects.current_sheet(candidacy)
    pieces = list(subjects.current_evidence(candidacy))
    return {
        "format": FORMAT,
        "number": candidacy.number,
        "siren": candidacy.publisher.siren,
        "service": candidacy.service.name,
        "kind": candidacy.kind,
        "service_kind": candidacy.service_kind,
        "exchange": candidacy.exchange,
        "lane": candidacy.lane,
        "referential": candidacy.referential,
        "orientation": candidacy.orientation,
        "answers": _answers(candidacy),
        "sheet": sheets.contents_of(sheet) if sheet is not None else {},
        "consent_texts": _texts(candidacy),
        "evidence": _pieces(pieces),
    }


def _answers(candidacy: Candidacy) -> dict[str, object]:
    applies = [criterion.code for criterion in subjects.criteria_of(candidacy)]
    rows = candidacy.answers.filter(criterion__in=applies)
    return {row.criterion: {"value": row.value, "comment": row.comment, "data": row.data} for row in rows}


def _texts(candidacy: Candidacy) -> dict[str, object]:
    return {
        f"{row.category} {row.direction}": {name: getattr(row, name) for name in (*consenting.CONTENTS, "version")}
        for row in subjects.texts_of(candidacy)
    }


def _pieces(pieces: Iterable[Evidence]) -> list[dict[str, object]]:
    """In the order of their hashes, so that the order of their coming does not count."""
    said: list[dict[str, object]] = [
        {
            "sha256": piece.sha256,
            "use": piece.use,
            "title": piece.title,
            "alternative": piece.alternative,
            "criteria": sorted(piece.criteria),
            "issued_on": _iso(piece.issued_on),
            "valid_until": _iso(piece.valid_until),
        }
        for piece in pieces
    ]
    return sorted(said, key=lambda line: json.dumps(line, sort_keys=True))


def _iso(value: object) -> str:
    return str(value) if value is not None else ""
