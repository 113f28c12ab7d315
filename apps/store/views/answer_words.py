"""One answer to a criterion in words: value, fields, comment."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from apps.store import criteria
from apps.store.criteria import FieldKind
from apps.store.models import Answer
from apps.store.services.answering import Content
from apps.ui import words
from apps.ui.components import Pair


def value_of(content: Content) -> str:
    """ "Conforme", or that there is no answer yet."""
    return str(Answer.Value(content.value).label).capitalize() if content.value else _("No answer yet")


def pairs_of(code: str, content: Content) -> tuple[Pair, ...]:
    """The answer line by line; fields that are empty are left out."""
    lines = [Pair(term=_("Answer"), value=value_of(content))]
    for field in criteria.fields_of(code):
        said = content.data.get(field.name)
        if said not in (None, "", []):
            lines.append(Pair(term=str(field.label), value=_shown(field.kind, said)))
    if content.comment:
        lines.append(Pair(term=_("In your words"), value=content.comment))
    return tuple(lines)


def _shown(kind: FieldKind, said: object) -> str:
    if isinstance(said, list):
        return ", ".join(str(one) for one in said)
    if kind is FieldKind.DATE:
        try:
            return words.day(date.fromisoformat(str(said)))
        except ValueError:
            return str(said)
    return str(said)
