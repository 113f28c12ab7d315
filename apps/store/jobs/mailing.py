"""The outbox of the store to the relay: leased before, settled after, repeated as the same mail (REL-01, REL-08)."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from time import monotonic

import structlog
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q

from apps.common.failpoints import reach
from apps.notifications.gateways.base import (
    HandoverUncertainError,
    LetterRefusedError,
    Relay,
    RelayUnavailableError,
)
from apps.store.mails import letter_of
from apps.store.models import Mail

SECONDS = 120.0
LEASE = timedelta(seconds=330)
WAITS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
TRIES = len(WAITS) + 1
AWAY = timedelta(minutes=1)
State = Mail.State
logger = structlog.get_logger(__name__)


def send_due(*, relay: Relay, at: datetime, seconds: float = SECONDS) -> Counter[str]:
    """Hand over what is due, oldest first. Run twice, even at once, each mail leaves once: the lease decides."""
    end, counts = monotonic() + seconds, Counter[str]()
    while monotonic() < end:
        mail = _claim(at)
        if mail is None:
            break
        if mail.state != State.DUE:
            counts["dropped"] += 1
            continue
        reach("store.mail.claimed")
        outcome = _try(mail, relay, at)
        counts[outcome] += 1
        if outcome == "away":
            break
    return counts


@transaction.atomic
def _claim(at: datetime) -> Mail | None:
    """The next mail, for this run alone; dropped instead when all its tries have died (REL-07)."""
    rows = Mail.objects.select_for_update(of=("self",), skip_locked=True).select_related("user")
    free = Q(leased_until=None) | Q(leased_until__lt=at)
    mail = rows.filter(free, state=State.DUE, due_at__lte=at).order_by("due_at", "id").first()
    if mail is None:
        return None
    if mail.attempt >= TRIES:
        logger.error("store.mail.dropped", mail=str(mail.id), template=mail.template)
        _drop(mail, "died")
        return mail
    mail.leased_until, mail.attempt = at + LEASE, mail.attempt + 1
    mail.save(update_fields=["leased_until", "attempt"])
    return mail


def _try(mail: Mail, relay: Relay, at: datetime) -> str:
    try:
        validate_email(mail.user.email)
        relay.hand_over(letter_of(mail))
    except RelayUnavailableError:
        mail.attempt -= 1
        return _later(mail, at + AWAY, "relay-away", "away")
    except HandoverUncertainError:
        return _again(mail, at, "uncertain")
    except LetterRefusedError as error:
        return _drop(mail, "refused") if error.permanent else _again(mail, at, "refused")
    except ValidationError:
        return _drop(mail, "no-address")
    reach("store.mail.handed")
    mail.state, mail.sent_at, mail.leased_until, mail.problem = State.SENT, at, None, ""
    mail.save(update_fields=["state", "sent_at", "leased_until", "problem"])
    return "sent"


def _again(mail: Mail, at: datetime, problem: str) -> str:
    """The same mail with the same id once more: who gets it twice sees one."""
    if mail.attempt >= TRIES:
        return _drop(mail, problem)
    return _later(mail, at + WAITS[mail.attempt - 1], problem, "later")


def _later(mail: Mail, due_at: datetime, problem: str, outcome: str) -> str:
    mail.due_at, mail.leased_until, mail.problem = due_at, None, problem
    mail.save(update_fields=["due_at", "leased_until", "attempt", "problem"])
    return outcome


def _drop(mail: Mail, problem: str) -> str:
    mail.state, mail.leased_until, mail.problem = State.DROPPED, None, problem
    mail.save(update_fields=["state", "leased_until", "problem"])
    return "dropped"
