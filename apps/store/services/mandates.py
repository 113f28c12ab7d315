"""Who may bind the publisher: a signatory whose mandate runs and whose file is clean (STO-48)."""

from __future__ import annotations

from datetime import datetime

from apps.common.dates import PARIS
from apps.files.models import StoredFile
from apps.store.models import Member

NOT_SIGNATORY, NO_FILE, OVER, NOT_CLEAN = "not-signatory", "no-mandate", "mandate-over", "mandate-not-clean"


def why_not(member: Member, *, at: datetime) -> str:
    """Code of why this member cannot sign for the publisher; empty: they can. One query at most."""
    if Member.Role.SIGNATORY not in member.roles:
        return NOT_SIGNATORY
    if member.mandate_file_id is None or member.mandate_until is None:
        return NO_FILE
    if member.mandate_until < at.astimezone(PARIS).date():
        return OVER
    key = (member.mandate_vault_id, member.mandate_file_id)
    is_clean = StoredFile.objects.filter(pk=key, state=StoredFile.State.CLEAN).exists()
    return "" if is_clean else NOT_CLEAN
