"""What the filing of a message tells apps above and other parts of the mailbox, without knowing them.

A request to replace or to withdraw a document stands in its attachment (`replaces`, `is_withdrawal`); whoever changes
the record is told after the commit, may be told twice, and finds in the rows what was lost (MSS-52).
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID

from django.db import transaction

from apps.formats.mail.model import Dsn, Mdn


class RequestFollower(Protocol):
    """A document asks for a change of one that came before; the attachment is neither held nor infected."""

    def __call__(self, *, space_id: UUID, attachment_id: UUID) -> None: ...


class ReportTaker(Protocol):
    """A report about a message came; part of the transaction of the filing. True: it is taken and nothing is filed."""

    def __call__(self, *, space_id: UUID, report: Dsn | Mdn, at: datetime) -> bool: ...


_followers: list[RequestFollower] = []
_takers: list[ReportTaker] = []


def follow(follower: RequestFollower) -> None:
    """Called once, when the app is ready."""
    if follower not in _followers:
        _followers.append(follower)


def take_reports(taker: ReportTaker) -> None:
    """Called once, when the app is ready."""
    if taker not in _takers:
        _takers.append(taker)


def tell_of_request(*, space_id: UUID, attachment_id: UUID) -> None:
    """After the commit of the message."""
    for follower in _followers:
        transaction.on_commit(partial(follower, space_id=space_id, attachment_id=attachment_id), robust=True)


def is_taken(*, space_id: UUID, report: Dsn | Mdn, at: datetime) -> bool:
    """Whether somebody takes the report; else it is filed like any message, so that nothing is lost."""
    return any(taker(space_id=space_id, report=report, at=at) for taker in _takers)
