"""What operators do about notices that came back, or could not leave (RO-05, SPA-04, S25)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.audit.services import Line, record
from apps.rollout.jobs.readers import Reader
from apps.rollout.jobs.returning import Failure, fail
from apps.rollout.jobs.telling import reached, tell, way_of
from apps.rollout.letters import read_reference
from apps.rollout.models import EligiblePerson, Notice
from apps.rollout.services.acting import person_who_acts
from apps.rollout.transitions import Step, move
from apps.rollout.writing import NewNotice, new_code

Hold, State = EligiblePerson.Hold, EligiblePerson.State
_OURS = (Hold.RETURNED, Hold.NO_REPRESENTATIVE)


class Entered(StrEnum):
    """What became of one reference that an operator typed."""

    RETURNED = "returned"
    KNOWN = "known"  # entered before
    UNKNOWN = "unknown"  # no letter that was handed over has it


class UnknownPersonError(Exception):
    """No such person."""


class NothingToSendError(Exception):
    """The person does not wait for a new notice, or the register still knows nobody to write to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredLine:
    """One line of a list of returned letters."""

    typed: str
    result: Entered


def enter_returned(*, actor: Actor, references: list[str], at: datetime) -> list[EnteredLine]:
    """Letters that the post brought back, by the reference in their window or the id of the notice.

    Each person waits for an operator with a hold, or for the other reader's letter. Raises `AccessDeniedError`.
    """
    person_who_acts(actor)
    return [EnteredLine(typed=typed, result=_enter(actor, typed, at)) for typed in references]


@transaction.atomic
def write_again(*, actor: Actor, person_id: UUID, at: datetime) -> None:
    """Lift the hold of somebody whose notice came back or had no reader, and write to whom the register names now.

    Six weeks begin anew with the sending. Raises `UnknownPersonError`, `NothingToSendError`, `AccessDeniedError`.
    """
    user = person_who_acts(actor)
    people = EligiblePerson.objects.select_for_update(of=("self",)).select_related("wave")
    person = people.filter(pk=person_id).first()
    if person is None:
        raise UnknownPersonError(person_id)
    if person.hold not in _OURS or person.state not in (State.ELIGIBLE, State.NOTICE_FAILED):
        raise NothingToSendError
    readers = reached(person, at=at)
    if not readers:
        raise NothingToSendError
    person.hold = ""
    person.save(update_fields=["hold"])
    if person.state == State.NOTICE_FAILED:
        _write(person, readers, at)
        move(person, Step(to=State.NOTICE_QUEUED, at=at, actor=str(user)))
    record(actor=actor, at=at, line=Line(action="rollout.notice.write_again", target=f"person:{person.pk}"))


@transaction.atomic
def by_letter(*, actor: Actor, notice_id: UUID, at: datetime) -> bool:
    """Have a letter follow a mail of which nobody knows whether it left (REL-08). False when it is settled since.

    Raises `AccessDeniedError`.
    """
    user = person_who_acts(actor)
    rows = Notice.objects.filter(pk=notice_id, state=Notice.State.UNCERTAIN, due_at=None)
    if not rows.exists():
        return False
    failure = Failure(
        state=Notice.State.FAILED, reason="uncertain", actor=str(user), expected=(Notice.State.UNCERTAIN,)
    )
    done = fail(notice_id=notice_id, failure=failure, at=at)
    record(actor=actor, at=at, line=Line(action="rollout.notice.by_letter", target=f"notice:{notice_id}"))
    return done


def _enter(actor: Actor, typed: str, at: datetime) -> Entered:
    notice = _notice_of(typed)
    if notice is None:
        return Entered.UNKNOWN
    failure = Failure(
        state=Notice.State.RETURNED,
        reason="letter-returned",
        actor=str(actor.user_id),
        expected=(Notice.State.SENT,),
    )
    with transaction.atomic():
        done = fail(notice_id=notice.pk, failure=failure, at=at)
        if done:
            record(actor=actor, at=at, line=Line(action="rollout.notice.returned", target=f"notice:{notice.pk}"))
    return Entered.RETURNED if done else Entered.KNOWN


def _notice_of(typed: str) -> Notice | None:
    """A letter that was handed over."""
    letters = Notice.objects.filter(channel=Notice.Channel.POST, sent_at__isnull=False)
    found = read_reference(typed)
    if found is not None:
        batch, place = found
        ids = Notice.objects.filter(batch__number=batch).order_by("pk").values_list("pk", flat=True)
        return letters.filter(pk__in=list(ids[place - 1 : place])).first() if place else None
    try:
        return letters.filter(pk=UUID(typed.strip())).first()
    except ValueError:
        return None


def _write(person: EligiblePerson, readers: list[Reader], at: datetime) -> None:
    """With a new code: the one before lies in somebody else's hands, perhaps."""
    code = new_code(person=person, at=at)
    new = NewNotice(kind=Notice.Kind.AGAIN, key=f"again:{code.pk}", channel=way_of(person), code=code)
    tell(person=person, readers=readers, new=new, at=at)
