"""The six weeks: one function says when they end, for the page, the receipt and the job (decisions.md 5, ROL-14)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings

from apps.common.dates import PARIS, midnight


def window_end(sent_at: datetime) -> datetime:
    """First instant after the window of a notice sent then: 00:00 Europe/Paris of day 43.

    Day 1 is the day after the sending, so a notice of 14 September 2026 is over on 27 October at midnight, the end of
    summer time included. `OPPOSITION_WINDOW_DAYS` is 42 or more (SPA-03). Source: CSP R1111-28.
    """
    sent_on = sent_at.astimezone(PARIS).date()
    return midnight(sent_on + timedelta(days=settings.OPPOSITION_WINDOW_DAYS + 1))


def last_day(window_ends_at: datetime) -> date:
    """The last day on which one may oppose, until 23:59:59."""
    return (window_ends_at - timedelta(seconds=1)).astimezone(PARIS).date()


def opening_day(window_ends_at: datetime) -> date:
    """The first day on which the space may open by itself: day 43."""
    return window_ends_at.astimezone(PARIS).date()


def kept_before(at: datetime) -> datetime | None:
    """Oppositions received before this instant, by people who had a DMP, are over unless they were confirmed (SPA-21).

    The transition counts whole days in Paris like the six weeks. None while `DMP_TRANSITION_DAYS` is not set: a decree
    says how long it lasts, and nobody is opened by silence before it does.
    """
    if settings.DMP_TRANSITION_DAYS is None:
        return None
    today = at.astimezone(PARIS).date()
    return midnight(today - timedelta(days=settings.DMP_TRANSITION_DAYS))
