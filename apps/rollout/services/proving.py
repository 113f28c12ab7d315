"""What proves that one may activate: the notice with a number, or with FranceConnect (decisions.md 6, SPA-40)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from apps.access import SYSTEM
from apps.accounts.models import InsIdentity
from apps.audit.services import Line, record
from apps.common import limits
from apps.rollout.jobs.readers import readers_of
from apps.rollout.models import EligiblePerson
from apps.rollout.services import identifying
from apps.rollout.services.capacity import representatives_of
from apps.rollout.services.identifying import ADDRESS, WEB, Standing

NUMBER = "activation_number"
_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified:
    """Code and birth date as they were typed; `address` of the browser, for the limits."""

    code: str
    birth_date: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """Whose space, who acts, by which code; `standing` says whether the code still acts."""

    person_id: UUID
    identity_id: UUID
    code_id: UUID
    standing: Standing


def prove_by_number(*, notified: Notified, number: str, at: datetime) -> Proved | None:
    """The notice and the number of its addressee: the person, or the representative it was sent to (SPA-40).

    `number`: thirteen characters, its key checked. None for every miss, after the same work: nobody learns which of the
    three was wrong. A wrong number counts like a wrong code; five for one code, and it proves nothing for a day.
    Raises `TooManyTriesError`.
    """
    found = _identified(notified, at)
    person_id, code_id = (found.person_id, found.code_id) if found is not None else (_NOBODY, _NOBODY)
    readers = [reader.reader_id or person_id for reader in readers_of([person_id], at=at)] or [_NOBODY]
    owner = _owner_of(number, readers)
    verdict = limits.look(keys={NUMBER: str(code_id)}, at=at)
    if found is not None and (owner is None or not verdict.allowed):
        limits.allow(act=NUMBER, key=str(code_id), at=at)
        limits.allow(act=ADDRESS, key=notified.address, at=at)
    proves = found is not None and owner is not None and verdict.allowed
    _trace("number", "proved" if proves else "failed", at)
    if found is None or owner is None or not verdict.allowed:
        return None
    return Proved(person_id=person_id, identity_id=owner, code_id=code_id, standing=found.standing)


def prove_by_sign_in(*, notified: Notified, identity_id: UUID, at: datetime) -> Proved | None:
    """The notice, typed by somebody whom FranceConnect has proved to be its person or a representative of theirs.

    None and a counted failure for everybody else. Raises `TooManyTriesError`.
    """
    found = _identified(notified, at)
    person = EligiblePerson.objects.filter(pk=found.person_id).first() if found is not None else None
    allowed = [person.pk, *representatives_of(person)] if person is not None else []
    _trace("sign-in", "proved" if identity_id in allowed else "failed", at)
    if found is None or identity_id not in allowed:
        if found is not None:
            limits.allow(act=ADDRESS, key=notified.address, at=at)
        return None
    return Proved(person_id=found.person_id, identity_id=identity_id, code_id=found.code_id, standing=found.standing)


def _identified(notified: Notified, at: datetime) -> identifying.Identified | None:
    return identifying.identify(typed=notified.code, birth_date=notified.birth_date, address=notified.address, at=at)


def _owner_of(number: str, readers: list[UUID]) -> UUID | None:
    """Which of the addressees has or had this number; one query, whoever they are."""
    rows = InsIdentity.objects.filter(Q(ins_number=number) | Q(former_numbers__ins_number=number), pk__in=readers)
    found = list(rows.order_by("pk").distinct().values_list("pk", flat=True))
    return found[0] if len(found) == 1 else None


def _trace(by: str, outcome: str, at: datetime) -> None:
    line = Line(action="rollout.activation.identify", actor_id=WEB, facts={"by": by, "outcome": outcome})
    record(actor=SYSTEM, at=at, line=line)
