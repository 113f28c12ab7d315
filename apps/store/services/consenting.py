"""Texts that the holder reads before consenting, one a category of data and direction (STO-04, STO-07)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.store import subjects, transitions
from apps.store.models import Candidacy, ConsentText
from apps.store.services import drafting
from apps.store.services.errors import ChangedError, UnknownRowError, WrongValueError

ITEM = "purpose"  # the line of the desk's list that is about them
CONTENTS = ("need", "access", "retention", "security", "text")
# Identity traits are compared at the pairing and never written by a service (STO-135).
_NEVER_WRITTEN = frozenset({ConsentText.Category.IDENTITY})

Kind = tuple[str, str]  # category and direction


ALL_KINDS: tuple[Kind, ...] = tuple(
    (category.value, direction.value)
    for direction in ConsentText.Direction
    for category in ConsentText.Category
    if direction is ConsentText.Direction.READ or category not in _NEVER_WRITTEN
)


def possible_kinds(candidacy: Candidacy) -> tuple[Kind, ...]:
    """Categories and directions of which the service may ask; none for one that exchanges nothing (STO-07)."""
    directions = subjects.directions_of(candidacy)
    return tuple(kind for kind in ALL_KINDS if kind[1] in directions)


@transaction.atomic
def save_text(
    *, actor: Actor, candidacy_id: UUID, kind: Kind, contents: Mapping[str, str], version: int, at: datetime
) -> ConsentText:
    """Save one text; each change counts its version up. `version`: of the text that was shown, 0 for none.

    Raises `ChangedError`, `LockedError`, `UnknownRowError`, `AccessDeniedError`; `WrongValueError` for a kind of which
    this service may not ask.
    """
    candidacy = drafting.writable(actor=actor, candidacy_id=candidacy_id, item=ITEM)
    if kind not in possible_kinds(candidacy):
        raise WrongValueError("kind", "-".join(kind))
    category, direction = kind
    row = candidacy.consent_texts.filter(category=category, direction=direction).first()
    wanted = {name: contents[name] for name in CONTENTS}
    if row is not None and wanted == {name: getattr(row, name) for name in CONTENTS}:
        return row
    _as_seen(row, version, at)
    made = row or ConsentText(candidacy=candidacy, category=category, direction=direction, version=0)
    for name, value in wanted.items():
        setattr(made, name, value)
    made.version, made.written_by_id, made.written_at = made.version + 1, drafting.author_of(actor), at
    made.save()
    transitions.touch(candidacy, at=at)
    drafting.traced(
        actor=actor,
        candidacy=candidacy,
        act="consent_text.save",
        at=at,
        category=category,
        direction=direction,
        version=made.version,
    )
    return made


@transaction.atomic
def remove_text(*, actor: Actor, candidacy_id: UUID, kind: Kind, version: int, at: datetime) -> None:
    """The service does not ask for these data any more.

    Raises `UnknownRowError` when there is no such text, `ChangedError`, `LockedError`, `AccessDeniedError`.
    """
    candidacy = drafting.writable(actor=actor, candidacy_id=candidacy_id, item=ITEM)
    category, direction = kind
    row = candidacy.consent_texts.filter(category=category, direction=direction).first()
    if row is None:
        raise UnknownRowError
    _as_seen(row, version, at)
    row.delete()
    transitions.touch(candidacy, at=at)
    drafting.traced(
        actor=actor, candidacy=candidacy, act="consent_text.remove", at=at, category=category, direction=direction
    )


def _as_seen(row: ConsentText | None, version: int, at: datetime) -> None:
    """Raises `ChangedError` when the text is not the one that the page has shown."""
    if row is None and version == 0:
        return
    if row is None:
        raise ChangedError(event="consent_text", actor="", at=at)
    if row.version != version:
        raise ChangedError(event="consent_text", actor=str(row.written_by_id), at=row.written_at)
