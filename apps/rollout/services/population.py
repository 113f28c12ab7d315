"""The register as the console reads it (RO-03): filters, one person found, one person opened (SEC-19, SEC-20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from apps.access import Actor
from apps.accounts.models import InsIdentity
from apps.audit.services import Fact, Line, record
from apps.common import limits
from apps.common.dates import PARIS
from apps.rollout import policies
from apps.rollout.models import EligiblePerson
from apps.rollout.services.acting import person_who_acts

PEOPLE_A_PAGE = 50
COUNTED = 10_000  # beyond, a page says « more than »
HOMONYMS = 20
SEARCH, OPENINGS = "operator_search", "operator_person"
NO_WAVE = "aucune"


class AgeClass(TextChoices):
    """Age at the day of the page; an unknown day or month counts as the first one."""

    MINOR = "0-17", _("under 18")
    YOUNG = "18-39", _("18 to 39")
    MIDDLE = "40-64", _("40 to 64")
    OLD = "65-79", _("65 to 79")
    OLDEST = "80", _("80 and over")


_FROM_TO = {
    AgeClass.MINOR: (0, 18),
    AgeClass.YOUNG: (18, 40),
    AgeClass.MIDDLE: (40, 65),
    AgeClass.OLD: (65, 80),
    AgeClass.OLDEST: (80, None),
}


class Anomaly(TextChoices):
    """What an operator comes for: people who do not move on by themselves."""

    NO_REPRESENTATIVE = "no-representative", _("held: minor without a known representative")
    RETURNED = "returned", _("held: notice came back")
    CONFLICT = "conflict", _("held: requests that contradict each other")
    CLAIM = "claim", _("held: may be meant by an opposition that waits")
    DOUBLE = "double", _("held: seems known under another number")
    FAILED = "failed", _("opening failed")
    UNKNOWN = "unknown-representative", _("minor whose representatives the register does not know")


class UnknownPersonError(Exception):
    """No such person in the register."""


class TooManyPeopleError(Exception):
    """This account has opened or looked for as many people as it may for now; `verdict` says until when."""

    def __init__(self, verdict: limits.Verdict) -> None:
        super().__init__()
        self.verdict = verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Empty lets everybody in. `wave`: id of a wave, or `NO_WAVE`."""

    wave: str = ""
    state: str = ""
    channel: str = ""
    age: str = ""
    department: str = ""
    anomaly: str = ""

    @property
    def active(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some people in the order of their keys; `next_after` is the key of the last one when there are more."""

    people: Sequence[EligiblePerson]
    next_after: UUID | None


def filtered(filters: Filters, *, today: date) -> QuerySet[EligiblePerson]:
    """People who meet all filters."""
    found = EligiblePerson.objects.all()
    if filters.wave:
        found = found.filter(wave=None if filters.wave == NO_WAVE else UUID(filters.wave))
    for name in ("state", "channel", "department"):
        if value := getattr(filters, name):
            found = found.filter(**{name: value})
    if filters.age:
        found = found.filter(_of_age(AgeClass(filters.age), today))
    return _with(found, Anomaly(filters.anomaly)) if filters.anomaly else found


def page_of(*, actor: Actor, filters: Filters, after: UUID | None) -> Page:
    """One page; the line of the trail says how many people were shown and by which filters, no id."""
    decision = policies.may_run_rollout(actor).required()
    rows = filtered(filters, today=_today(actor.at)).select_related("identity", "wave")
    rows = rows.filter(pk__gt=after) if after is not None else rows
    people = list(rows.order_by("pk")[: PEOPLE_A_PAGE + 1])
    shown = people[:PEOPLE_A_PAGE]
    facts: dict[str, Fact] = {"shown": len(shown), "filters": " ".join(sorted(filters.active))}
    record(actor=actor, at=actor.at, line=Line(action="rollout.person.list", decision=decision, facts=facts))
    return Page(people=shown, next_after=shown[-1].pk if len(people) > PEOPLE_A_PAGE else None)


def count_of(filters: Filters, *, at: datetime) -> int:
    """How many, counted as far as `COUNTED` + 1: the whole register is not read for a number on a page."""
    rows = filtered(filters, today=_today(at)).order_by("pk").values("pk")
    return rows[: COUNTED + 1].count()


@transaction.atomic
def find(*, actor: Actor, number: str = "", family_name: str = "", birth_date: str = "") -> Sequence[EligiblePerson]:
    """People with exactly this number, present or former, or this birth name and birth date (SEC-19: nothing in part).

    The trail keeps by what was looked for and how many were found. Raises `TooManyPeopleError`, `AccessDeniedError`.
    """
    decision = policies.may_run_rollout(actor).required()
    _count(actor, SEARCH)
    identities = InsIdentity.objects.all()
    if number:
        identities = identities.with_number(number)
    else:
        identities = identities.with_family_and_birth(family=family_name, birth_dates=[birth_date])
    rows = EligiblePerson.objects.filter(identity__in=identities.order_by().values("pk"))
    people = list(rows.select_related("identity", "wave").order_by("pk")[:HOMONYMS])
    facts = {"by": "number" if number else "traits", "found": len(people)}
    record(actor=actor, at=actor.at, line=Line(action="rollout.person.search", decision=decision, facts=facts))
    return people


@transaction.atomic
def open_person(*, actor: Actor, person_id: UUID) -> EligiblePerson:
    """The full traits of one person: each opening is traced, and there are so many an hour only (SEC-20).

    Raises `UnknownPersonError`, `TooManyPeopleError`, `AccessDeniedError`.
    """
    decision = policies.may_run_rollout(actor).required()
    related = ("identity", "wave", "double_of")
    person = EligiblePerson.objects.select_related(*related).filter(pk=person_id).first()
    if person is None:
        raise UnknownPersonError
    _count(actor, OPENINGS)
    line = Line(action="rollout.person.read", target=f"person:{person.pk}", decision=decision)
    record(actor=actor, at=actor.at, line=line)
    return person


def count_search(actor: Actor) -> None:
    """Count a search by other means. Raises `TooManyPeopleError`, `AccessDeniedError`."""
    policies.may_run_rollout(actor).required()
    _count(actor, SEARCH)


def tell_limit(*, actor: Actor, act: str) -> None:
    """The alert: a line of its own in the trail, for whoever watches over the operators."""
    record(actor=actor, at=actor.at, line=Line(action="rollout.person.limit", facts={"act": act}))


def _count(actor: Actor, act: str) -> None:
    verdict = limits.allow(act=act, key=str(person_who_acts(actor)), at=actor.at)
    if not verdict.allowed:
        raise TooManyPeopleError(verdict)


def _today(at: datetime) -> date:
    return at.astimezone(PARIS).date()


def _of_age(wanted: AgeClass, today: date) -> Q:
    """By text: birth dates are ISO dates with `00` for what is unknown."""
    first, end = _FROM_TO[wanted]
    young_enough = Q() if end is None else Q(identity__birth_date__gt=_born(today, end))
    return young_enough & Q(identity__birth_date__lte=_born(today, first)) if first else young_enough


def _born(today: date, years: int) -> str:
    """The latest birth date of somebody who is so many years old; born on 29 February counts from 1 March."""
    return f"{today.year - years:04d}-{today:%m-%d}"


def _with(found: QuerySet[EligiblePerson], anomaly: Anomaly) -> QuerySet[EligiblePerson]:
    match anomaly:
        case Anomaly.DOUBLE:
            return found.filter(double_of__isnull=False)
        case Anomaly.FAILED:
            return found.filter(state=EligiblePerson.State.OPEN_FAILED)
        case Anomaly.UNKNOWN:
            return found & EligiblePerson.objects.without_known_representative()
        case _:
            return found.filter(hold=anomaly.value)
