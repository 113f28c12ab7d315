"""Mails from the queue to the operator: leased before, settled after, repeated as the same mail (REL-01, REL-08).

A try is counted and committed before anything leaves, so that one which kills its process is counted too. A store, a
key or an operator that is away is not the mail's fault: such a try is taken back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from time import monotonic

import structlog
from django.db import transaction

from apps.access import SYSTEM
from apps.audit.services import Fact, Line, record
from apps.common.failpoints import reach
from apps.directory.trust import Trust, trusted
from apps.mss.gateways.base import (
    HandoverUncertainError,
    MailRefusedError,
    Outbound,
    Relay,
    RelayUnavailableError,
)
from apps.mss.mails.errors import NotReadyError, UnsendableError
from apps.mss.mails.letters import letter_of
from apps.mss.mails.notices import closing_of, receipt_of
from apps.mss.models import OutgoingMail

logger = structlog.get_logger(__name__)

SECONDS = 120.0  # of one run, well before the time limit of a task
LEASE = timedelta(seconds=330)  # a try that says nothing for so long has died: longer than a task may last
# After the first, second, third and fourth try; after the fifth the mail is parked (REL-07).
WAITS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
TRIES = len(WAITS) + 1
GIVES_UP = timedelta(days=5)  # RFC 5321 4.5.4.1: a mail on which every connection breaks is not tried for ever (REL-07)
AWAY = timedelta(minutes=1)
NOT_READY = timedelta(seconds=30)
TRYING, UNCERTAIN, RELAY_AWAY, OUTSIDE = "trying", "uncertain", "relay-away", "outside"
ACTOR = "mss.send"
State = OutgoingMail.State
DUE = (State.WAITING, State.SENDING, State.UNCERTAIN)
_Kind = OutgoingMail.Kind
_WRITERS: Mapping[str, Callable[[OutgoingMail], Outbound]] = {
    _Kind.LETTER: letter_of,
    _Kind.RECEIPT: receipt_of,
    _Kind.CLOSING: closing_of,
}


class Outcome(StrEnum):
    """What became of a try."""

    SENT = "sent"
    REFUSED = "refused"
    LATER = "later"
    UNCERTAIN = "uncertain"
    NOT_READY = "not-ready"
    AWAY = "away"
    UNSENDABLE = "unsendable"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    """How a try ended: a code for the row, and the status of RFC 3463 where the operator gave one."""

    outcome: Outcome
    problem: str = ""
    status: str = ""


def send_due(*, relay: Relay, at: datetime, seconds: float = SECONDS) -> Counter[str]:
    """Hand over what is due, oldest first, until nothing is, the operator is away or the time is over.

    Run twice, even at once, each mail leaves once: the lease decides. Returns how many came to which outcome.
    """
    end, counts = monotonic() + seconds, Counter[str]()
    while monotonic() < end:
        mail = _claim(at)
        if mail is None:
            break
        if mail.state != State.SENDING:
            continue
        reach("mss.send.claimed")
        ended = _tried(mail, relay) if _is_inside(mail, at) else _Ended(outcome=Outcome.REFUSED, problem=OUTSIDE)
        _settle(mail, ended, at)
        counts[ended.outcome] += 1
        if ended.outcome is Outcome.AWAY:
            break
    return counts


@transaction.atomic
def _claim(at: datetime) -> OutgoingMail | None:
    """The next mail with a try more, for this run alone; parked instead when its last try has died."""
    rows = OutgoingMail.objects.select_for_update(of=("self",), skip_locked=True)
    mail = rows.filter(state__in=DUE, due_at__lte=at).order_by("due_at", "id").first()
    if mail is None:
        return None
    if mail.attempts >= TRIES:
        _end(mail, State.PARKED, problem=UNCERTAIN, at=at)
        return mail
    mail.state, mail.due_at, mail.problem = State.SENDING, at + LEASE, TRYING
    mail.attempts += 1
    mail.save(update_fields=["state", "due_at", "problem", "attempts"])
    return mail


def _is_inside(mail: OutgoingMail, at: datetime) -> bool:
    """Nothing goes to a box whose domain has left the trust space since it wrote (MSS-01). Without a valid list nobody
    new has come in, and the operator that carries the mail knows his own.
    """
    return trusted(mail.address.rpartition("@")[2], at) is not Trust.UNKNOWN


def _tried(mail: OutgoingMail, relay: Relay) -> _Ended:
    try:
        outbound = _WRITERS[mail.kind](mail)
        reach("mss.send.before_relay")
        relay.hand_over(outbound)
    except NotReadyError as error:
        return _Ended(outcome=Outcome.NOT_READY, problem=error.lack)
    except UnsendableError as error:
        return _Ended(outcome=Outcome.UNSENDABLE, problem=error.lack)
    except RelayUnavailableError as error:
        logger.warning("mss_relay_away", reason=error.trouble)
        return _Ended(outcome=Outcome.AWAY, problem=RELAY_AWAY)
    except HandoverUncertainError:
        return _Ended(outcome=Outcome.UNCERTAIN, problem=UNCERTAIN)
    except MailRefusedError as error:
        outcome = Outcome.REFUSED if error.permanent else Outcome.LATER
        return _Ended(outcome=outcome, problem=f"smtp-{error.code}", status=error.status)
    reach("mss.send.after_relay")
    return _Ended(outcome=Outcome.SENT)


@transaction.atomic
def _settle(claimed: OutgoingMail, ended: _Ended, at: datetime) -> None:
    """Write down how a try ended, unless another run has taken the mail over, or somebody has ended it, since."""
    rows = OutgoingMail.objects.select_for_update(of=("self",))
    mail = rows.filter(pk=claimed.pk, state=State.SENDING, attempts=claimed.attempts).first()
    if mail is None:
        return
    mail.status_code = ended.status
    match ended.outcome:
        case Outcome.SENT:
            _end(mail, State.SENT, problem="", at=at)
        case Outcome.REFUSED | Outcome.UNSENDABLE:
            _end(mail, State.REFUSED, problem=ended.problem, at=at)
        case Outcome.AWAY if at - (mail.tried_since or mail.written_at) > GIVES_UP:
            _end(mail, State.PARKED, problem=ended.problem, at=at)
        case Outcome.AWAY | Outcome.NOT_READY:
            mail.attempts -= 1
            _wait(mail, ended, at + (AWAY if ended.outcome is Outcome.AWAY else NOT_READY))
        case Outcome.LATER | Outcome.UNCERTAIN if mail.attempts >= TRIES:
            _end(mail, State.PARKED, problem=ended.problem, at=at)
        case Outcome.LATER | Outcome.UNCERTAIN:
            _wait(mail, ended, at + WAITS[mail.attempts - 1])
    reach("mss.send.before_commit")


def _wait(mail: OutgoingMail, ended: _Ended, due_at: datetime) -> None:
    mail.state = State.UNCERTAIN if ended.outcome is Outcome.UNCERTAIN else State.WAITING
    mail.due_at, mail.problem = due_at, ended.problem
    mail.save(update_fields=["state", "due_at", "problem", "attempts", "status_code"])


def _end(mail: OutgoingMail, state: OutgoingMail.State, *, problem: str, at: datetime) -> None:
    mail.state, mail.ended_at, mail.problem = state, at, problem
    mail.save(update_fields=["state", "ended_at", "problem", "status_code"])
    facts: dict[str, Fact] = {"state": state.value, "reason": problem, "kind": str(mail.kind)}
    target = f"message:{mail.message_id or mail.about_id}"
    line = Line(action="mss.mail.end", target=target, scope_id=mail.space_id, actor_id=ACTOR, facts=facts)
    record(actor=SYSTEM, at=at, line=line)
    if state == State.PARKED:
        logger.error("mss_mail_parked", reason=problem)
