"""Writing notices and their mails, inside the transaction of the event; what services and jobs share."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Value

from apps.accounts.models import User
from apps.notifications.kinds import Channel, Frequency, Kind
from apps.notifications.models import Notice, OutgoingMail, Preference
from apps.notifications.times import next_digest, window_of

DIGEST = "digest"
TRIAL = "trial"

# Told once a window, by one mail for all of them or by one mail for each notice (NOT-04, NOT-06).
_GROUPED = frozenset({Kind.NEW_DOCUMENT, Kind.PROFESSIONAL_READ})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What has happened. `facts` hold ids, codes and counts, never a name or a title (NOT-15)."""

    kind: Kind
    at: datetime
    key: str
    space_id: UUID | None = None
    document_id: UUID | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """A mail that is to leave: its kind of text, its key and the hour."""

    kind: str
    key: str
    due_at: datetime


def write(*, user_ids: Collection[UUID], event: Event) -> list[OutgoingMail]:
    """Notice and mail of each of these people who can sign in; what is there already stays, a further document of the
    same notice joins it. Returns the mails that are new.
    """
    users = User.objects.filter(pk__in=set(user_ids), is_active=True).order_by("pk")
    wishes = _wishes(user_ids, event.kind)
    mails: list[OutgoingMail] = []
    for user in users:
        mails += _tell(user, event, wishes)
    return mails


def write_security(*, user: User, event: Event, former_address: str) -> list[OutgoingMail]:
    """What touches an account: to its owner as always, and to the address that was theirs before (pages 24)."""
    mails = write(user_ids=[user.pk], event=event)
    if former_address and former_address != user.email:
        mail, is_new = OutgoingMail.objects.get_or_create(
            user=user,
            key=f"{event.key}:former",
            defaults={
                "kind": event.kind.value,
                "address": former_address,
                "message_id": new_message_id(),
                "at": event.at,
                "due_at": event.at,
            },
        )
        mails += [mail] if is_new else []
    return mails


def new_mail(*, user: User, plan_key: str, kind: str, event: Event, due_at: datetime) -> tuple[OutgoingMail, bool]:
    """The mail of this key, made when it is not there, and whether it is new."""
    return OutgoingMail.objects.get_or_create(
        user=user,
        key=plan_key,
        defaults={
            "kind": kind,
            "space_id": event.space_id,
            "message_id": new_message_id(),
            "at": event.at,
            "due_at": due_at,
        },
    )


def new_message_id() -> str:
    """Random: says neither the hour nor whose mail it is."""
    return f"<{uuid4().hex}@{settings.MAIL_DOMAIN}>"


def _tell(user: User, event: Event, wishes: Mapping[tuple[UUID, str], Frequency]) -> list[OutgoingMail]:
    in_centre = wishes.get((user.pk, Channel.CENTRE), Frequency.AT_ONCE) is not Frequency.NEVER
    by_mail = wishes.get((user.pk, Channel.MAIL), Frequency.AT_ONCE)
    documents = [] if event.document_id is None else [event.document_id]
    notice, is_new = Notice.objects.get_or_create(
        user=user,
        key=event.key,
        defaults={
            "kind": event.kind,
            "space_id": event.space_id,
            "at": event.at,
            "document_ids": documents,
            "facts": dict(event.facts),
            "in_centre": in_centre,
        },
    )
    if not is_new:
        _join(notice, documents)
        return []
    if not user.email or by_mail is Frequency.NEVER:
        return []
    mail, is_new_mail = _mail_of(notice, user, event, _plan(event, by_mail))
    Notice.objects.filter(pk=notice.pk).update(mail=mail)
    return [mail] if is_new_mail else []


def _mail_of(notice: Notice, user: User, event: Event, plan: _Plan) -> tuple[OutgoingMail, bool]:
    """The mail of the plan while it waits; one of its own for what is written after that one began to leave."""
    mail, is_new = new_mail(user=user, plan_key=plan.key, kind=plan.kind, event=event, due_at=plan.due_at)
    if is_new or _waits(mail):
        return mail, is_new
    return new_mail(user=user, plan_key=f"{plan.key}:{notice.pk}", kind=plan.kind, event=event, due_at=plan.due_at)


def _waits(mail: OutgoingMail) -> bool:
    """Asked under a lock: nobody sends it before this event is committed."""
    rows = OutgoingMail.objects.select_for_update(of=("self",))
    return rows.filter(pk=mail.pk, state=OutgoingMail.State.WAITING).order_by("pk").first() is not None


def _join(notice: Notice, documents: list[UUID]) -> None:
    """One more document in a notice: it is unread again, the same one twice changes nothing (REL-01)."""
    if not documents:
        return
    ids = ArrayField(models.UUIDField())
    longer = Func(
        F("document_ids"),
        Value(documents[0], output_field=models.UUIDField()),
        function="array_append",
        output_field=ids,
    )
    rows = Notice.objects.filter(pk=notice.pk).exclude(document_ids__contains=documents)
    rows.update(document_ids=longer, read_at=None)


def _plan(event: Event, frequency: Frequency) -> _Plan:
    if frequency in {Frequency.DAILY, Frequency.WEEKLY}:
        due = next_digest(event.at, frequency=frequency)
        return _Plan(kind=DIGEST, key=f"digest:{event.space_id}:{due:%Y-%m-%d}", due_at=due)
    if event.kind not in _GROUPED:
        return _Plan(kind=event.kind.value, key=event.key, due_at=event.at)
    start, end = window_of(event.at, minutes=settings.MAIL_GROUPING_MINUTES)
    shared = event.kind is Kind.NEW_DOCUMENT
    key = f"{event.kind.value}:{event.space_id}:{start:%Y%m%dT%H%M}" if shared else event.key
    return _Plan(kind=event.kind.value, key=key, due_at=end)


def _wishes(user_ids: Collection[UUID], kind: Kind) -> dict[tuple[UUID, str], Frequency]:
    if not kind.may_be_off:
        return {}
    rows = Preference.objects.filter(user__in=set(user_ids), kind=kind).order_by("pk")
    return {(row.user_id, row.channel): Frequency(row.frequency) for row in rows}
