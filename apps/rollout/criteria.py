"""Whom a wave is about, and how many that would be (RO-04)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Replace
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual

from apps.rollout.models import EligiblePerson, Wave
from apps.rollout.reading import HAS_STREET, MAIL, READERS, of_age_on

_HERE = Q(wave=None, double_of=None, identity__died_on=None)
SAMPLE = 100_000  # people whose readers are looked for one by one: a page asks, and has ten seconds
# Adults read for themselves, by their own line; the readers of all others take thirty times as long to find.
_COUNT = f"""
    SELECT count(*) FILTER (WHERE is_here) AS people, count(*) FILTER (WHERE by_mail) AS own_mails,
        count(*) FILTER (WHERE by_post) AS own_letters, count(*) FILTER (WHERE has_readers) AS others,
        max(mails) AS mails, max(letters) AS letters, max(reached) AS reached,
        count(*) FILTER (WHERE is_elsewhere) AS elsewhere, count(*) FILTER (WHERE is_double) AS doubles,
        count(*) FILTER (WHERE is_dead) AS dead
    FROM (
        SELECT count(*) FILTER (WHERE has_mail) AS mails,
            count(*) FILTER (WHERE NOT has_mail AND has_street) AS letters,
            count(DISTINCT identity_id) FILTER (WHERE has_mail OR has_street) AS reached
        FROM (
            SELECT e.identity_id, %s AND {MAIL} <> '' AS has_mail, {HAS_STREET} AS has_street
            {READERS}
            WHERE e.identity_id IN (SELECT identity_id FROM ({{met}}) AS met WHERE has_readers LIMIT {{sample}})
        ) AS readers
    ) AS told LEFT JOIN ({{met}}) AS met ON true
"""  # noqa: S608  constants only


@dataclass(frozen=True, slots=True, kw_only=True)
class Headcount:
    """`people` would be taken in; `mails` and `letters` would leave, one for each reader.

    `unwritten` of the people get none yet: they are held, nobody may read for them, or no address is known. The others
    meet the criteria and stay outside.
    """

    people: int
    mails: int
    letters: int
    unwritten: int
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
    """The live count, one query. People of the wave itself count as free: they are its own.

    Who is a minor is asked for the day of the first sending. Held people get no notice as long as they are held.
    """
    may_mail = wave.channels != Wave.Channels.POST
    its_own = Q(wave=None) | Q(wave=wave.pk)
    here = its_own & Q(double_of=None, identity__died_on=None)
    adult, written = Q(situation=EligiblePerson.Situation.ADULT), here & Q(hold="")
    mail = Q(Value(may_mail, output_field=BooleanField()), channel=EligiblePerson.Channel.MAIL) & ~Q(mail="")
    street = ~Q(street="") & ~Q(post_code="") & ~Q(city="")
    met = (
        meeting(wave)
        .order_by()
        .values(
            "identity_id",
            is_here=_is(here),
            by_mail=_is(written & adult & mail),
            by_post=_is(written & adult & ~mail & street),
            has_readers=_is(written & ~adult),
            is_elsewhere=_is(~its_own),
            is_double=_is(Q(double_of__isnull=False)),
            is_dead=_is(Q(identity__died_on__isnull=False)),
        )
    )
    query, values = met.query.sql_with_params()
    with connection.cursor() as cursor:
        statement = _COUNT.format(met=query, sample=SAMPLE)
        cursor.execute(statement, [may_mail, of_age_on(wave.first_send_on), *values, *values])
        names = [column.name for column in cursor.description]
        return _limited(wave, _headcount(dict(zip(names, cursor.fetchone(), strict=True))))


def _headcount(found: dict[str, int]) -> Headcount:
    """Exact as long as all readers were looked for; beyond, what was found for the sample stands for the others."""
    share = found["others"] / min(found["others"], SAMPLE) if found["others"] else 0
    mails, letters, reached = (round(share * found[name]) for name in ("mails", "letters", "reached"))
    return Headcount(
        people=found["people"],
        mails=found["own_mails"] + mails,
        letters=found["own_letters"] + letters,
        unwritten=found["people"] - found["own_mails"] - found["own_letters"] - reached,
        elsewhere=found["elsewhere"],
        doubles=found["doubles"],
        dead=found["dead"],
    )


def _is(condition: Q) -> ExpressionWrapper[Q]:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _limited(wave: Wave, found: Headcount) -> Headcount:
    """With a highest number of people: the mix of notices is that of all who meet the criteria, rounded."""
    if wave.at_most is None or found.people <= wave.at_most:
        return found
    parts = ("mails", "letters", "unwritten")
    shares = {name: round(getattr(found, name) * wave.at_most / found.people) for name in parts}
    return replace(found, people=wave.at_most, **shares)
