"""Letters that do not say clearly who writes: two claims of a rehearsal, one found, one given up (RO-06).

They lie on the desk while the six weeks of whom they may mean end: nothing opens before they are settled.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from uuid import UUID

from apps.common.dates import PARIS
from apps.rollout.models import Capacity, Channel, EligiblePerson
from apps.rollout.rehearsal.fates import Act, drawn, fate_of
from apps.rollout.rehearsal.plans import Plan
from apps.rollout.rehearsal.staff import Staff
from apps.rollout.services import claims, intake

_WRITTEN_DAY, _SETTLED_DAY = 39, 46  # five working days apart
_NOBODY = ("PERSONNE", "INCONNUE", "1950-01-01")


class Desk:
    """The post of the operators; openings that a claim may mean wait until it is settled."""

    def __init__(self, plan: Plan, staff: Staff, tally: Counter[str]) -> None:
        self._plan, self._staff, self._tally = plan, staff, tally
        self._writer: UUID | None = None
        self._found: UUID | None = None
        self._unknown: UUID | None = None

    def work(self, day: int) -> None:
        """What lies on the desk on this day."""
        if day == _WRITTEN_DAY:
            self._open(day)
        elif day == _SETTLED_DAY:
            self._settle(day)

    def _open(self, day: int) -> None:
        meant = self._some()
        made = [self._claim(_names(person), day) for person in meant]
        if meant:
            self._writer, self._found = meant[0].pk, made[0]
        self._unknown = made[1] if len(made) > 1 else self._claim(_NOBODY, day)
        self._tally["claims"] += 1 + (self._found is not None)

    def _claim(self, names: tuple[str, str, str], day: int) -> UUID:
        at = self._plan.at(day, 15)
        new = claims.NewClaim(
            channel=Channel.POST,
            capacity=Capacity.SELF,
            received_on=at.astimezone(PARIS).date(),
            family_name=names[0],
            given_name=names[1],
            birth_date=names[2],
            contact="7 RUE DE LA POSTE",
        )
        return claims.open_claim(actor=self._staff.operates(at), new=new, at=at).pk

    def _some(self) -> list[EligiblePerson]:
        """At most two adults who do nothing else in this rehearsal, those first whose six weeks end first."""
        rows = EligiblePerson.objects.select_related("identity").filter(
            situation=EligiblePerson.Situation.ADULT, state=EligiblePerson.State.NOTICE_SENT, hold="", had_dmp=False
        )
        first = rows.order_by("window_ends_at", "identity__ins_number", "pk")[:100]
        quiet = (one for one in first if fate_of(drawn(self._plan.seed, one.identity.ins_number)).act is None)
        return list(islice(quiet, 2))

    def _settle(self, day: int) -> None:
        """The operator has found who wrote one of them, and tells the writer of the other one that nobody was found."""
        at = self._plan.at(day, 15)
        if self._writer is not None and self._found is not None:
            entry = intake.Entry(
                channel=Channel.POST, received_on=self._plan.day(_WRITTEN_DAY), capacity=Capacity.SELF, contact=None
            )
            intake.enter_opposition(
                actor=self._staff.operates(at), person_id=self._writer, entry=entry, at=at, claim_id=self._found
            )
            self._tally[Act.POST] += 1
            self._tally["claims found"] += 1
        if self._unknown is not None:
            claims.give_up(actor=self._staff.operates(at), claim_id=self._unknown, told_by=Channel.POST, at=at)
            self._tally["claims given up"] += 1


def _names(person: EligiblePerson) -> tuple[str, str, str]:
    who = person.identity
    return who.birth_family_name, who.first_given_name, who.birth_date
