"""What a dossier says otherwise than the one before it of the same service (RV-02)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import Subquery

from apps.store.models import Answer, Candidacy


class Change(StrEnum):
    """How an answer stands to the one before."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The dossier before, by its number (empty: there is none), and its answers by criterion."""

    number: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)

    def change(self, answer: Answer) -> Change | None:
        """None where nothing can be compared."""
        if not self.number:
            return None
        former = self.answers.get(answer.criterion)
        if former is None:
            return Change.NEW
        same = (former.value, former.comment, former.data) == (answer.value, answer.comment, answer.data)
        return Change.SAME if same else Change.CHANGED


def before(candidacy: Candidacy) -> Before:
    """The dossier it was copied from, else the last one of the same service that was sent earlier: one query.

    It belongs to the same publisher: whoever sees the one may see the other. A draft is never read.
    """
    sent = Candidacy.objects.filter(service=candidacy.service_id, submitted_at__isnull=False).exclude(pk=candidacy.pk)
    if candidacy.copied_from_id is not None:
        sent = sent.filter(pk=candidacy.copied_from_id)
    elif candidacy.submitted_at is not None:
        sent = sent.filter(submitted_at__lt=candidacy.submitted_at)
    last = sent.order_by("-submitted_at", "-pk").values("pk")[:1]
    rows = list(Answer.objects.filter(candidacy=Subquery(last)).select_related("candidacy").order_by("criterion"))
    if not rows:
        return Before()
    return Before(number=rows[0].candidacy.number, answers={row.criterion: row for row in rows})
