"""A notice that failed or came back: the mail is followed by a letter, the six weeks begin anew (SPA-04, REL-01)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from apps.rollout.models import EligiblePerson, Notice, NoticeCode
from apps.rollout.texts import BEGINS_WINDOW, UNTIL
from apps.rollout.transitions import Step, move
from apps.rollout.writing import NewNotice, write_notice

Hold, State = EligiblePerson.Hold, EligiblePerson.State
READER_DIED, NO_ADDRESS = "reader-died", "no-address"
_WAITS = (State.NOTICE_QUEUED, State.NOTICE_SENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What became of a notice: `state` FAILED or RETURNED, a code for the reason, who says so."""

    state: Notice.State
    reason: str
    actor: str
    expected: tuple[Notice.State, ...]  # states from which it may happen; else nothing is done


@transaction.atomic
def fail(*, notice_id: UUID, failure: Failure, at: datetime) -> bool:
    """End a notice and do what follows, once. False when it was in another state already.

    A mail is followed by a letter with the same code where the register knows a street; the person goes back to
    NOTICE_QUEUED without a window, the dates of before stay on the notice. Otherwise the person waits for an operator:
    hold RETURNED, or NO_REPRESENTATIVE when the reader of a child is dead.
    """
    found = Notice.objects.filter(pk=notice_id).values_list("person_id", flat=True).first()
    person = EligiblePerson.objects.select_for_update(of=("self",)).filter(pk=found).first()
    notice = Notice.objects.select_for_update(of=("self",)).filter(pk=notice_id).first()
    if person is None or notice is None or notice.state not in failure.expected:
        return False
    notice.state, notice.ended_at, notice.reason = failure.state, at, failure.reason
    notice.due_at = notice.leased_until = None
    notice.save(update_fields=["state", "ended_at", "reason", "due_at", "leased_until"])
    if notice.kind in BEGINS_WINDOW:
        _again(person, notice, failure, at)
    elif notice.channel == Notice.Channel.MAIL and failure.reason != READER_DIED and _has_street(person, notice):
        _write_letter(person, notice, Notice.Kind(notice.kind), notice.code, at)
    return True


def _has_street(person: EligiblePerson, notice: Notice) -> bool:
    """Whether a letter can be addressed to the reader of a notice."""
    row = _contact_of(person, notice)
    return bool(row.street and row.post_code and row.city)


def _contact_of(person: EligiblePerson, notice: Notice) -> EligiblePerson:
    """The line of the register with the addresses of the reader: their own, else that of the person's household."""
    if notice.reader_id is None:
        return person
    return EligiblePerson.objects.filter(pk=notice.reader_id).first() or person


def _again(person: EligiblePerson, notice: Notice, failure: Failure, at: datetime) -> None:
    if person.state not in _WAITS or _is_replaced(notice):
        return  # they have chosen, or died: nothing is told to them any more; or they were written to anew
    failed = Step(
        to=State.NOTICE_FAILED, at=at, actor=failure.actor, channel=notice.channel, reason=failure.reason[:32]
    )
    by_letter = notice.channel == Notice.Channel.MAIL and failure.reason != READER_DIED and _has_street(person, notice)
    hold = Hold.NO_REPRESENTATIVE if failure.reason == READER_DIED else Hold.RETURNED
    move(person, failed, notice_sent_at=None, window_ends_at=None, **({} if by_letter else {"hold": hold}))
    if by_letter:
        code = NoticeCode.objects.filter(person=person, ended_at=None).first() or notice.code
        _write_letter(person, notice, Notice.Kind.AGAIN, code, at)
        move(person, Step(to=State.NOTICE_QUEUED, at=at, actor=failure.actor))


def _is_replaced(notice: Notice) -> bool:
    """Whether its reader has a notice with a later code, or the person one of their own since they are of age: the code
    that is live now is not for whom this one was for (SPA-48).
    """
    later = Notice.objects.filter(Q(reader=notice.reader_id) | Q(kind=Notice.Kind.MAJORITY), kind__in=BEGINS_WINDOW)
    return (
        notice.code is not None
        and later.filter(person=notice.person_id, code__issued_at__gt=notice.code.issued_at).exists()
    )


def _write_letter(
    person: EligiblePerson, notice: Notice, kind: Notice.Kind, code: NoticeCode | None, at: datetime
) -> None:
    new = NewNotice(
        kind=kind,
        key=f"again:{notice.pk}",
        channel=Notice.Channel.POST,
        reader=notice.reader,
        code=code,
        facts={name: value for name, value in notice.facts.items() if name != UNTIL},
    )
    write_notice(person=person, new=new, at=at)
