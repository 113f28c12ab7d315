"""Pieces of evidence as a page lists them: with the state of their file and their versions (PU-06)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from apps.files.models import StoredFile
from apps.store import subjects
from apps.store.models import Candidacy, Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece with its file; `versions` counts it and all that it replaced."""

    evidence: Evidence
    stored: StoredFile | None
    versions: int = 1

    @property
    def state(self) -> str:
        """Of the antivirus check; a file whose row is gone could not be checked."""
        return self.stored.state if self.stored is not None else StoredFile.State.PARKED.value

    @property
    def is_readable(self) -> bool:
        return self.stored is not None and self.stored.is_readable

    @property
    def is_blocked(self) -> bool:
        return self.stored is not None and self.stored.is_blocked


def pieces_of(candidacy: Candidacy) -> list[Piece]:
    """The current pieces, in the order they came: two queries, whatever their number."""
    rows = _all(candidacy)
    stored = subjects.states_of(row for row in rows.values() if row.removed_at is None)
    return [_piece(row, stored, len(_former(row, rows)) + 1) for row in rows.values() if row.removed_at is None]


def versions_of(piece: Evidence) -> list[Piece]:
    """This piece and all that it replaced, newest first: two queries."""
    rows = _all(piece.candidacy)
    chain = [rows[piece.pk], *_former(rows[piece.pk], rows)]
    stored = subjects.states_of(chain)
    return [_piece(row, stored, len(chain)) for row in chain]


def named(candidacy: Candidacy, *, ids: Iterable[UUID]) -> dict[UUID, Piece]:
    """Pieces that messages and answers name, also those that were replaced since."""
    wanted = set(ids)
    if not wanted:
        return {}
    rows = list(Evidence.objects.filter(candidacy=candidacy, pk__in=wanted).order_by("id"))
    stored = subjects.states_of(rows)
    return {row.pk: _piece(row, stored, 1) for row in rows}


def not_clean(candidacy: Candidacy) -> list[Piece]:
    """Current pieces that keep a dossier from going on (S35)."""
    return [piece for piece in pieces_of(candidacy) if not piece.is_readable]


def _all(candidacy: Candidacy) -> dict[UUID, Evidence]:
    rows = Evidence.objects.filter(candidacy=candidacy).select_related("added_by").order_by("id")
    return {row.pk: row for row in rows}


def _former(piece: Evidence, rows: Mapping[UUID, Evidence]) -> list[Evidence]:
    found: list[Evidence] = []
    while piece.replaces_id is not None and piece.replaces_id in rows:
        piece = rows[piece.replaces_id]
        found.append(piece)
    return found


def _piece(row: Evidence, stored: Mapping[tuple[UUID, UUID], StoredFile], versions: int) -> Piece:
    return Piece(evidence=row, stored=stored.get((row.vault_id, row.file_id)), versions=versions)
