"""Which identity a pivot stands for: exactly one, or none and a doubt (IDN-28, IDN-29). No row is changed here.

The whole rule with its reasons: docs/domain/sign-in.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from apps.accounts.franceconnect.pivot import Pivot
from apps.accounts.models import InsIdentity
from apps.common.dates import PartialDate, PartialDateError
from apps.common.text import fold

SEXES = {"female": InsIdentity.Sex.FEMALE, "male": InsIdentity.Sex.MALE}


class Link(StrEnum):
    """Outcome of the comparison; the word goes to the audit line."""

    LINKED = "linked"
    KNOWN = "known"  # linked at an earlier sign-in
    NONE = "none"
    DOUBT = "doubt"


def stored_birth_dates(pivot: Pivot) -> list[str]:
    """Ways in which civil status may have written the birth date of a pivot.

    FranceConnect says 01 for a day or a month that nobody knows: `1952-06-01` is 1 June or some day of June. What
    is no whole date (`1952-06-00`, empty) gives nothing: it is never read as the first of the month (S38).
    """
    try:
        date = PartialDate.parse(pivot.birth_date)
    except PartialDateError:
        return []
    if date.month is None or date.day is None:
        return []
    dates = [date]
    if date.day == 1:
        dates.append(PartialDate(date.year, date.month))
    if date.day == 1 and date.month == 1:
        dates.append(PartialDate(date.year))
    return [found.with_zeros() for found in dates]


def agrees(pivot: Pivot, identity: InsIdentity) -> bool:
    """All five traits are equal after folding; the birth date as civil status may have written it."""
    return (
        pivot.is_complete
        and fold(pivot.family_name) == fold(identity.birth_family_name)
        and given_names_agree(pivot.given_names, identity.first_given_name, identity.birth_given_names)
        and identity.birth_date in stored_birth_dates(pivot)
        and SEXES.get(pivot.gender) == identity.sex
        and pivot.birth_place.upper() == identity.birth_place.upper()
    )


def given_names_agree(pivot: Sequence[str], first: str, listed: str) -> bool:
    """The first given name is the start of the pivot's list, name by name (IDN-17), and the two lists do not differ.

    « Jean » is not the start of « Jean-Pierre, Marie »; « Marie Claire » is the start of « Marie, Claire, Anne ».
    """
    names = [fold(name) for name in pivot]
    starts = {" ".join(names[:count]) for count in range(1, len(names) + 1)}
    ours, theirs = fold(listed or first).split(), " ".join(names).split()
    shared = min(len(ours), len(theirs))
    return fold(first) in starts and ours[:shared] == theirs[:shared]


def choose(pivot: Pivot, candidates: Iterable[InsIdentity], *, taken: bool) -> tuple[Link, InsIdentity | None]:
    """The one identity that agrees, or why there is none.

    `candidates`: all identities with the pivot's birth name and one of its possible birth dates. `taken`: an identity
    that agrees already belongs to somebody else's sign-in.
    """
    found = list(candidates)
    same = [identity for identity in found if agrees(pivot, identity)]
    if len(same) == 1 and not taken and same[0].died_on is None:
        return Link.LINKED, same[0]
    return (Link.DOUBT if found or not pivot.is_complete else Link.NONE), None
