"""Filters for dates, sizes and fingerprints as the interface writes them."""

from __future__ import annotations

from datetime import date, datetime

from django import template

from apps.ui import words

register = template.Library()


@register.filter
def partial_date(value: words.PartialDateLike | None) -> str:
    """1952-06, None… in words."""
    return words.partial_date(value)


@register.filter
def day(value: date | datetime | None) -> str:
    """18 novembre 2026."""
    return words.day(value)


@register.filter
def long_day(value: date | datetime | None) -> str:
    """Mardi 24 novembre 2026."""
    return words.long_day(value)


@register.filter
def moment(value: datetime | None) -> str:
    """Le 12 mars 2026 à 14 h 05."""
    return words.moment(value)


@register.filter
def clock(value: datetime | None) -> str:
    """14 h 05."""
    return words.clock(value)


@register.filter
def file_size(value: int) -> str:
    """84 ko."""
    return words.file_size(value)


@register.filter
def number(value: int) -> str:
    """61 050."""
    return words.number(value)


@register.filter
def of_person(value: str) -> str:
    """De Léa M., d'Alice M."""
    return words.of_person(value)


@register.filter
def fingerprint(value: str | bytes) -> str:
    """Groups of four digits."""
    return words.fingerprint(value)
