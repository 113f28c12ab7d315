"""Relatives who help: who they are, what they may do, the end of it (SPA-52, SPA-54, SPA-55)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from apps.access import Actor, Decision, Purpose, Role
from apps.audit.services import Line, record
from apps.common.dates import PARIS, midnight
from apps.spaces import majority, policies
from apps.spaces.models import Delegation, DelegationInvitation
from apps.spaces.services.choices import locked_space
from apps.spaces.services.errors import ChoicesChangedError, DelegationNotFoundError, PeriodError
from apps.spaces.services.invitations import Reader
from apps.spaces.telling import tell_person, tell_space

_HELP = DelegationInvitation.Kind.CAREGIVING
_FEBRUARY_29 = (2, 29)


def last_day_allowed(*, at: datetime) -> date:
    """Twelve months from today: a delegation of help is never longer, but may be renewed (decisions 9)."""
    today = at.astimezone(PARIS).date()
    day = today.replace(day=28) if (today.month, today.day) == _FEBRUARY_29 else today
    return day.replace(year=day.year + 1)


def last_day(row: Delegation) -> date:
    """The last day of help, included, as it was agreed."""
    return majority.last_day(row.ends_at)


def first_day(row: Delegation, *, at: datetime) -> date:
    """The first day that is left of a help: today, or its own first day while that is still to come."""
    return max(row.starts_at, at).astimezone(PARIS).date()


def seen_code(row: Delegation) -> str:
    """What a form shows of a help, to be compared when it comes back (REL-21)."""
    return f"{_code(row.sections)} until={last_day(row).isoformat()}"


def check_period(*, starts_on: date, ends_on: date, at: datetime) -> None:
    """Raises `PeriodError` unless the days lie between today and twelve months from today, in their order."""
    if not at.astimezone(PARIS).date() <= starts_on <= ends_on <= last_day_allowed(at=at):
        raise PeriodError


def delegations_of(*, actor: Actor) -> Sequence[Delegation]:
    """All delegations of the space, those that run and those that are over, newest first."""
    policies.may_manage_delegates(actor).required()
    found = Delegation.objects.with_end().filter(space_id=actor.space_id).select_related("person")
    return list(found.order_by("-starts_at", "-id"))


def invitations_of(*, actor: Actor) -> Sequence[DelegationInvitation]:
    """Invitations to help that were sent, and were not replaced, newest first."""
    policies.may_manage_delegates(actor).required()
    found = DelegationInvitation.objects.sent().filter(space_id=actor.space_id, kind=_HELP)
    return list(found.select_related("person").order_by("-sent_at", "-id"))


def delegation_of(*, actor: Actor, delegation_id: UUID) -> Delegation:
    """One delegation of the space. Raises `DelegationNotFoundError`, `AccessDeniedError`."""
    policies.may_manage_delegates(actor).required()
    rows = Delegation.objects.with_end().filter(space_id=actor.space_id, id=delegation_id)
    found: Delegation | None = rows.select_related("person__user", "space__identity").first()
    if found is None:
        raise DelegationNotFoundError
    return found


def helps_of(*, person_id: UUID, at: datetime) -> Sequence[Delegation]:
    """Delegations by which this person helps others now or soon, in open spaces, by first name."""
    found = Delegation.objects.not_over(at=at).filter(person_id=person_id, space__status="open")
    return list(found.select_related("space__identity").order_by("space__identity__folded_first_given", "id"))


def help_of(*, person_id: UUID, delegation_id: UUID, at: datetime) -> Delegation:
    """One of them. Raises `DelegationNotFoundError`."""
    for found in helps_of(person_id=person_id, at=at):
        if found.id == delegation_id:
            return found
    raise DelegationNotFoundError


@transaction.atomic
def change_delegation(
    *, actor: Actor, delegation_id: UUID, seen: str, sections: Mapping[str, str], ends_on: date, at: datetime
) -> Delegation:
    """Change what a relative may do, or until when: the renewal too (decisions 9, SPA-55). The relative is told.

    From the very next request on. `seen` is the `seen_code` that the person had before their eyes; the same values
    change nothing. Raises `ChoicesChangedError` when somebody changed them meanwhile (REL-21),
    `DelegationNotFoundError` (unknown or over), `PeriodError`, `AccessDeniedError`, `SpaceNotFoundError`.
    """
    decision = policies.may_manage_delegates(actor).required()
    row = _running(actor, delegation_id, at)
    check_period(starts_on=first_day(row, at=at), ends_on=ends_on, at=at)
    ends_at = midnight(ends_on + timedelta(days=1))
    if (row.sections, row.ends_at) == (dict(sections), ends_at):
        return row
    if seen_code(row) != seen:
        raise ChoicesChangedError
    facts = {"before": _code(row.sections), "after": _code(sections), "ends_on": ends_on.isoformat()}
    row.sections, row.ends_at = dict(sections), ends_at
    row.save(update_fields=["sections", "ends_at"])
    line = Line(action="spaces.delegate.change", target=f"delegation:{row.id}", decision=decision, facts=facts)
    record(actor=actor, at=at, line=line)
    tell_person(person_id=row.person_id, act=f"changed:{at.isoformat()}", about=row, at=at)
    return row


@transaction.atomic
def end_delegation(*, actor: Actor, delegation_id: UUID, at: datetime) -> Delegation:
    """Stop a relative at once (SPA-54); twice changes nothing. Both are told.

    Raises `DelegationNotFoundError`, `AccessDeniedError`, `SpaceNotFoundError`.
    """
    decision = policies.may_manage_delegates(actor).required()
    locked_space(actor)
    row = delegation_of(actor=actor, delegation_id=delegation_id)
    if row.ended_at is not None or row.until <= at:
        return row
    return _end(row, actor, decision, at)


@transaction.atomic
def stop_helping(*, reader: Reader, delegation_id: UUID, at: datetime) -> None:
    """The relative ends it from their side, at once. Both are told. Raises `DelegationNotFoundError`."""
    asked = help_of(person_id=reader.person_id, delegation_id=delegation_id, at=at)
    actor = Actor(
        role=Role.DELEGATE,
        at=at,
        user_id=reader.user_id,
        space_id=asked.space_id,
        purpose=Purpose.DELEGATION,
        level=reader.level,
    )
    row = _running(actor, delegation_id, at)
    _end(row, actor, Decision(allowed=True, rule=policies.DELEGATES_RULE), at)


def _running(actor: Actor, delegation_id: UUID, at: datetime) -> Delegation:
    """Under the lock of the space: limits and ends are decided one after the other."""
    space = locked_space(actor)
    rows = Delegation.objects.not_over(at=at).filter(space_id=space.id, id=delegation_id, ended_at=None)
    row: Delegation | None = rows.first()
    if row is None:
        raise DelegationNotFoundError
    return row


def _end(row: Delegation, actor: Actor, decision: Decision, at: datetime) -> Delegation:
    side = Delegation.Side.DELEGATE if actor.role is Role.DELEGATE else Delegation.Side.HOLDER
    row.starts_at = min(row.starts_at, at)  # help that has not begun ends on the spot, not before its start
    row.ended_at, row.ended_by, row.end_told_at = at, side, at
    row.save(update_fields=["starts_at", "ended_at", "ended_by", "end_told_at"])
    facts = {"side": side.value}
    line = Line(action="spaces.delegate.end", target=f"delegation:{row.id}", decision=decision, facts=facts)
    record(actor=actor, at=at, line=line)
    tell_person(person_id=row.person_id, act="ended", about=row, at=at)
    tell_space(space_id=row.space_id, act="ended", about=row, at=at)
    return row


def _code(sections: Mapping[str, str]) -> str:
    """`documents=manage history=read`."""
    return " ".join(f"{section}={level}" for section, level in sorted(sections.items()))
