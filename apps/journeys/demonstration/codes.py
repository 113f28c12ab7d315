"""Codes of notices that a visitor of the demonstration may use: letters that nobody prints (SPA-07)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.accounts.models import InsIdentity
from apps.rollout.codes import code_of
from apps.rollout.models import EligiblePerson, Notice
from apps.rollout.symbols import grouped

_SITUATIONS = tuple(EligiblePerson.Situation)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitorsCode:
    """`code` as the letter shows it, the birth date that goes with it, and whom the notice is about.

    `number`: fifteen digits of the addressee, which an activation asks for (SPA-40).
    """

    code: str
    birth_date: str
    situation: str
    name: str
    number: str


def codes(*, at: datetime, of_each: int = 2) -> Iterator[VisitorsCode]:
    """Some people of each situation whose six weeks run, the same ones each time. A query each."""
    running = Notice.objects.filter(
        kind=Notice.Kind.FIRST,
        state=Notice.State.SENT,
        window_ends_at__gt=at,
        code__ended_at=None,
        person__state=EligiblePerson.State.NOTICE_SENT,
    )
    for situation in _SITUATIONS:
        rows = (
            running.filter(person__situation=situation)
            .select_related("person__identity", "reader")
            .order_by("person", "pk")
        )
        for notice in rows.distinct("person")[:of_each]:
            if notice.code_id is not None:
                yield _code(notice.code_id, notice.person.identity, notice.reader, situation.value)


def _code(code_id: UUID, person: InsIdentity, reader: InsIdentity | None, situation: str) -> VisitorsCode:
    return VisitorsCode(
        code=grouped(code_of(code_id)),
        birth_date=person.birth_date,
        situation=situation,
        name=f"{person.given_name_in_use} {person.birth_family_name}",
        number=(reader or person).number.full,
    )
