"""What a visit has recorded, as the page after it and the receipts show it (O-06)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.rollout.models import EligiblePerson, Opposition
from apps.rollout.services import receipts
from apps.rollout.services.receipts import Receipt
from apps.rollout.services.telling import Act
from apps.rollout.views.opposition_words import PersonWords, act_title, effect_of, paris, person_words
from apps.rollout.views.visits import Case, Visit
from apps.spaces.models import HealthSpace

_WITH_RECEIPT = {Act.OPPOSED.value: Act.OPPOSED, Act.CONFIRMED.value: Act.CONFIRMED, Act.WITHDRAWN.value: Act.WITHDRAWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneCase:
    """One person of the visit; `receipt` is None where nothing was recorded that needs one."""

    handle: str
    act: str
    title: str
    person: PersonWords
    receipt: Receipt | None
    at: str = ""
    effect: str = ""
    opening_at: datetime | None = None


def done_cases(visit: Visit) -> list[DoneCase]:
    """The one at hand first, then the others in the order of the visit. Three queries, however many they are."""
    ended = [case for case in visit.cases if case.act]
    people = _people(ended)
    oppositions = _oppositions(ended)
    spaces = {space.identity_id: space for space in HealthSpace.objects.filter(identity_id__in=people)}
    found = [
        _done(case, people[case.person], oppositions[case.person], spaces.get(case.person))
        for case in ended
        if case.person in people
    ]
    return sorted(found, key=lambda done: done.handle != visit.current)


def receipt_for(case: Case) -> Receipt | None:
    """The receipt of what this visit has recorded for the person; else of the opposition that stands."""
    space = HealthSpace.objects.filter(identity_id=case.person).first()
    rows = _oppositions([case])[case.person]
    receipt = _receipt(case, rows, space)
    if receipt is None and rows and rows[0].withdrawn_at is None:
        return receipts.receipt_of(rows[0], act=Act.OPPOSED)
    return receipt


def _done(case: Case, person: EligiblePerson, rows: list[Opposition], space: HealthSpace | None) -> DoneCase:
    receipt = _receipt(case, rows, space)
    return DoneCase(
        handle=case.handle,
        act=case.act,
        title=act_title(case.act),
        person=person_words(person),
        receipt=receipt,
        at=paris(receipt.at) if receipt is not None else "",
        effect=effect_of(receipt) if receipt is not None else "",
        opening_at=person.window_ends_at,
    )


def _receipt(case: Case, rows: list[Opposition], space: HealthSpace | None) -> Receipt | None:
    """Of the newest opposition to which this act happened: another one may have come since."""
    if case.act == "closed" and space is not None:
        return receipts.receipt_of_closing(space)
    act = _WITH_RECEIPT.get(case.act)
    found = (receipts.receipt_of(row, act=act) for row in rows) if act is not None else ()
    return next((receipt for receipt in found if receipt is not None), None)


def _people(cases: list[Case]) -> dict[UUID, EligiblePerson]:
    rows = EligiblePerson.objects.filter(pk__in=[case.person for case in cases]).select_related("identity")
    return {row.pk: row for row in rows}


def _oppositions(cases: list[Case]) -> defaultdict[UUID, list[Opposition]]:
    """Those of each, the newest first."""
    rows = Opposition.objects.filter(person_id__in=[case.person for case in cases]).select_related("person")
    found: defaultdict[UUID, list[Opposition]] = defaultdict(list)
    for row in rows.order_by("-entered_at", "-id"):
        found[row.person_id].append(row)
    return found
