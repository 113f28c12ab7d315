"""Pieces of evidence as lines of a page: state of the antivirus, validity, what may be done (PU-06, S35)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.files.models import StoredFile
from apps.formats import media
from apps.store.checks.local import secret_kinds
from apps.store.checks.local.file_type import CSV, XLSX
from apps.store.models import Evidence
from apps.store.services.evidence_door import Door
from apps.store.services.evidence_listing import Piece
from apps.ui.words import day, file_size

SOON_DAYS = 90  # STO-30
_KINDS = {media.PDF: "PDF", media.PNG: "PNG", media.JPEG: "JPEG", CSV: "CSV", XLSX: "XLSX"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceLine:
    """One piece as it is shown. `warning`: secrets that were found in it; `icon` without its prefix."""

    piece: Piece
    facts: str
    state: str
    icon: str
    validity: str
    warning: str
    may_replace: bool
    may_change: bool

    @property
    def evidence(self) -> Evidence:
        return self.piece.evidence


def line_of(piece: Piece, door: Door, *, today: date) -> EvidenceLine:
    """`door`: whether the dossier takes files now."""
    row = piece.evidence
    state, icon = state_words(piece)
    is_current = row.removed_at is None
    return EvidenceLine(
        piece=piece,
        facts=f"{row.name}, {_KINDS.get(row.media_type, row.media_type)}, {file_size(row.size)}",
        state=state,
        icon=icon,
        validity=validity_words(row, today=today),
        warning=secret_words(row),
        may_replace=is_current and door.lets_follow(row.valid_until),
        may_change=is_current and door.lets_out(row.added_at),
    )


def state_words(piece: Piece) -> tuple[str, str]:
    """What the antivirus says, with an icon."""
    match piece.state:
        case StoredFile.State.CLEAN:
            return _("Checked: no virus found"), "check-line"
        case StoredFile.State.WAITING:
            return _("Antivirus check under way: it can be opened afterwards"), "time-line"
        case StoredFile.State.PARKED:
            return _("Could not be checked: send the file again, or replace it"), "error-warning-line"
        case _:
            return _("Refused: a virus was found. Nobody can open it. Take it out or replace it"), "close-circle-line"


def validity_words(row: Evidence, *, today: date) -> str:
    """Nothing for a piece without an end."""
    if row.valid_until is None:
        return ""
    left = (row.valid_until - today).days
    if left < 0:
        return _("No longer valid since %(day)s: replace it") % {"day": day(row.valid_until)}
    if left > SOON_DAYS:
        return _("Valid until %(day)s") % {"day": day(row.valid_until)}
    words = ngettext(
        "Valid for %(number)s day more (until %(day)s)", "Valid for %(number)s days more (until %(day)s)", left
    )
    return words % {"number": left, "day": day(row.valid_until)}


def secret_words(row: Evidence) -> str:
    """Kinds of secrets that were found, and what to do about it (L15)."""
    names = {
        secret_kinds.PRIVATE_KEY: _("a private key"),
        secret_kinds.ACCESS_KEY: _("an access key"),
        secret_kinds.PASSWORD: _("a password"),
        secret_kinds.BEARER: _("an access token"),
        secret_kinds.ADDRESS: _("an address that holds a password"),
    }
    if not row.secrets_found:
        return ""
    found = ", ".join(names.get(kind, kind) for kind in row.secrets_found)
    return _("This file seems to hold %(found)s. Replace it by a version without it, and renew the secret.") % {
        "found": found
    }
