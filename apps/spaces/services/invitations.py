"""Sending, withdrawing and answering invitations (SPA-41, SPA-52 to SPA-54)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.access import Actor, Decision, Purpose, Role
from apps.accounts.models import InsIdentity
from apps.audit.services import Line, record
from apps.common.dates import midnight
from apps.spaces import policies
from apps.spaces.models import Delegation, DelegationInvitation, HealthSpace, InvitationState
from apps.spaces.services.capacity import refuse_what_is_too_much
from apps.spaces.services.choices import locked_space
from apps.spaces.services.errors import InvitationNotFoundError, InvitationOverError
from apps.spaces.services.finding import SEARCH_LIFE
from apps.spaces.services.representing import represent
from apps.spaces.telling import tell_person, tell_space

Kind = DelegationInvitation.Kind
Answer = DelegationInvitation.Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody signed in outside any space: user, identity and level of the sign-in."""

    user_id: UUID
    person_id: UUID
    level: str = ""


def invitations_to(*, person_id: UUID) -> Sequence[DelegationInvitation]:
    """Invitations sent to this person and not withdrawn, into spaces that are open; newest first."""
    found = DelegationInvitation.objects.addressed_to(person_id).select_related("inviter", "space__identity")
    return list(found.order_by("-sent_at", "-id"))


def invitation_to(*, person_id: UUID, invitation_id: UUID) -> DelegationInvitation:
    """One of them. Raises `InvitationNotFoundError`: unknown, withdrawn, or somebody else's."""
    mine = DelegationInvitation.objects.addressed_to(person_id).filter(id=invitation_id)
    found: DelegationInvitation | None = mine.select_related("inviter", "space__identity").first()
    if found is None:
        raise InvitationNotFoundError
    return found


@transaction.atomic
def send_invitation(*, actor: Actor, search_id: UUID, at: datetime) -> DelegationInvitation:
    """Invite the person whom a search found, quoting the search (SPA-53); quoting it twice is one invitation.

    It expires after `INVITATION_DAYS`, or with the last day of help. The person is told. Raises
    `InvitationNotFoundError` (no such search of this person in the last fifteen minutes), `InvitationRefusedError`
    with its fault (SPA-54), `AccessDeniedError`, `SpaceNotFoundError`.
    """
    space = locked_space(actor)
    draft = _quoted(actor, search_id, at)
    decision = _policy(actor, draft).required()
    if draft.sent_at is not None:
        return draft
    refuse_what_is_too_much(space=space, invitation=draft, at=at)
    _let_lapse(draft, at)
    draft.sent_at, draft.expires_at = at, _expiry(draft, at)
    draft.save(update_fields=["sent_at", "expires_at"])
    line = Line(
        action="spaces.delegate.invite",
        target=f"invitation:{draft.id}",
        decision=decision,
        facts={"kind": draft.kind, "search": str(search_id)},
    )
    record(actor=actor, at=at, line=line)
    tell_person(person_id=draft.person_id, act="invited", about=draft, at=at)
    return draft


@transaction.atomic
def withdraw_invitation(*, actor: Actor, invitation_id: UUID, at: datetime) -> None:
    """Take an invitation back before its answer; twice changes nothing. Raises `InvitationNotFoundError`,
    `InvitationOverError` (answered meanwhile), `AccessDeniedError`.
    """
    space = locked_space(actor)
    row = DelegationInvitation.objects.filter(space_id=space.id, id=invitation_id, sent_at__isnull=False).first()
    if row is None:
        raise InvitationNotFoundError
    decision = _policy(actor, row).required()
    if row.answer == Answer.WITHDRAWN:
        return
    if row.answer:
        raise InvitationOverError
    _answer(row, Answer.WITHDRAWN, at)
    line = Line(action="spaces.delegate.withdraw", target=f"invitation:{row.id}", decision=decision)
    record(actor=actor, at=at, line=line)


@transaction.atomic
def accept_invitation(*, reader: Reader, invitation_id: UUID, at: datetime) -> DelegationInvitation:
    """Say yes: from now on, or from its first day, the person may enter the space within what was offered (SPA-54).

    The space and the person are locked, so that two acceptances at once never pass the limits (SPA-52). Whoever
    invited is told. Raises `InvitationNotFoundError`, `InvitationOverError`, `InvitationRefusedError`.
    """
    space, row = _locked(reader, invitation_id)
    if row.answer == Answer.ACCEPTED:
        return row
    _must_be_pending(row, at)
    refuse_what_is_too_much(space=space, invitation=row, at=at, accepting=True)
    _answer(row, Answer.ACCEPTED, at)
    if row.kind == Kind.LEGAL_REPRESENTATION:
        target = f"representation:{represent(space=space, invitation=row, at=at).id}"
    else:
        target = f"delegation:{_delegate(row, at).id}"
    _tell_answer(reader, row, at, target=target)
    return row


