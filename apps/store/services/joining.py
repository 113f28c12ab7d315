"""Requests to act for an organisation that is registered already (PU-02, S32): an administrator of it answers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.accounts.models import User
from apps.common import limits
from apps.common.tasks import enqueue
from apps.store import tasks, telling
from apps.store.models import JoinRequest, Member, Publisher
from apps.store.services import acting
from apps.store.services.errors import TooSoonError, UnknownRowError
from apps.store.services.members import checked_roles, own_publisher
from apps.store.services.publishers import AlreadyMemberError, locked, locked_person, person_who_acts


class AlreadyAskedError(Exception):
    """A request of this person waits already."""


class AlreadyAnsweredError(Exception):
    """A colleague has answered meanwhile."""


def own_request(user_id: UUID) -> JoinRequest | None:
    """The request of this person that waits; its organisation is not named to them."""
    return JoinRequest.objects.filter(user_id=user_id, decided_at=None).first()


def waiting_requests(publisher_id: UUID) -> list[JoinRequest]:
    """Requests that wait for an administrator of this organisation, the oldest first. One query."""
    waiting = JoinRequest.objects.filter(publisher_id=publisher_id, decided_at=None).select_related("user")
    return list(waiting.order_by("asked_at", "id"))


def request_for(*, actor: Actor, request_id: UUID) -> JoinRequest:
    """One request to one's own organisation. Raises `UnknownRowError`."""
    rows = JoinRequest.objects.select_related("user").filter(id=request_id)
    found = rows.filter(publisher_id=own_publisher(actor)).first()
    if found is None:
        raise UnknownRowError
    return found


@transaction.atomic
def ask_to_join(*, actor: Actor, siren: str, name: str, message: str, at: datetime) -> JoinRequest:
    """Ask the administrators of an organisation to be let in; they are told by mail, the asker learns nothing of it.

    Raises `AccessDeniedError`, `AlreadyMemberError`, `AlreadyAskedError`, `UnknownRowError`; `TooSoonError` beyond
    five a day.
    """
    user_id = locked_person(actor)
    if Member.objects.filter(user_id=user_id, ended_at=None).exists():
        raise AlreadyMemberError
    publisher = Publisher.objects.filter(siren=siren).first()
    if publisher is None:
        raise UnknownRowError
    if own_request(user_id) is not None:
        raise AlreadyAskedError
    verdict = limits.allow(act="publisher_join", key=str(user_id), at=at)
    if not verdict.allowed:
        raise TooSoonError(verdict.retry_at or at)
    wish = JoinRequest.objects.create(publisher=publisher, user_id=user_id, name=name, message=message, asked_at=at)
    _trace(actor, "join.ask", wish, at)
    owners = Member.objects.filter(publisher=publisher, ended_at=None, roles__contains=["owner"])
    _tell(list(owners.order_by("started_at", "id").values_list("user_id", flat=True)), "join_asked", wish, at)
    return wish


@transaction.atomic
def withdraw(*, actor: Actor, at: datetime) -> bool:
    """Take back one's own request. False: none waits any more."""
    user_id = person_who_acts(actor)
    found = own_request(user_id)
    wish = _locked(found.id) if found is not None else None
    if wish is None or wish.decided_at is not None:
        return False
    _decide(wish, by=user_id, accepted=False, at=at)
    _trace(actor, "join.withdraw", wish, at)
    return True


@transaction.atomic
def accept(*, actor: Actor, request_id: UUID, roles: Collection[str], at: datetime) -> Member:
    """Let somebody in with these roles; by an administrator. The person is told by mail.

    Raises `AccessDeniedError`, `UnknownRowError`, `AlreadyAnsweredError`, `WrongValueError`; `AlreadyMemberError`
    when the person acts for another organisation meanwhile.
    """
    me = acting.member_who_acts(actor, Member.Role.OWNER)
    locked(me.publisher_id)
    wish = _open(actor, request_id)
    right = checked_roles(roles)
    User.objects.select_for_update(of=("self",)).get(pk=wish.user_id)
    if Member.objects.filter(user_id=wish.user_id, ended_at=None).exists():
        raise AlreadyMemberError
    _decide(wish, by=me.user_id, accepted=True, at=at)
    member = Member.objects.create(
        publisher_id=wish.publisher_id, user_id=wish.user_id, name=wish.name, roles=right, started_at=at
    )
    _trace(actor, "join.accept", wish, at, roles=" ".join(right))
    acting.trace(actor=actor, act="member.start", publisher_id=wish.publisher_id, target=f"member:{member.id}", at=at)
    _tell([wish.user_id], "join_accepted", wish, at)
    return member


@transaction.atomic
def refuse(*, actor: Actor, request_id: UUID, at: datetime) -> None:
    """Do not let somebody in; by an administrator. The person is told by mail, without a reason.

    Raises `AccessDeniedError`, `UnknownRowError`, `AlreadyAnsweredError`.
    """
    me = acting.member_who_acts(actor, Member.Role.OWNER)
    wish = _open(actor, request_id)
    _decide(wish, by=me.user_id, accepted=False, at=at)
    _trace(actor, "join.refuse", wish, at)
    _tell([wish.user_id], "join_refused", wish, at)


def _open(actor: Actor, request_id: UUID) -> JoinRequest:
    wish = _locked(request_for(actor=actor, request_id=request_id).id)
    if wish is None or wish.decided_at is not None:
        raise AlreadyAnsweredError
    return wish


def _locked(request_id: UUID) -> JoinRequest | None:
    return JoinRequest.objects.select_for_update(of=("self",)).filter(id=request_id).first()


def _decide(wish: JoinRequest, *, by: UUID, accepted: bool, at: datetime) -> None:
    wish.decided_by_id, wish.decided_at, wish.is_accepted = by, at, accepted
    wish.save(update_fields=["decided_by", "decided_at", "is_accepted"])


def _tell(user_ids: list[UUID], template: str, wish: JoinRequest, at: datetime) -> None:
    key = f"{template}:{wish.id}"
    telling.write(user_ids=user_ids, template=template, key=key, facts={}, at=at)
    enqueue(tasks.send_mails)


def _trace(actor: Actor, act: str, wish: JoinRequest, at: datetime, **facts: str) -> None:
    acting.trace(actor=actor, act=act, publisher_id=wish.publisher_id, target=f"join:{wish.id}", at=at, facts=facts)
