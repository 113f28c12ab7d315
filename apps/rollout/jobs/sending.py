"""Mails of notices from the outbox to the relay: leased before, settled after, repeated as the same mail (REL-08).

In batches over one connection; each batch reads the stop again and is over within half a minute (REL-10). What a batch
did not come to is given back as it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from time import monotonic

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.models import F, QuerySet

from apps.common.dates import PARIS, midnight
from apps.common.failpoints import reach
from apps.notifications.gateways.base import (
    HandoverUncertainError,
    LetterRefusedError,
    Relay,
    RelayUnavailableError,
)
from apps.rollout.jobs.fitting import contacts, halts, may_leave, unfit
from apps.rollout.jobs.returning import NO_ADDRESS, READER_DIED, Failure, fail
from apps.rollout.jobs.windows import begin_windows, lock_people, wake_codes
from apps.rollout.jobs.wording import shown_code, wanted_of
from apps.rollout.mails import Mail, letter_of
from apps.rollout.models import EligiblePerson, Notice
from apps.rollout.texts import BEGINS_WINDOW, UNTIL
from apps.rollout.window import last_day, window_end

State = Notice.State
ACTOR = "rollout.send"
BATCH = 50  # mails leased at a time
GROUP = 10  # mails settled in one transaction: at most so many are repeated, as the same mails, after a kill
SECONDS = 30.0  # longest batch
RUN = 150.0  # longest run of batches, well before the time limit of a task
LEASE = timedelta(minutes=5)
# After the first, second, third and fourth try; after the fifth a refused mail becomes a letter (REL-07).
WAITS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
RELAY_AWAY = timedelta(minutes=5)
TRIES = len(WAITS) + 1
TRYING, UNCERTAIN = "trying", "uncertain"  # reasons
_DUE = (State.PREPARED, State.UNCERTAIN)


class Outcome(StrEnum):
    """What became of a try."""

    SENT = "sent"
    REFUSED = "refused"
    LATER = "later"
    UNCERTAIN = "uncertain"
    AWAY = "away"
    LOST = "lost"  # the lease was over before its turn came


@dataclass(frozen=True, slots=True, kw_only=True)
class _Try:
    """A leased notice; `was` is its state before, `reason` why it was not sent before."""

    notice: Notice
    was: Notice.State
    reason: str


@dataclass(slots=True, kw_only=True)
class _Leased:
    """What to try, and what fails without a try, with the reason."""

    tries: list[_Try] = field(default_factory=list)
    lost: list[tuple[Notice, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    tried: _Try
    outcome: Outcome
    reason: str = ""


def send_due(*, relay: Relay, at: datetime, at_most: int = BATCH, seconds: float = SECONDS) -> Counter[str]:
    """Hand one batch of due mails to the relay. Run twice, even at once, each leaves once: the lease decides.

    Returns how many came to which outcome; empty when nothing is due, or everything is stopped.
    """
    deadline = monotonic() + min(seconds, _seconds_of_today(at))
    counts: Counter[str] = Counter()
    group: list[_Done] = []
    leased = _lease(at, at_most)
    for notice, reason in leased.lost:
        fail(notice_id=notice.pk, failure=_failure(reason, _DUE), at=at)
    waiting = leased.tries
    while waiting and monotonic() < deadline:
        one = waiting.pop(0)
        done = _tried(one, relay)
        if done.outcome is Outcome.AWAY:
            waiting.insert(0, one)
            counts[done.outcome] += 1
            break
        group.append(done)
        counts[done.outcome] += 1
        if len(group) == GROUP:
            _settle(group, at)
            group = []
    _settle(group, at)
    _give_back(waiting, due_at=at + RELAY_AWAY if counts[Outcome.AWAY] else at)
    return counts


def reclaim(*, at: datetime) -> int:
    """Mails whose lease is over, because the machine ended: of those that were being tried nobody knows whether they
    left, the others are as they were. Returns their number.
    """
    lost = Notice.objects.filter(state=State.SENDING, leased_until__lt=at).order_by("leased_until", "id")
    tried = list(lost.filter(reason=TRYING))
    for notice in tried:
        _uncertain(notice, at)
    untried = lost.order_by()
    back = untried.filter(reason=UNCERTAIN).update(state=State.UNCERTAIN, leased_until=None, due_at=at)
    return len(tried) + back + untried.update(state=State.PREPARED, leased_until=None, due_at=at)


def send_while_due(
    *, relay: Relay, now: Callable[[], datetime], at_most: int = BATCH, seconds: float = RUN
) -> Counter[str]:
    """Batch after batch until nothing is due, the relay is away or the time is over. `now` is asked before each."""
    deadline, counts = monotonic() + seconds, Counter[str]()
    reclaim(at=now())
    while monotonic() < deadline:
        batch = send_due(relay=relay, at=now(), at_most=at_most)
        counts += batch
        if not batch or batch[Outcome.AWAY]:
            break
    return counts


def _seconds_of_today(at: datetime) -> float:
    """Until midnight in Paris: what leaves after it is the sending of another day, and another batch."""
    tomorrow = midnight(at.astimezone(PARIS).date() + timedelta(days=1))
    return (tomorrow.astimezone(UTC) - at).total_seconds()


@transaction.atomic
def _lease(at: datetime, at_most: int) -> _Leased:
    rows = Notice.objects.filter(channel=Notice.Channel.MAIL, state__in=_DUE, due_at__lte=at)
    rows = may_leave(rows, now=halts()).select_for_update(of=("self",), skip_locked=True)
    found = list(rows.select_related("person__identity", "reader", "code").order_by("due_at", "id")[:at_most])
    lines = contacts(found)
    leased = _Leased()
    for notice in found:
        _take(notice, lines[notice.pk], at, leased)
    changed = ["state", "leased_until", "address", "facts"]
    Notice.objects.bulk_update([one.notice for one in leased.tries], changed)
    return leased


def _take(notice: Notice, line: EligiblePerson, at: datetime, leased: _Leased) -> None:
    """Lease a notice, cancel it, or have it fail."""
    reason = unfit(notice)
    if reason:
        notice.state, notice.due_at, notice.ended_at, notice.reason = State.CANCELLED, None, at, reason
        notice.save(update_fields=["state", "due_at", "ended_at", "reason"])
        return
    address = notice.address or line.mail
    if notice.reader is not None and notice.reader.died_on is not None:
        leased.lost.append((notice, READER_DIED))
    elif not address:
        leased.lost.append((notice, NO_ADDRESS))
    else:
        leased.tries.append(_Try(notice=notice, was=Notice.State(notice.state), reason=notice.reason))
        notice.state, notice.leased_until = State.SENDING, at + LEASE
        notice.address = address
        if notice.kind in BEGINS_WINDOW and UNTIL not in notice.facts:
            notice.facts = {**notice.facts, UNTIL: last_day(window_end(at)).isoformat()}


def _tried(one: _Try, relay: Relay) -> _Done:
    """Say that the try begins, then hand the mail over: the rows tell later which of a batch were tried."""
    if not _begin(one.notice):
        return _Done(tried=one, outcome=Outcome.LOST)
    reach("rollout.sending.before_relay")
    try:
        validate_email(one.notice.address)
        relay.hand_over(letter_of(_mail(one.notice)))
    except RelayUnavailableError:
        _mine(one.notice).update(attempts=F("attempts") - 1, reason=one.reason)
        return _Done(tried=one, outcome=Outcome.AWAY)
    except HandoverUncertainError:
        return _Done(tried=one, outcome=Outcome.UNCERTAIN)
    except ValidationError:
        return _Done(tried=one, outcome=Outcome.REFUSED, reason="bad-address")
    except LetterRefusedError as error:
        over = error.permanent or one.notice.attempts >= TRIES
        return _Done(tried=one, outcome=Outcome.REFUSED if over else Outcome.LATER, reason=f"smtp-{error.code}")
    reach("rollout.sending.after_relay")
    return _Done(tried=one, outcome=Outcome.SENT)


@transaction.atomic
def _begin(notice: Notice) -> bool:
    """False when the lease is lost: somebody else may have the mail by now.

    Not waited for on the disk: a database that forgets it in a crash has the mail repeated as the same one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    rows = Notice.objects.filter(pk=notice.pk, state=State.SENDING, leased_until=notice.leased_until)
    begun = rows.update(attempts=F("attempts") + 1, reason=TRYING)
    notice.attempts += begun
    return bool(begun)


