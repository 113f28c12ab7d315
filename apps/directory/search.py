"""Looking up a professional by name and town, or by number (DIR-01, DIR-07)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from apps.common.text import fold
from apps.directory.models import Activity, Professional

SHORTEST_NAME = 3
_MOST_WORDS = 5
_RPPS_TYPE = "8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What somebody typed: a family name with or without given name, and a town; or an RPPS number alone."""

    name: str = ""
    town: str = ""
    rpps: str = ""


def letters_in(name: str) -> int:
    """Of the longest word, as the search compares them: accents, spaces and signs do not count."""
    return max((len(word) for word in fold(name).split()), default=0)


def find_professionals(search: Search) -> QuerySet[Professional]:
    """Active professionals, by name; with their places of work. Nothing for a name of less than three letters.

    A family name begins with one or several of the words; every word begins the family name, a part of it, or the
    given name. Accents, capitals and hyphens do not count; signs of patterns are letters like others. No address is
    shown, so none of the « liste rouge » is (DIR-08).
    """
    active = Professional.objects.filter(is_active=True).prefetch_related(
        Prefetch("activities", queryset=Activity.objects.select_related("organisation").order_by("id"))
    )
    ordered = active.order_by("folded_family", "folded_given", "national_id")
    if search.rpps:
        return ordered.filter(national_id=f"{_RPPS_TYPE}{search.rpps}")
    if letters_in(search.name) < SHORTEST_NAME:
        return ordered.none()
    return _in_town(ordered.filter(_named(search.name)), search.town)


def _named(name: str) -> Q:
    words = fold(name).split()[:_MOST_WORDS]
    begins = Q()
    for phrase in _phrases(words):
        begins |= Q(folded_family__startswith=phrase)
    every = Q()
    for word in words:
        inside = Q(folded_family__startswith=word) | Q(folded_family__contains=f" {word}")
        every &= inside | Q(folded_given__startswith=word)
    return begins & every


def _phrases(words: list[str]) -> list[str]:
    """Neighbouring words as they may begin a family name: « d Alençon », « Le Goff »."""
    spans = [words[first:last] for first in range(len(words)) for last in range(first + 1, len(words) + 1)]
    return [" ".join(span) for span in spans if len("".join(span)) >= SHORTEST_NAME]


def _in_town(found: QuerySet[Professional], town: str) -> QuerySet[Professional]:
    folded = fold(town)
    if not folded:
        return found
    there = Activity.objects.filter(professional_id=OuterRef("pk"), organisation__folded_city__startswith=folded)
    return found.filter(Exists(there))
