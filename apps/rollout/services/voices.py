"""Who may speak for a person of the register, who else does, and when two of them contradict each other.

SPA-43, SPA-47, SPA-50, SPA-51; decisions.md 7.
"""

from __future__ import annotations

from datetime import datetime

from apps.accounts.models import InsIdentity
from apps.rollout.models import Capacity, EligiblePerson, Notice, NoticeCode, Opposition, PersonTransition
from apps.rollout.services import capacity
from apps.rollout.services.identifying import WEB
from apps.rollout.services.wishes import CapacityError, Wish
from apps.spaces.majority import is_minor

_ASSISTED = frozenset({
    EligiblePerson.Measure.CURATORSHIP,
    EligiblePerson.Measure.CURATORSHIP_EXTENDED,
    EligiblePerson.Measure.JUDICIAL_SAFEGUARD,
})  # fmt: skip


def capacities_of(person: EligiblePerson, *, at: datetime) -> tuple[Capacity, ...]:
    """In which capacities somebody may speak: a parent for a minor, adults for themselves (SPA-47).

    The person in charge of an adult may, too, unless the register knows a measure that only assists (SPA-50, SPA-51).
    """
    if is_minor(person.identity.born_on, at=at):
        return (Capacity.PARENT,)
    if person.measure in _ASSISTED:
        return (Capacity.SELF,)
    return (Capacity.SELF, Capacity.PROTECTOR)


def require_capacity(person: EligiblePerson, *, wish: Wish, at: datetime) -> None:
    """Raises `CapacityError`."""
    if wish.capacity not in capacities_of(person, at=at):
        raise CapacityError


def voice_of(person: EligiblePerson, *, capacity: str, by: InsIdentity | None) -> InsIdentity | None:
    """Whose will it is; None when nobody knows which of several people spoke."""
    return by if capacity != Capacity.SELF else person.identity


def contradicts(person: EligiblePerson, *, wish: Wish, earlier: InsIdentity | None, at: datetime) -> bool:
    """Whether the wish is that of another known voice than the earlier, opposite one.

    An adult without protection decides alone, whatever a parent said before the majority (SPA-48).
    """
    own = wish.capacity == Capacity.SELF and person.situation != EligiblePerson.Situation.PROTECTED
    if own and not is_minor(person.identity.born_on, at=at):
        return False
    voice = voice_of(person, capacity=wish.capacity, by=wish.by)
    return voice is not None and earlier is not None and voice.pk != earlier.pk


def representatives_of(person: EligiblePerson) -> list[InsIdentity]:
    """The representatives whom the file names and the portal knows, as `capacity` finds them."""
    ids = capacity.representatives_of(person)
    return list(InsIdentity.objects.filter(pk__in=ids).order_by("id")) if ids else []


def reader_of(code: NoticeCode) -> InsIdentity | None:
    """To whom the notice of this code was addressed, when it was not the person themselves (SPA-40)."""
    sent = Notice.objects.filter(code=code).exclude(reader=None)
    notice = sent.select_related("reader").order_by("prepared_at", "id").last()
    return notice.reader if notice is not None else None


def who_asked_to_open(person: EligiblePerson) -> InsIdentity | None:
    """Whose wish the opening was, by the withdrawn opposition or the history of states; None when not known."""
    withdrawn = Opposition.objects.filter(person=person).exclude(withdrawn_at=None)
    last = withdrawn.select_related("withdrawn_by").order_by("withdrawn_at", "id").last()
    if last is not None:
        return voice_of(person, capacity=last.withdrawn_capacity, by=last.withdrawn_by)
    asked = PersonTransition.objects.filter(person_id=person.pk, to_state=EligiblePerson.State.OPENING_ASKED)
    step = asked.order_by("id").last()
    said = step.actor.partition(f"{WEB}:")[2] if step is not None else ""
    return InsIdentity.objects.filter(pk=said).first() if said else None
