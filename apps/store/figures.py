"""Figures of the assessment: where dossiers stand and how long steps take (RV-11)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from statistics import median, quantiles

from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from apps.store.models import Candidacy, CandidacyEvent, Decision
from apps.store.states import Status

_SECONDS_A_DAY = 86_400
_TEN, _TWO = 10, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """Whole days that dossiers stayed in a state: how many did, the median, what nine of ten did not exceed."""

    status: str
    number: int
    median: int
    ninth: int


def by_state(rows: QuerySet[Candidacy]) -> list[tuple[str, int]]:
    """State and number of dossiers, in the order of the way; states without one are left out."""
    counts = dict(rows.order_by().values_list("status").annotate(Count("id")))
    return [(status.value, counts[status.value]) for status in Status if counts.get(status.value)]


def durations(rows: QuerySet[Candidacy]) -> list[Duration]:
    """For each state that dossiers have left: from the event that led there to the next one that left it."""
    later = CandidacyEvent.objects.filter(candidacy=OuterRef("candidacy"), sequence__gt=OuterRef("sequence"))
    left = later.exclude(after=OuterRef("after")).order_by("sequence").values("at")[:1]
    came = CandidacyEvent.objects.filter(candidacy__in=rows).exclude(after=F("before")).annotate(left_at=Subquery(left))
    days: dict[str, list[int]] = {}
    for status, since, until in came.exclude(left_at=None).order_by("pk").values_list("after", "at", "left_at"):
        days.setdefault(status, []).append(int((until - since).total_seconds() // _SECONDS_A_DAY))
    return [_duration(status.value, days[status.value]) for status in Status if status.value in days]


def late(rows: QuerySet[Candidacy], *, at: datetime) -> int:
    """Dossiers whose term is over and that still wait for somebody."""
    return rows.filter(due_at__lt=at).count()


def returned(rows: QuerySet[Candidacy]) -> int:
    """How often a dossier went back to its publisher for pieces or complements."""
    return CandidacyEvent.objects.filter(candidacy__in=rows, event="ask").count()


def criteria_of_refusals(rows: QuerySet[Candidacy]) -> list[tuple[str, int]]:
    """Criteria that refusals rest on, the most frequent first."""
    adverse = (Decision.Kind.REFUSE, Decision.Kind.INADMISSIBLE)
    named = Decision.objects.filter(candidacy__in=rows, kind__in=adverse, notified_at__isnull=False)
    counts = Counter(code for codes in named.order_by("pk").values_list("criteria", flat=True) for code in codes)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _duration(status: str, days: list[int]) -> Duration:
    ninth = quantiles(days, n=_TEN, method="inclusive")[-1] if len(days) >= _TWO else days[0]
    return Duration(status=status, number=len(days), median=round(median(days)), ninth=round(ninth))