def _mail(notice: Notice) -> Mail:
    until = notice.facts.get(UNTIL)
    return Mail(
        address=notice.address,
        message_id=notice.message_id,
        text=wanted_of(notice, until=date.fromisoformat(until) if until else None),
        about=notice.person.identity,
        code=shown_code(notice),
    )


def _settle(group: Sequence[_Done], at: datetime) -> None:
    """Write the ends of these tries; a later try of a mail, after a lost lease, is not overwritten."""
    sent = [done.tried.notice for done in group if done.outcome is Outcome.SENT]
    with transaction.atomic():
        _settle_sent(sent, at)
        reach("rollout.sending.before_commit")
    for done in group:
        notice = done.tried.notice
        if done.outcome is Outcome.UNCERTAIN:
            _uncertain(notice, at)
        elif done.outcome is Outcome.LATER:
            due = at + WAITS[notice.attempts - 1]
            _mine(notice).update(state=State.PREPARED, leased_until=None, due_at=due, reason=done.reason)
        elif done.outcome is Outcome.REFUSED:
            fail(notice_id=notice.pk, failure=_failure(done.reason, (State.SENDING, State.UNCERTAIN)), at=at)


def _settle_sent(sent: Sequence[Notice], at: datetime) -> None:
    if not sent:
        return
    lock_people(notice.person_id for notice in sent)
    leased = Notice.objects.filter(
        pk__in=[notice.pk for notice in sent],
        state__in=(State.SENDING, State.UNCERTAIN),
    )
    values = {"state": State.SENT, "leased_until": None, "due_at": None, "sent_at": at, "reason": ""}
    leased.exclude(kind__in=BEGINS_WINDOW).update(**values)
    leased.filter(kind__in=BEGINS_WINDOW).update(**values, window_ends_at=window_end(at))
    wake_codes(notices=[notice.pk for notice in sent], at=at)
    begin_windows(people=[notice.person_id for notice in sent], at=at, actor=ACTOR, channel=Notice.Channel.MAIL)


