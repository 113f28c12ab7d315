"""Letters that do not say clearly who writes: two claims of a rehearsal, one found, one given up (RO-06)."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from apps.common.dates import PARIS
from apps.rollout.models import Capacity, Channel, EligiblePerson
from apps.rollout.rehearsal.fates import Act, drawn, fate_of
from apps.rollout.rehearsal.plans import Plan
from apps.rollout.rehearsal.staff import Staff
from apps.rollout.services import claims, intake

_WRITTEN_DAY, _FOUND_DAY, _GIVEN_UP_DAY = 12, 15, 17


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
        elif day == _FOUND_DAY:
            self._settle(day)
        elif day == _GIVEN_UP_DAY and self._unknown is not None:
            at = self._plan.at(day, 15)
            claims.give_up(actor=self._staff.operates(at), claim_id=self._unknown, told_by=Channel.POST, at=at)
            self._tally["claims given up"] += 1

    def _open(self, day: int) -> None:
        person = self._somebody()
        if person is not None:
            who = person.identity
            names = (who.birth_family_name, who.first_given_name, who.birth_date)
            self._writer, self._found = person.pk, self._claim(names, day)
        self._unknown = self._claim(("PERSONNE", "INCONNUE", "1950-01-01"), day)
        self._tally["claims"] += 1 + (person is not None)

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

    def _somebody(self) -> EligiblePerson | None:
        """An adult who does nothing else in this rehearsal."""
        rows = EligiblePerson.objects.select_related("identity").filter(
            situation=EligiblePerson.Situation.ADULT, state=EligiblePerson.State.NOTICE_SENT, hold="", had_dmp=False
        )
        for person in rows.order_by("identity__ins_number", "pk")[:100]:
            if fate_of(drawn(self._plan.seed, person.identity.ins_number)).act is None:
                return person
        return None

    def _settle(self, day: int) -> None:
        """The operator has found who wrote."""
        at = self._plan.at(day, 15)
        if self._writer is None or self._found is None:
            return
        entry = intake.Entry(
            channel=Channel.POST, received_on=self._plan.day(_WRITTEN_DAY), capacity=Capacity.SELF, contact=None
        )
        intake.enter_opposition(
            actor=self._staff.operates(at), person_id=self._writer, entry=entry, at=at, claim_id=self._found
        )
        self._tally[Act.POST] += 1
        self._tally["claims found"] += 1