@transaction.atomic
def refuse_invitation(*, reader: Reader, invitation_id: UUID, at: datetime) -> DelegationInvitation:
    """Say no; whoever invited is told, without a reason. Raises `InvitationNotFoundError`, `InvitationOverError`."""
    _, row = _locked(reader, invitation_id)
    if row.answer == Answer.REFUSED:
        return row
    _must_be_pending(row, at)
    _answer(row, Answer.REFUSED, at)
    _tell_answer(reader, row, at, target=f"invitation:{row.id}")
    return row


def _quoted(actor: Actor, search_id: UUID, at: datetime) -> DelegationInvitation:
    row: DelegationInvitation | None = (
        DelegationInvitation.objects.select_for_update(of=("self",))
        .filter(space_id=actor.space_id, search_id=search_id, inviter__user=actor.user_id)
        .first()
    )
    if row is None or (row.sent_at is None and row.searched_at <= at - SEARCH_LIFE):
        raise InvitationNotFoundError
    return row


def _policy(actor: Actor, row: DelegationInvitation) -> Decision:
    if row.kind == Kind.LEGAL_REPRESENTATION:
        return policies.may_invite_representative(actor)
    return policies.may_manage_delegates(actor)


def _expiry(row: DelegationInvitation, at: datetime) -> datetime:
    days = at + timedelta(days=settings.INVITATION_DAYS)
    return days if row.ends_on is None else min(days, midnight(row.ends_on + timedelta(days=1)))


def _let_lapse(row: DelegationInvitation, at: datetime) -> None:
    """An expired invitation of the same person makes room for the new one."""
    expired = DelegationInvitation.objects.filter(
        space_id=row.space_id, person_id=row.person_id, answer="", expires_at__lte=at
    )
    expired.update(answer=Answer.LAPSED, answered_at=at)


def _locked(reader: Reader, invitation_id: UUID) -> tuple[HealthSpace, DelegationInvitation]:
    """The space first, then the person: everybody in the same order, so nobody waits in a circle."""
    asked = invitation_to(person_id=reader.person_id, invitation_id=invitation_id)
    space = HealthSpace.objects.select_for_update(of=("self",)).get(pk=asked.space_id)
    InsIdentity.objects.select_for_update(of=("self",), no_key=True).get(pk=reader.person_id)
    row = DelegationInvitation.objects.filter(space_id=space.id, id=invitation_id).get()
    if not space.is_open or row.answer in {Answer.WITHDRAWN, Answer.LAPSED}:
        raise InvitationNotFoundError
    return space, row


def _must_be_pending(row: DelegationInvitation, at: datetime) -> None:
    if row.state_at(at) is not InvitationState.PENDING:
        raise InvitationOverError


def _answer(row: DelegationInvitation, answer: DelegationInvitation.Answer, at: datetime) -> None:
    row.answer, row.answered_at = answer, at
    row.save(update_fields=["answer", "answered_at"])


def _delegate(row: DelegationInvitation, at: datetime) -> Delegation:
    if row.starts_on is None or row.ends_on is None:
        raise InvitationOverError
    Delegation.objects.close_overdue(space_id=row.space_id, person_id=row.person_id, at=at)
    return Delegation.objects.create(
        space_id=row.space_id,
        person_id=row.person_id,
        starts_at=max(at, midnight(row.starts_on)),
        ends_at=midnight(row.ends_on + timedelta(days=1)),
        sections=row.sections,
    )


def _tell_answer(reader: Reader, row: DelegationInvitation, at: datetime, *, target: str) -> None:
    accepted = row.answer == Answer.ACCEPTED
    represents = row.kind == Kind.LEGAL_REPRESENTATION
    actor = Actor(
        role=Role.REPRESENTATIVE if represents else Role.DELEGATE,
        at=at,
        user_id=reader.user_id,
        space_id=row.space_id,
        purpose=Purpose.REPRESENTATION if represents else Purpose.DELEGATION,
        level=reader.level,
    )
    action = "spaces.delegate.accept" if accepted else "spaces.delegate.refuse"
    rule = Decision(allowed=True, rule="SPA-41" if represents else "SPA-54")
    record(actor=actor, at=at, line=Line(action=action, target=target, decision=rule, facts={"kind": row.kind}))
    tell_space(
        space_id=row.space_id, act="accepted" if accepted else "refused", about=row, at=at, but_not=reader.user_id
    )
