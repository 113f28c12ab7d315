"""The public page of the service while its dossier is written (STO-84)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.store import subjects, transitions
from apps.store.models import Sheet
from apps.store.services import drafting
from apps.store.services.errors import ChangedError

ITEM = "page"  # the line of the desk's list that is about it
# What a publisher writes; all of it may be empty while the dossier is a draft.
CONTENTS = (
    "tagline", "description", "needs", "audiences", "languages", "platforms", "price", "price_detail", "web_url",
    "app_store_url", "play_store_url", "privacy_url", "legal_url", "accessibility_url", "accessibility_rate",
    "hosting_country", "hosting_name", "device_class", "device_udi", "eco_score", "support_email", "support_phone",
)  # fmt: skip


@transaction.atomic
def save_sheet(
    *, actor: Actor, candidacy_id: UUID, contents: Mapping[str, object], version: int, at: datetime
) -> Sheet:
    """Save the page of a draft, or one that the desk has asked to correct. `version`: that of the page which was shown,
    0 for none.

    Raises `ChangedError` when another member has saved something else since, `LockedError`, `UnknownRowError`,
    `AccessDeniedError`.
    """
    candidacy = drafting.writable(actor=actor, candidacy_id=candidacy_id, item=ITEM)
    sheet = subjects.current_sheet(candidacy)
    wanted = {name: contents[name] for name in CONTENTS}
    if sheet is not None and wanted == contents_of(sheet):
        return sheet
    if version != (sheet.version if sheet is not None else 0):
        by, when = (sheet.written_by_id, sheet.written_at) if sheet is not None else ("", at)
        raise ChangedError(event="sheet", actor=str(by), at=when)
    made = sheet or Sheet(candidacy=candidacy, version=0)
    for name, value in wanted.items():
        setattr(made, name, value)
    made.version, made.written_by_id, made.written_at = made.version + 1, drafting.author_of(actor), at
    made.save()
    transitions.touch(candidacy, at=at)
    drafting.traced(
        actor=actor, candidacy=candidacy, act="candidacy.save", at=at, section="fiche", version=made.version
    )
    return made


def contents_of(sheet: Sheet) -> dict[str, object]:
    """What stands on the page, by field."""
    return {name: getattr(sheet, name) for name in CONTENTS}
