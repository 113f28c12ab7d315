"""Ends of rights at midnight in Paris: the eighteenth birthday, the last day of a help (SPA-48)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from apps.common.dates import PARIS, PartialDate

MAJORITY_AGE = 18


def majority_at(born_on: PartialDate) -> datetime:
    """Instant at which parental authority ends: 00:00 Europe/Paris of the 18th birthday.

    An unknown day or month counts as the earliest day it can mean: no parent reads on after a majority that may
    have come
    [proposal]. Somebody born on 29 February comes of age on 1 March in a year without one (SEC-04).
    """
    birth = born_on.earliest()
    try:
        birthday = date(birth.year + MAJORITY_AGE, birth.month, birth.day)
    except ValueError:
        birthday = date(birth.year + MAJORITY_AGE, 3, 1)
    return datetime(birthday.year, birthday.month, birthday.day, tzinfo=PARIS)


def last_day(until: datetime) -> date:
    """The last day, included, of a right that ends at this instant, as pages say it."""
    return (until - timedelta(seconds=1)).astimezone(PARIS).date()


def is_minor(born_on: PartialDate, *, at: datetime) -> bool:
    """True before the 18th birthday."""
    return at < majority_at(born_on)


def age(born_on: PartialDate, *, at: datetime) -> int:
    """Completed years at `at` in Paris; unknown parts count as the earliest day."""
    birth, today = born_on.earliest(), at.astimezone(PARIS).date()
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
