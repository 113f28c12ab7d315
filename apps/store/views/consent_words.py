"""Categories of data in words, with the texts that stand there (STO-04)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.store.forms.consent_text import ConsentTextForm
from apps.store.models import Candidacy, ConsentText
from apps.store.services.consenting import CONTENTS, possible_kinds
from apps.store.views import dossiers
from apps.ui import words
from apps.ui.components import Pair

# As addresses say them.
DIRECTIONS = {"lire": ConsentText.Direction.READ.value, "ajouter": ConsentText.Direction.WRITE.value}
_SAID = {code: word for word, code in DIRECTIONS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One category and direction; `pairs` empty while there is no text."""

    label: str
    url: str
    remove_url: str
    pairs: tuple[Pair, ...]
    text: str
    saved: str


def lines_of(candidacy: Candidacy, names: Mapping[UUID, str]) -> list[Line]:
    """Everything of which the service may ask."""
    rows = {(row.category, row.direction): row for row in candidacy.consent_texts.all()}
    return [_line(candidacy, kind, rows.get(kind), names) for kind in possible_kinds(candidacy)]


def label_of(category: str, direction: str) -> str:
    """ "Lire : mesures de santé"."""
    facts = {"direction": ConsentText.Direction(direction).label, "category": ConsentText.Category(category).label}
    said = _("%(direction)s: %(category)s") % facts
    return said[:1].upper() + said[1:]


def pairs_of(row: ConsentText) -> tuple[Pair, ...]:
    """All parts of a text."""
    fields = ConsentTextForm.base_fields
    return tuple(Pair(term=str(fields[name].label), value=getattr(row, name)) for name in CONTENTS)


def _line(candidacy: Candidacy, kind: tuple[str, str], row: ConsentText | None, names: Mapping[UUID, str]) -> Line:
    at = [candidacy.id, kind[0], _SAID[kind[1]]]
    saved = ""
    if row is not None:
        saved = dossiers.saved_by(names, row.written_by_id, words.moment(row.written_at))
    return Line(
        label=label_of(*kind),
        url=reverse("store:consent_text", args=at),
        remove_url=reverse("store:consent_text_remove", args=at) if row is not None else "",
        pairs=pairs_of(row)[:-1] if row is not None else (),
        text=row.text if row is not None else "",
        saved=saved,
    )
