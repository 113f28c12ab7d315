"""Rows of documents without bytes, for tests of rules and lists."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from apps.common.ids import uuid7
from apps.common.text import fold
from apps.dmp.models import Document, SubmissionSet
from apps.files.models import StoredFile, Vault
from apps.spaces.models import HealthSpace
from tests.harness.clock import NOON

_numbers = itertools.count(1)


def document(space: HealthSpace, **values: Any) -> Document:
    """A laboratory report of 18 November 2026, received at NOON, with a clean file that holds nothing."""
    file = stored_file(space)
    number = next(_numbers)
    defaults = {
        "unique_id": f"1.2.250.1.998.{number}",
        "submission_id": SubmissionSet.objects.create(space=space, unique_id=f"s{number}", submitted_at=NOON).id,
        "type_code": "11502-2",
        "type_label": "CR d'examens biologiques",
        "category": "BIOLOGIE",
        "title": "Résultats de biologie",
        "created": "2026-11-18",
        "sorted_on": date(2026, 11, 18),
        "author_name": "Dr Hugo Perrin",
        "organisation_name": "Laboratoire des Rives",
        "sha1": "0" * 40,
        "size": 0,
        "media_type": "application/xml",
        "vault_id": file.vault_id,
        "file_id": file.id,
        "received_at": NOON,
    }
    given = {**defaults, **values}
    given.setdefault("folded", fold(f"{given['title']} {given['author_name']} {given['organisation_name']}"))
    return Document.objects.create(space_id=space.id, **given)


def stored_file(space: HealthSpace) -> StoredFile:
    """A clean file row whose bytes are nowhere."""
    vault, _ = Vault.objects.get_or_create(owner_kind="space", owner_id=space.id, defaults={"wrapped_key": b"k"})
    return StoredFile.objects.create(
        vault=vault,
        object_name=uuid7().hex,
        size=0,
        sha256="0" * 64,
        media_type="application/xml",
        state=StoredFile.State.CLEAN,
        received_at=NOON,
        scanned_at=NOON,
    )