def _uncertain(notice: Notice, at: datetime) -> None:
    """To be repeated as the same message; after the last try it stays uncertain for an operator to see.

    It may have arrived: the code that it carries is the live one.
    """
    due = at + WAITS[notice.attempts - 1] if notice.attempts < TRIES else None
    with transaction.atomic():
        _mine(notice).update(state=State.UNCERTAIN, leased_until=None, due_at=due, reason=UNCERTAIN)
        wake_codes(notices=[notice.pk], at=at)


def _give_back(waiting: Sequence[_Try], *, due_at: datetime) -> None:
    """Mails that no try was made with; what somebody else has leased since is theirs."""
    for was, leased_until in {(one.was, one.notice.leased_until) for one in waiting}:
        mine = [one.notice.pk for one in waiting if one.was is was]
        rows = Notice.objects.filter(pk__in=mine, state=State.SENDING, leased_until=leased_until)
        rows.update(state=was, leased_until=None, due_at=due_at)


def _mine(notice: Notice) -> QuerySet[Notice]:
    return Notice.objects.filter(pk=notice.pk, attempts=notice.attempts, state__in=(State.SENDING, State.UNCERTAIN))


def _failure(reason: str, expected: tuple[Notice.State, ...]) -> Failure:
    return Failure(state=State.FAILED, reason=reason, actor=ACTOR, expected=expected)
