"""Whom a wave is about, and how many that would be (RO-04)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Replace
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual

from apps.rollout.models import EligiblePerson, Wave

_HERE = Q(wave=None, double_of=None, identity__died_on=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Headcount:
    """`people` would be taken in, by `mails` and `letters`; the others meet the criteria and stay outside."""

    people: int
    mails: int
    letters: int
    elsewhere: int
    doubles: int
    dead: int


def meeting(wave: Wave) -> QuerySet[EligiblePerson]:
    """Eligible people who meet the criteria, whether they are free or not; an empty criterion lets everybody in.

    An unknown day or month of birth counts as the first one, so that nobody falls between two waves.
    """
    found = EligiblePerson.objects.filter(state=EligiblePerson.State.ELIGIBLE)
    if wave.departments:
        found = found.filter(department__in=wave.departments)
    if wave.schemes:
        found = found.filter(scheme__in=wave.schemes)
    if wave.situations:
        found = found.filter(situation__in=wave.situations)
    born = Replace(F("identity__birth_date"), Value("-00"), Value("-01"))
    if wave.born_from:
        found = found.filter(GreaterThanOrEqual(born, Value(wave.born_from.isoformat())))
    if wave.born_until:
        found = found.filter(LessThanOrEqual(born, Value(wave.born_until.isoformat())))
    return found


def free(wave: Wave) -> QuerySet[EligiblePerson]:
    """People who would be taken in: in no wave, alive, not held as doubles."""
    return meeting(wave).filter(_HERE)


def count(wave: Wave) -> Headcount:
    """The live count, one query. People of the wave itself count as free: they are its own."""
    here = Q(double_of=None, identity__died_on=None) & (Q(wave=None) | Q(wave=wave.pk))
    by_mail = here & Q(channel=EligiblePerson.Channel.MAIL)
    found = meeting(wave).aggregate(
        people=Count("pk", filter=here),
        mails=Count("pk", filter=by_mail),
        elsewhere=Count("pk", filter=Q(wave__isnull=False) & ~Q(wave=wave.pk)),
        doubles=Count("pk", filter=Q(double_of__isnull=False)),
        dead=Count("pk", filter=Q(identity__died_on__isnull=False)),
    )
    return _limited(wave, found)


def _limited(wave: Wave, found: dict[str, int]) -> Headcount:
    """With a highest number of people: the mix of channels is that of all who meet the criteria, rounded."""
    people = found["people"]
    taken = people if wave.at_most is None else min(people, wave.at_most)
    mails = round(found["mails"] * taken / people) if people else 0
    if wave.channels == Wave.Channels.POST:
        mails = 0
    return Headcount(
        people=taken,
        mails=mails,
        letters=taken - mails,
        elsewhere=found["elsewhere"],
        doubles=found["doubles"],
        dead=found["dead"],
    )
