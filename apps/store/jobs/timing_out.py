"""Complements that never came: what was asked about counts as not met (STO-56)."""

from __future__ import annotations

from datetime import datetime

from apps.store.models import Candidacy, Judgement, RequestItem


def judge_by_timeout(candidacy: Candidacy, *, at: datetime) -> int:
    """Close every criterion that the open request asks about as not compliant, in the name of its assessor.

    For a dossier that the caller has locked. Returns how many. Twice is once: what is closed waits no more.
    """
    asked = RequestItem.objects.filter(
        request__candidacy=candidacy, request__answered_at=None, request__timed_out_at=None
    )
    waiting = candidacy.judgements.filter(is_current=True, verdict=Judgement.Verdict.INCOMPLETE)
    rows = list(waiting.filter(criterion__in=asked.values("criterion")).order_by("criterion"))
    candidacy.judgements.filter(pk__in=[row.pk for row in rows]).update(is_current=False)
    Judgement.objects.bulk_create(
        Judgement(
            candidacy=candidacy, criterion=row.criterion, version=row.version + 1, note=row.note,
            verdict=Judgement.Verdict.NOT_CONFORM, by_id=row.by_id, by_timeout=True, at=at,
        )
        for row in rows
    )  # fmt: skip
    return len(rows)
