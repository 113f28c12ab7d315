"""How somebody wants to be told (SE-05, NOT-06, NOT-18), and a mail to try it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.accounts.models import User
from apps.audit.services import Fact, Line, record
from apps.common.tasks import enqueue
from apps.notifications import tasks
from apps.notifications.kinds import Channel, Frequency, Kind
from apps.notifications.models import Preference
from apps.notifications.writing import TRIAL, Event, new_mail


class NoAddressError(Exception):
    """There is no address to write to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a switchable kind is told: `by_mail` and how often, `in_centre`."""

    frequency: Frequency = Frequency.AT_ONCE
    in_centre: bool = True


def wish_of(*, user_id: UUID | None, kind: Kind) -> Wish:
    """The present choice; without one, told at once by both."""
    rows = dict(Preference.objects.filter(user=user_id, kind=kind).values_list("channel", "frequency").order_by("pk"))
    return Wish(
        frequency=Frequency(rows.get(Channel.MAIL, Frequency.AT_ONCE)),
        in_centre=rows.get(Channel.CENTRE, Frequency.AT_ONCE) != Frequency.NEVER,
    )


@transaction.atomic
def choose(*, actor: Actor, kind: Kind, wish: Wish, at: datetime) -> bool:
    """Keep the choice for what comes from now on; mails that wait follow it when they leave. Says whether it changed.

    Only kinds that may be off have a choice (IDN-57); for others nothing is kept.
    """
    if actor.user_id is None or not kind.may_be_off or wish == wish_of(user_id=actor.user_id, kind=kind):
        return False
    centre = Frequency.AT_ONCE if wish.in_centre else Frequency.NEVER
    for channel, frequency in ((Channel.MAIL, wish.frequency), (Channel.CENTRE, centre)):
        Preference.objects.update_or_create(
            user_id=actor.user_id, kind=kind, channel=channel, defaults={"frequency": frequency}
        )
    facts: dict[str, Fact] = {"kind": kind.value, "mail": wish.frequency.value, "centre": wish.in_centre}
    record(actor=actor, at=at, line=Line(action="notifications.preference.change", facts=facts))
    return True


@transaction.atomic
def send_trial(*, user: User, at: datetime) -> None:
    """A mail that says that mails arrive; twice in the same minute is one. Raises `NoAddressError`."""
    if not user.email:
        raise NoAddressError
    event = Event(kind=Kind.SECURITY, at=at, key=f"trial:{at:%Y%m%dT%H%M}")
    mail, _is_new = new_mail(user=user, plan_key=event.key, kind=TRIAL, event=event, due_at=at)
    enqueue(tasks.deliver, mail_id=str(mail.pk))
