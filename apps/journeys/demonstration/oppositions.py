"""Oppositions of the demonstration, one a channel; two parents who contradict each other (SPA-07, decisions.md 7)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from apps.common.dates import PARIS
from apps.journeys.demonstration.staff import OPERATOR, at_work
from apps.rollout.models import Capacity, Channel, EligiblePerson, Notice, NoticeCode
from apps.rollout.services import intake, opposing
from apps.rollout.services.voices import representatives_of
from apps.rollout.services.wishes import Contact, Wish

_HELPED = (Channel.PHONE, Channel.POST, Channel.COUNTER)
_FIRST_DAY = 15  # days ago; one a day after it


def oppose_some(*, today: date) -> None:
    """Adults whose six weeks run: two online, one by each helped channel; one of the two online changed their mind."""
    adults = list(_waiting(EligiblePerson.Situation.ADULT)[:5])
    for place, (person, channel) in enumerate(zip(adults, (Channel.ONLINE, Channel.ONLINE, *_HELPED), strict=False)):
        at = _day(today, _FIRST_DAY - place)
        if channel in _HELPED:
            _enter(person, channel, at)
        else:
            opposing.oppose(person_id=person.pk, wish=_wish(person, at), at=at)
    if adults:
        at = _day(today, _FIRST_DAY - len(adults))
        opposing.withdraw(person_id=adults[0].pk, wish=_wish(adults[0], at), at=at)


def contradict(*, today: date) -> None:
    """One child: the first parent opposed, the second one wants the space; an operator has to decide."""
    for child in _waiting(EligiblePerson.Situation.MINOR):
        parents = representatives_of(child)
        if len(parents) > 1:
            for parent, days, act in ((parents[0], 6, opposing.oppose), (parents[1], 3, opposing.withdraw)):
                at = _day(today, days)
                wish = Wish(channel=Channel.ACCOUNT, capacity=Capacity.PARENT, received_at=at, by=parent)
                act(person_id=child.pk, wish=wish, at=at)
            return


def _waiting(situation: EligiblePerson.Situation) -> QuerySet[EligiblePerson]:
    waiting = EligiblePerson.objects.filter(situation=situation, state=EligiblePerson.State.NOTICE_SENT, hold="")
    return waiting.order_by("-identity__ins_number", "pk")


def _wish(person: EligiblePerson, at: datetime) -> Wish:
    code = NoticeCode.objects.filter(person=person, ended_at=None).first()
    return Wish(channel=Channel.ONLINE, capacity=Capacity.SELF, received_at=at, code=code, contact=_contact(person))


def _enter(person: EligiblePerson, channel: Channel, at: datetime) -> None:
    received_on = at.astimezone(PARIS).date() - timedelta(days=channel == Channel.POST)
    entry = intake.Entry(channel=channel, received_on=received_on, capacity=Capacity.SELF, contact=_contact(person))
    intake.enter_opposition(actor=at_work(OPERATOR, at), person_id=person.pk, entry=entry, at=at)


def _contact(person: EligiblePerson) -> Contact:
    by_mail = person.channel == EligiblePerson.Channel.MAIL
    return Contact(channel=Notice.Channel.MAIL if by_mail else Notice.Channel.POST)


def _day(today: date, days_ago: int) -> datetime:
    return datetime.combine(today - timedelta(days=days_ago), time(14), PARIS)
