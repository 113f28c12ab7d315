"""From the outbox to the relay: leased before, settled after, repeated as the same mail if it must be (REL-08)."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from apps.common.failpoints import reach
from apps.notifications.gateways.base import (
    HandoverUncertainError,
    LetterRefusedError,
    Relay,
    RelayUnavailableError,
)
from apps.notifications.jobs.content import content_of
from apps.notifications.mails import Content, letter_of
from apps.notifications.models import OutgoingMail

State = OutgoingMail.State
LEASE = timedelta(minutes=5)  # longer than any try: the relay has ten seconds an answer
# After the first, second, third and fourth try; after the fifth the mail is given up (REL-07).
WAITS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
RELAY_AWAY = timedelta(minutes=5)
TRIES = len(WAITS) + 1
_DUE = (State.WAITING, State.UNCERTAIN)


class Outcome(StrEnum):
    """What became of a try."""

    NOTHING_DUE = "nothing-due"
    SENT = "sent"
    SUPPRESSED = "suppressed"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    RELAY_AWAY = "relay-away"


def deliver(*, mail_id: UUID, relay: Relay, at: datetime) -> Outcome:
    """Hand one due mail to the relay. Run twice, even at once, it leaves once: the lease decides."""
    leased = _lease(mail_id, at)
    if isinstance(leased, Outcome):
        return leased
    mail, content = leased
    reach("notifications.deliver.before_relay")
    try:
        validate_email(mail.address)
        relay.hand_over(letter_of(mail, address=mail.address, content=content))
    except RelayUnavailableError:
        _settle(mail, state=State.WAITING, due_at=at + RELAY_AWAY, attempts=mail.attempts - 1, reason="relay-away")
        return Outcome.RELAY_AWAY
    except HandoverUncertainError:
        _uncertain(mail, at)
        return Outcome.UNCERTAIN
    except (LetterRefusedError, ValidationError) as error:
        _refused(mail, error, at)
        return Outcome.REFUSED
    reach("notifications.deliver.after_relay")
    _settle(mail, state=State.SENT, due_at=None, sent_at=at, reason="")
    return Outcome.SENT


def reclaim(*, at: datetime) -> int:
    """Mails whose try never ended, because the machine did: nobody knows whether they left. Returns their number."""
    lost = OutgoingMail.objects.filter(state=State.SENDING, leased_until__lt=at).order_by("leased_until", "id")
    for mail in lost:
        _uncertain(mail, at)
    return len(lost)


@transaction.atomic
def _lease(mail_id: UUID, at: datetime) -> tuple[OutgoingMail, Content] | Outcome:
    rows = OutgoingMail.objects.select_for_update(of=("self",), skip_locked=True).select_related("user")
    mail = rows.filter(pk=mail_id, state__in=_DUE, due_at__lte=at).first()
    if mail is None:
        return Outcome.NOTHING_DUE
    content = content_of(mail, at=at)
    mail.address = mail.address or mail.user.email
    if content is None or not mail.address:
        mail.state, mail.due_at, mail.reason = (
            State.SUPPRESSED,
            None,
            "nothing-to-tell" if mail.address else "no-address",
        )
        mail.save(update_fields=["state", "due_at", "reason"])
        return Outcome.SUPPRESSED
    mail.state, mail.attempts, mail.leased_until = State.SENDING, mail.attempts + 1, at + LEASE
    mail.save(update_fields=["state", "attempts", "leased_until", "address"])
    return mail, content


def _uncertain(mail: OutgoingMail, at: datetime) -> None:
    """To be repeated as the same message; after the last try it stays uncertain for an operator to see."""
    _settle(mail, state=State.UNCERTAIN, due_at=_next_try(mail, at), uncertain_at=at, reason="uncertain")


def _refused(mail: OutgoingMail, error: LetterRefusedError | ValidationError, at: datetime) -> None:
    permanent = isinstance(error, ValidationError) or error.permanent
    reason = "bad-address" if isinstance(error, ValidationError) else f"smtp-{error.code}"
    again = None if permanent else _next_try(mail, at)
    state = State.FAILED if permanent else State.PARKED if again is None else State.WAITING
    _settle(mail, state=state, due_at=again, reason=reason)


def _next_try(mail: OutgoingMail, at: datetime) -> datetime | None:
    return at + WAITS[mail.attempts - 1] if mail.attempts < TRIES else None


def _settle(mail: OutgoingMail, **columns: object) -> None:
    """Write the end of this try; a later try of the same mail, after a lost lease, is not overwritten."""
    rows = OutgoingMail.objects.filter(pk=mail.pk, attempts=mail.attempts, state__in=(State.SENDING, State.UNCERTAIN))
    rows.update(leased_until=None, **columns)
