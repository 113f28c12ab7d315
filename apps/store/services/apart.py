"""Who may not take a turn of a dossier: three readers, and nobody decides about what they have judged (STO-19)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.db.models import Case, CharField, OuterRef, Q, Value, When

from apps.store.models import Candidacy, Decision
from apps.store.services.errors import SamePersonError
from apps.store.states import Queue

_Who = UUID | OuterRef


def _assessed(who: _Who) -> Q:
    """The assessor now, or somebody before them: whoever has given one verdict knows what they have said."""
    return Q(assessor=who) | Q(judgements__by=who)


def _decided(who: _Who) -> Q:
    """The refusal that waits for its second person, or the decision that is appealed (STO-45)."""
    proposed = Q(
        queue=Queue.CONFIRMER, decisions__kind=Decision.Kind.REFUSE, decisions__confirmed_at=None,
        decisions__returned_at=None, decisions__decided_by=who,
    )  # fmt: skip
    appealed = Q(queue=Queue.APPEALS, appeals__closed_at=None)
    return proposed | appealed & (Q(appeals__decided_by=who) | Q(appeals__confirmed_by=who))


_ARE: Mapping[str, Callable[[_Who], Q]] = {
    "assessor": _assessed,
    "second_reader": lambda who: Q(second_reader=who),
    "privacy_reader": lambda who: Q(privacy_reader=who),
    "decided_by": _decided,
}
_JUDGES = ("assessor", "second_reader", "privacy_reader")
# Parts whose person may not take this turn; the desk and the secretariat judge nothing.
_APART: Mapping[Queue, tuple[str, ...]] = {
    Queue.ASSESSOR: ("second_reader", "privacy_reader"),
    Queue.SECOND_READER: ("assessor", "privacy_reader"),
    Queue.PRIVACY: ("assessor", "second_reader"),
    Queue.DELEGATE: _JUDGES,
    Queue.CONFIRMER: (*_JUDGES, "decided_by"),
    Queue.APPEALS: (*_JUDGES, "decided_by"),
}


def dossiers_not_for(who: _Who) -> Q:
    """Dossiers whose turn is not for this person: a condition that may name a row more than once."""
    found = Q(pk__in=[])
    for queue, parts in _APART.items():
        for part in parts:
            found |= Q(queue=queue) & _ARE[part](who)
    return found


def part_of(candidacy: Candidacy, *, user_id: UUID) -> str:
    """The part that keeps this person out of the turn that runs; empty when they may take it. One query at most."""
    parts = _APART.get(Queue(candidacy.queue), ()) if candidacy.queue else ()
    if not parts:
        return ""
    named = Case(*(When(_ARE[part](user_id), then=Value(part)) for part in parts), output_field=CharField())
    rows = Candidacy.objects.filter(pk=candidacy.pk).annotate(part=named).exclude(part=None)
    return rows.values_list("part", flat=True).first() or ""


def require(candidacy: Candidacy, *, user_id: UUID) -> None:
    """Raises `SamePersonError`: its part says what this person has done with the dossier."""
    if part := part_of(candidacy, user_id=user_id):
        raise SamePersonError(part)
