"""Every night: pieces of evidence that end in 90, 30 or 7 days are told to their publisher, each time once (STO-30)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import partial
from itertools import pairwise
from time import monotonic
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.common.dates import PARIS
from apps.common.failpoints import reach
from apps.store import telling
from apps.store.jobs.rows import apart
from apps.store.models import Candidacy, Evidence, Listing
from apps.store.states import Status
from apps.store.states.dossier import ENDED
from apps.store.states.listing import OVER

DAYS = (90, 30, 7)
SECONDS = 150.0
TEMPLATE = "evidence_ending"


def warn(*, at: datetime, seconds: float = SECONDS) -> int:
    """One mail for each dossier and threshold, in one transaction a dossier; returns how many dossiers were told of.

    Run twice, or late, nobody is told the same again: a threshold that was missed is told with the days that are left.
    """
    end, told, today = monotonic() + seconds, 0, at.astimezone(PARIS).date()
    for candidacy_id in _dossiers(today):
        if monotonic() >= end:
            break
        told += apart(partial(_warn_of, candidacy_id, today, at), step=TEMPLATE) or False
    return told


def threshold_of(days_left: int) -> int | None:
    """The smallest of 90, 30, 7 that is reached; None before the first one and after the end."""
    return min((days for days in DAYS if 0 <= days_left <= days), default=None)


def _dossiers(today: date) -> list[UUID]:
    return list(_due(today).order_by("candidacy_id").values_list("candidacy_id", flat=True).distinct())


@transaction.atomic
def _warn_of(candidacy_id: UUID, today: date, at: datetime) -> bool:
    rows = _due(today).filter(candidacy_id=candidacy_id).select_for_update(of=("self",), skip_locked=True)
    pieces = list(rows.order_by("valid_until", "id"))
    if not pieces:
        return False
    candidacy = Candidacy.objects.select_related("service").get(pk=candidacy_id)
    for threshold, ending in _by_threshold(pieces, today).items():
        _tell(candidacy, threshold, ending, at)
        ids = [piece.pk for piece in ending]
        Evidence.objects.filter(pk__in=ids).update(warned_at_days=threshold)
    reach("store.evidence_dates.before_commit")
    return True


def _tell(candidacy: Candidacy, threshold: int, pieces: list[Evidence], at: datetime) -> None:
    today, first = at.astimezone(PARIS).date(), pieces[0].valid_until
    left = (first - today).days if first else threshold
    facts = telling.facts_of(candidacy) | {
        "days": left,
        "pieces": len(pieces),
        "ends_on": first.isoformat() if first else "",
    }
    key = f"evidence:{candidacy.id}:{threshold}:{today.isoformat()}"
    people = telling.publisher_people(candidacy.publisher_id)
    telling.write(user_ids=people, template=TEMPLATE, key=key, facts=facts, at=at)


def _by_threshold(pieces: Iterable[Evidence], today: date) -> dict[int, list[Evidence]]:
    found: defaultdict[int, list[Evidence]] = defaultdict(list)
    for piece in pieces:
        threshold = threshold_of((piece.valid_until - today).days) if piece.valid_until else None
        if threshold is not None:
            found[threshold].append(piece)
    return found


def _due(today: date) -> QuerySet[Evidence]:
    """Current pieces of living dossiers whose next threshold is reached."""
    reached = Q(warned_at_days=None, valid_until__lte=today + timedelta(days=DAYS[0]))
    for before, days in pairwise(DAYS):
        reached |= Q(warned_at_days__gte=before, valid_until__lte=today + timedelta(days=days))
    over = set(ENDED) - {Status.PUBLISHED}
    running = Listing.objects.filter(candidacy=OuterRef("candidacy_id")).exclude(status__in=OVER)
    lives = ~Q(candidacy__status__in=[*over, Status.PUBLISHED]) | Q(candidacy__status=Status.PUBLISHED) & Exists(
        running
    )
    return Evidence.objects.filter(reached, lives, removed_at=None, valid_until__gte=today)
