"""Activations under way: begun, left, taken up again within thirty days, finished (S-08)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from apps.accounts import services as accounts
from apps.accounts.models import User
from apps.common import limits
from apps.rollout.models import Activation, Capacity, Channel
from apps.rollout.models.activations import KEPT
from apps.rollout.services import activating
from apps.rollout.services.activating import Acting, ActivationRefusedError, Fault
from apps.rollout.services.capacity import capacity_of
from apps.spaces import services as spaces
from apps.spaces.entry import enter
from apps.spaces.services import EmergencyChoices

MAIL = "activation_mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who looks: somebody signed in, or a browser that has typed the codes of `shown`."""

    user: User | None = None
    level: str = ""
    shown: frozenset[UUID] = field(default_factory=frozenset)

    @property
    def identity_id(self) -> UUID | None:
        return self.user.identity_id if self.user is not None else None


class MailNotSentError(Exception):
    """Too many codes were asked for; `verdict` says until when."""

    def __init__(self, verdict: limits.Verdict) -> None:
        super().__init__()
        self.verdict = verdict


@transaction.atomic
def begin(*, person_id: UUID, acting: Acting, at: datetime) -> Activation:
    """The one activation under way of this person by this reader, begun now or earlier; kept for thirty days.

    Raises `ActivationRefusedError` when nothing can come of it.
    """
    person = activating.locked(person_id)
    capacity = capacity_of(person=person, identity_id=acting.identity_id, at=at)
    if capacity is None:
        raise ActivationRefusedError(Fault.NOT_YOURS)
    space = activating.space_of(person_id)
    fault = activating.fault_of(person=person, space=space)
    if fault is not None:
        raise ActivationRefusedError(fault)
    by_id = None if capacity is Capacity.SELF else acting.identity_id
    under_way = Activation.objects.select_for_update(of=("self",)).filter(person=person, by_id=by_id, finished_at=None)
    row = under_way.first() or Activation(person=person, by_id=by_id, ends_at=at)
    if row.ends_at <= at:
        row.started_at, row.ends_at, row.user_id, row.code_id = at, at + KEPT, None, None
        row.mail = row.mail_hash = ""
    row.capacity = capacity
    row.user_id = acting.user_id or row.user_id
    row.code = acting.code or row.code
    row.save()
    return row


def find(*, activation_id: UUID, visitor: Visitor, at: datetime) -> Activation | None:
    """The activation of this address, for whoever it belongs to; None for everybody else and after thirty days.

    Once somebody has signed in with it, the code alone shows it no more: the address they typed is theirs.
    """
    rows = Activation.objects.select_related("person__identity", "by", "code", "user")
    mine = Q(user=None, pk__in=visitor.shown)
    if visitor.user is not None:
        mine |= Q(user=visitor.user)
    if visitor.identity_id is not None:
        own = Q(by=None, person_id=visitor.identity_id) | Q(by_id=visitor.identity_id)
        mine |= Q(user=None) & own
    return rows.filter(mine, pk=activation_id, ends_at__gt=at).first()


def under_way(*, visitor: Visitor, at: datetime) -> list[Activation]:
    """What may be taken up again, the latest first."""
    if visitor.user is None:
        return []
    rows = Activation.objects.filter(user=visitor.user, finished_at=None, ends_at__gt=at)
    return list(rows.select_related("person__identity").order_by("-started_at", "pk"))


@transaction.atomic
def send_code(*, activation: Activation, user: User, mail: str, address: str, at: datetime) -> None:
    """Send a code of eight digits to the address that is to be used. Raises `MailNotSentError` beyond the limit."""
    verdict = limits.allow(act=MAIL, key=str(user.pk), at=at)
    if not verdict.allowed:
        raise MailNotSentError(verdict)
    activation.mail_hash = accounts.start_address_change(user=user, email=mail, address=address, at=at)
    activation.mail, activation.mail_sent_at, activation.user = mail, at, user
    activation.save(update_fields=["mail", "mail_hash", "mail_sent_at", "user"])


@transaction.atomic
def check_code(*, activation: Activation, user: User, code: str, at: datetime) -> bool:
    """Whether the code of the mail is right: from now on the person is written to there."""
    if not activation.mail_hash:
        return False
    right = accounts.finish_address_change(
        user=user, email=activation.mail, code=code, hashed=activation.mail_hash, at=at
    )
    if right:
        activation.mail_hash = ""
        activation.save(update_fields=["mail_hash"])
    return right


@transaction.atomic
def finish(
    *, activation: Activation, visitor: Visitor, withdraws: bool, choices: EmergencyChoices | None, at: datetime
) -> Activation:
    """Activate, keep the choices for emergencies when some were made, and end the activation; twice is once.

    Raises `ActivationRefusedError`: nothing was changed.
    """
    row = Activation.objects.select_for_update(of=("self",)).get(pk=activation.pk)
    if row.finished_at is not None:
        return row
    acting = acting_of(activation=activation, visitor=visitor)
    done = activating.activate(person_id=row.person_id, acting=acting, withdraws=withdraws, at=at)
    row.finished_at, row.outcome = at, done.outcome
    row.mail = row.mail_hash = ""  # the address belongs to the account now
    row.user_id = acting.user_id  # None for a letter, whoever has signed in to this browser since
    row.save()
    if done.space_id is not None and visitor.user is not None and choices is not None:
        _keep_choices(visitor.user, done.space_id, visitor.level, choices, at)
    return row


def acting_of(*, activation: Activation, visitor: Visitor) -> Acting:
    """Who acts: the person or their representative, signed in or by the code of the notice."""
    identity_id = activation.by_id or activation.person_id
    if visitor.user is not None and visitor.identity_id == identity_id:
        channel = Channel.ACCOUNT
        return Acting(identity_id=identity_id, channel=channel, user_id=visitor.user.pk, level=visitor.level)
    return Acting(identity_id=identity_id, channel=Channel.ONLINE, code=activation.code)


def _keep_choices(user: User, space_id: UUID, level: str, choices: EmergencyChoices, at: datetime) -> None:
    entry = enter(user=user, space_id=space_id, level=level, at=at)
    if entry is None:
        return
    seen = spaces.emergency_setting(space_id=space_id).choices.code
    spaces.change_emergency_choices(actor=entry.actor, seen=seen, wanted=choices, at=at)
