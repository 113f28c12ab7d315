"""What somebody wants for a space that is to be opened, who says it and by which way; why it cannot be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.accounts.models import InsIdentity, User
from apps.rollout.models import Capacity, Channel, Notice, NoticeCode
from apps.rollout.services.identifying import WEB

UNSIGNED = frozenset({Channel.ONLINE, Channel.ACCOUNT})  # nobody types it in for the person


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Where the receipt goes: a mail to `mail` (empty: the register's address), or the register's postal address."""

    channel: Notice.Channel
    mail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """The letter or the form as it came, in the vault of the scans."""

    vault_id: UUID
    file_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One wish as it was said (SPA-07).

    `by`: the representative of the register who speaks, None when it is the person, or nobody knows. `code`: the notice
    that was shown. `received_at`: the date of effect; for a letter the day it came. `operator` of a helped channel.
    """

    channel: Channel
    capacity: Capacity
    received_at: datetime
    by: InsIdentity | None = None
    code: NoticeCode | None = None
    operator: User | None = None
    scan: Scan | None = None
    contact: Contact | None = None

    @property
    def actor_id(self) -> str:
        """For the history of states: the operator, or the web with the representative who spoke there."""
        if self.operator is not None:
            return str(self.operator.pk)
        return f"{WEB}:{self.by.pk}" if self.by is not None else WEB


class WishRefusedError(Exception):
    """Nothing was recorded."""


class NotConcernedError(WishRefusedError):
    """No space is to be opened for this person: nobody of the register, deceased, no longer eligible."""


class AlreadyOpenError(WishRefusedError):
    """The space is open since `opened_at`: it can be closed, no longer be refused (S29)."""

    def __init__(self, opened_at: datetime | None) -> None:
        super().__init__()
        self.opened_at = opened_at


class CodeEndedError(WishRefusedError):
    """The code was replaced between two steps."""


class CapacityError(WishRefusedError):
    """This capacity does not go with this person: a minor for themselves, a parent for an adult, somebody who assists
    (SPA-47, SPA-51).
    """


class ConflictOpenError(WishRefusedError):
    """Two requests contradict each other: nothing changes before an operator has decided (decisions.md 7)."""


class EarlierWishError(WishRefusedError):
    """The opposition was received after this: the later will stands (ROL-14)."""


class ReopeningError(WishRefusedError):
    """The opposition had closed a space: opening that one again is another act (SPA-34)."""


class NothingToWithdrawError(WishRefusedError):
    """No opposition stands, and none did."""
