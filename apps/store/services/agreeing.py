"""The agreement that follows a favourable decision: document, hash, categories of data (STO-06, STO-64)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from apps.store import subjects
from apps.store.letters import agreements as letters
from apps.store.models import Agreement, Candidacy, ConsentText
from apps.store.services import noticing


def make_agreement(*, candidacy: Candidacy, at: datetime) -> Agreement:
    """Draw the agreement up, for a dossier that the caller has locked; it is made once a decision.

    Categories are those whose information texts count in the dossier: scopes at runtime never exceed them.
    Raises `StoreUnavailableError`: nothing was kept.
    """
    made = Agreement.objects.filter(candidacy=candidacy, superseded_at=None).first()
    if made is not None:
        return made
    texts = list(subjects.texts_of(candidacy))
    data = letters.agreement_pdf(candidacy, texts=texts, at=at)
    file = noticing.keep(publisher_id=candidacy.publisher_id, data=data, at=at)
    return Agreement.objects.create(
        candidacy=candidacy, document_hash=hashlib.sha256(data).hexdigest(), vault_id=file.vault_id, file_id=file.id,
        reads=_categories(texts, ConsentText.Direction.READ),
        writes=_categories(texts, ConsentText.Direction.WRITE),
        years=letters.YEARS, made_at=at,
    )  # fmt: skip


def _categories(texts: Iterable[ConsentText], direction: ConsentText.Direction) -> list[str]:
    return [text.category for text in texts if text.direction == direction]
