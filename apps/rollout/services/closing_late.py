"""Closing a space in the visit in which somebody came to oppose and found it open (S29)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import SYSTEM
from apps.accounts.ins import Authority, InvalidInsError, parse_full
from apps.accounts.models import InsIdentity
from apps.audit.services import Line, record
from apps.common import limits
from apps.rollout.models import Capacity, Notice
from apps.rollout.services import identifying
from apps.rollout.services.identifying import WEB
from apps.rollout.services.proving import NUMBER
from apps.rollout.services.telling import tell_other_parent
from apps.rollout.services.voices import require_capacity
from apps.rollout.services.wishes import CodeEndedError, NotConcernedError, Wish, WishRefusedError
from apps.rollout.writing import NewNotice, write_notice
from apps.spaces.models import HealthSpace
from apps.spaces.services.closing import Closure, close_space, closure_of


class WrongNumberError(WishRefusedError):
    """The fifteen digits are not those of the addressee of the notice."""


class ActivatedError(WishRefusedError):
    """Somebody signs in to this space: it is closed there, or by phone."""


def close_opened(*, person_id: UUID, wish: Wish, number: str, at: datetime) -> Closure:
    """Close the open space of this person, who came too late to oppose; the receipt says the day and a number.

    A notice alone does not close a space: the fifteen digits of the number of its addressee are asked for as at an
    activation (decisions.md 6, SPA-40), five wrong ones lock the code for a day, however often the letter is shown
    meanwhile (SEC-09). The reason is one of its own, so that these closings are counted apart; the content is kept for
    ten years as after any closing (SPA-31). The other parent of a child is told (SPA-43).
    Raises `CodeEndedError`, `WrongNumberError`, `ActivatedError`, `NotConcernedError` without a space, `CapacityError`.
    """
    if wish.code is None:
        raise WrongNumberError
    tries = str(wish.code.pk)
    is_right = limits.look(keys={NUMBER: tries}, at=at).allowed and _is_theirs(wish, number)
    if not identifying.check_number(code_id=wish.code.pk, is_right=is_right, at=at):
        limits.allow(act=NUMBER, key=tries, at=at)
        raise WrongNumberError
    return _close(person_id, wish, at)


@transaction.atomic
def _close(person_id: UUID, wish: Wish, at: datetime) -> Closure:
    code = wish.code
    if code is None or code.person_id != person_id or code.ended_at is not None:
        raise CodeEndedError
    require_capacity(code.person, wish=wish, at=at)
    space = HealthSpace.objects.select_for_update(of=("self",)).filter(identity_id=person_id).first()
    if space is None:
        raise NotConcernedError
    if not space.is_open:
        return closure_of(space)
    if space.account_activated_at is not None:
        raise ActivatedError
    reason = HealthSpace.ClosureReason.TOO_LATE
    closure = close_space(actor=SYSTEM, space_id=space.pk, reason=reason, at=at, agent=WEB)
    line = Line(action="rollout.opposition.close", target=f"eligible:{person_id}", actor_id=wish.actor_id,
                facts={"space": str(space.pk), "capacity": wish.capacity.value, "code": str(code.pk)})  # fmt: skip
    record(actor=SYSTEM, at=at, line=line)
    _send_receipt(wish, space.pk, closure, at)
    told = {"act": "closed", "space": str(space.pk)}
    tell_other_parent(person=code.person, wish=wish, key=f"closed:{closure.reference}", facts=told, at=at)
    return closure


def _send_receipt(wish: Wish, space_id: UUID, closure: Closure, at: datetime) -> None:
    if wish.contact is None or wish.code is None:
        return
    new = NewNotice(
        kind=Notice.Kind.RECEIPT,
        key=f"receipt:closed:{closure.reference}",
        channel=wish.contact.channel,
        reader=wish.by,
        address=wish.contact.mail if wish.contact.channel == Notice.Channel.MAIL else "",
        facts={"act": "closed", "space": str(space_id), "reference": closure.reference},
    )
    write_notice(person=wish.code.person, new=new, at=at)


def _is_theirs(wish: Wish, typed: str) -> bool:
    if wish.code is None:
        return False
    person: InsIdentity = wish.code.person.identity
    owner = person if wish.capacity == Capacity.SELF else wish.by or person
    try:
        number = parse_full(full=typed, authority=Authority(owner.authority)).number
    except InvalidInsError:
        return False
    return InsIdentity.objects.with_number(number).filter(pk=owner.pk).exists()
