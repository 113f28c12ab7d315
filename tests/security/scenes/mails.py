"""Notices of the centre and their mails."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from apps.accounts.models import SecurityEvent, User
from apps.notifications.kinds import Kind
from apps.notifications.models import Notice, OutgoingMail
from tests import factories
from tests.harness.clock import NOON
from tests.notifications.factories import mail, notice
from tests.security.scenes.base import Ids, Scene, World

State = OutgoingMail.State


def _alice() -> User:
    return factories.user(person=factories.space().identity, email="alice@example.org")


def _due(_world: World) -> Ids:
    return {"mail_id": str(mail(user=_alice()).pk)}


def _several_due(_world: World) -> Ids:
    """One waits, one died in its try, one of a switched-off kind has nothing to tell."""
    user = _alice()
    mail(user=user, key="waits")
    lost = {"state": State.SENDING, "leased_until": NOON - timedelta(minutes=1), "attempts": 5}
    mail(user=user, key="died", address=user.email, **lost)
    mail(user=user, key="seen", kind=Kind.NEW_DOCUMENT.value)
    Notice.objects.filter(key="seen").update(read_at=NOON)
    return {}


def _events(_world: World) -> Ids:
    user = _alice()
    for number, kind in enumerate(("password_changed", "address_changed")):
        SecurityEvent.objects.create(user=user, kind=kind, at=NOON, former_address="former@example.org" * number)
    return {}


def _old(_world: World) -> Ids:
    user, then = _alice(), NOON - timedelta(days=settings.NOTICE_RETENTION_DAYS + 1)
    notice(user=user, key="old", at=then)
    notice(user=user, key="legal", kind=Kind.DELEGATION, at=then)
    mail(user=user, key="sent", kind="trial", at=then, state=State.SENT, sent_at=then, due_at=None)
    return {}


def _in(state: str, **values: object) -> object:
    def move(ids: Ids) -> None:
        OutgoingMail.objects.filter(pk=ids["mail_id"]).update(**{"state": state, "due_at": None, **values})

    return move


def _nobody(ids: Ids) -> None:
    Notice.objects.filter(mail=ids["mail_id"]).delete()
    OutgoingMail.objects.filter(pk=ids["mail_id"]).delete()


SCENES = [
    Scene(
        task="notifications.deliver",
        build=_due,
        moves={
            "sent": _in(State.SENT, sent_at=NOON),
            "failed": _in(State.FAILED),
            "parked": _in(State.PARKED),
            "suppressed": _in(State.SUPPRESSED),
            "uncertain to the end": _in(State.UNCERTAIN),
            "being sent": _in(State.SENDING, leased_until=NOON + timedelta(minutes=5)),
            "due later": _in(State.WAITING, due_at=NOON + timedelta(hours=1)),
            "deleted": _nobody,
        },
    ),
    Scene(task="notifications.sweep", build=_several_due),
    Scene(task="notifications.tell_security", build=_events),
    Scene(task="notifications.forget", build=_old),
]
