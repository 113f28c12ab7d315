"""People brought to where they stand by the steps that the product takes, with all that a step leaves behind."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from apps.common.ids import uuid7
from apps.rollout.models import Channel, EligiblePerson, Notice, Opposition
from apps.rollout.transitions import Step, move
from apps.rollout.window import window_end
from apps.spaces.models import HealthSpace
from tests.harness.clock import NOON
from tests.rollout import factories

State = EligiblePerson.State
SENT = NOON - timedelta(days=50)
OPENED = NOON - timedelta(days=6)


def step(who: EligiblePerson, to: State, *, at: datetime = NOON, **values: Any) -> EligiblePerson:
    reason = values.pop("reason", "")
    move(who, Step(to=to, at=at, actor="tests", reason=reason), **values)
    return who


def queued(**values: Any) -> EligiblePerson:
    return step(factories.person(**values), State.NOTICE_QUEUED, at=SENT)


def queued_with_notice(**values: Any) -> EligiblePerson:
    who = queued(**values)
    Notice.objects.create(
        person=who, wave=who.wave, kind="first", key="first", channel="post", state="prepared", prepared_at=SENT
    )
    return who


def sent(*, at: datetime = SENT, notice: dict[str, Any] | None = None, **values: Any) -> EligiblePerson:
    who = step(factories.person(**values), State.NOTICE_QUEUED, at=at)
    factories.noticed(who, sent_at=at, **(notice or {}))
    who.state = State.NOTICE_QUEUED  # the factory took the short way
    return step(who, State.NOTICE_SENT, at=at, notice_sent_at=at, window_ends_at=window_end(at))


def opened(*, at: datetime = OPENED, space: dict[str, Any] | None = None, **values: Any) -> EligiblePerson:
    who = step(sent(**values), State.OPEN, at=at)
    HealthSpace.objects.create(identity=who.identity, opened_at=at, **(space or {}))
    return who


def oppose(who: EligiblePerson, *, at: datetime = NOON, channel: Channel = Channel.ONLINE, **values: Any) -> Opposition:
    defaults = {
        "reference": uuid7().hex[:20], "check_mac": b"0" * 32, "capacity": "self", "received_at": at, "entered_at": at,
    }  # fmt: skip
    return Opposition.objects.create(person=who, channel=channel, **{**defaults, **values})


def opposed(*, at: datetime = NOON, to: State = State.OPPOSED, **values: Any) -> EligiblePerson:
    channel = values.pop("channel", Channel.ONLINE)
    opposition = values.pop("opposition", {})
    who = step(sent(**values), to, at=at)
    oppose(who, at=at, channel=channel, **opposition)
    return who


def dead(who: EligiblePerson) -> EligiblePerson:
    who.identity.died_on = NOON.date()
    who.identity.save()
    return who
