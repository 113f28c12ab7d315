"""What people do on a day of their six weeks and after: on every channel, by the services of the pages (SPA-07)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import connection

from apps.accounts.models import InsIdentity
from apps.common.dates import PARIS
from apps.rollout.codes import code_of
from apps.rollout.models import Capacity, Channel, Conflict, EligiblePerson, Notice, NoticeCode
from apps.rollout.rehearsal.fates import ACTIVE, DRAWN, OPPOSITIONS, SHARES, Act, Fate, drawn, fate_of
from apps.rollout.rehearsal.plans import CHANGED_MIND_AFTER, CONFIRMED, CONTESTED, DECIDED_AFTER, WITHDRAWN, Plan
from apps.rollout.rehearsal.staff import Staff
from apps.rollout.services import activating, conflicts, identifying, intake, opposing
from apps.rollout.services.voices import representatives_of
from apps.rollout.services.wishes import AlreadyOpenError, Contact, ReopeningError, Wish
from apps.rollout.symbols import grouped
from apps.spaces.majority import is_minor
from apps.spaces.models import HealthSpace

_CHANNELS = {
    Act.ONLINE: Channel.ONLINE,
    Act.ACCOUNT: Channel.ACCOUNT,
    Act.PHONE: Channel.PHONE,
    Act.POST: Channel.POST,
    Act.COUNTER: Channel.COUNTER,
    Act.LATE: Channel.POST,
}
_HELPED = frozenset({Channel.PHONE, Channel.POST, Channel.COUNTER})
_PEOPLE = f"""
    SELECT e.identity_id, drawn.value FROM rollout_eligibleperson AS e
    JOIN accounts_insidentity AS i ON i.id = e.identity_id
    CROSS JOIN LATERAL (SELECT {DRAWN} AS value) AS drawn
    WHERE {{condition}} AND drawn.value %% {SHARES} < {ACTIVE}
    ORDER BY i.ins_number, i.authority
"""  # noqa: S608  constants only
_IN_THEIR_WEEKS = """
    e.state = 'NOTICE_SENT' AND e.window_ends_at > %(at)s
    AND 2 + drawn.value / 10000 %% 36 = %(today)s - (e.notice_sent_at AT TIME ZONE 'Europe/Paris')::date
"""
_SINCE = "(e.state_at AT TIME ZONE 'Europe/Paris')::date = %(then)s"
_OPPOSED = f"e.state IN ('OPPOSED', 'OPPOSED_DMP_KEPT') AND {_SINCE}"
_OPENED = f"e.state = 'OPEN' AND {_SINCE} AND e.window_ends_at IS NOT NULL"
_LATE_AFTER = timedelta(days=2)


class People:
    """`tally` counts what they did, and what the services answered."""

    def __init__(self, plan: Plan, staff: Staff, tally: Counter[str]) -> None:
        self._plan, self._staff, self._tally = plan, staff, tally

    def live(self, day: int) -> None:
        """One day: choices, changes of mind, letters that were entered too late."""
        today = self._plan.day(day)
        start = self._plan.at(day, 14)
        for person, fate, at in self._people(_IN_THEIR_WEEKS, start, today=today):
            self._act(person, fate, at)
        then = today - timedelta(days=CHANGED_MIND_AFTER)
        for person, fate, at in self._people(_OPPOSED, self._plan.at(day, 16), then=then):
            self._change_mind(person, fate, at)
        self._decide(day)
        for person, fate, at in self._people(_OPENED, self._plan.at(day, 17), then=today - _LATE_AFTER):
            if fate.act is Act.LATE and person.window_ends_at is not None:
                self._oppose(person, fate, at, received_at=person.window_ends_at - timedelta(days=1))

    def _decide(self, day: int) -> None:
        """An operator decides on documents, once for the opposition, once for the space (decisions.md 7)."""
        at = self._plan.at(day, 18)
        rows = Conflict.objects.filter(decided_at=None, opened_at__lt=at - timedelta(days=DECIDED_AFTER))
        for conflict in rows.select_related("person__identity").order_by("person__identity__ins_number"):
            even = drawn(self._plan.seed, conflict.person.identity.ins_number) % 2 == 0
            outcome = Conflict.Outcome.OPPOSED if even else Conflict.Outcome.OPENING
            actor = self._staff.operates(at)
            conflicts.decide(actor=actor, conflict_id=conflict.pk, outcome=outcome, reason="Jugement produit", at=at)
            self._tally["conflicts decided"] += 1

    def _people(self, condition: str, start: datetime, **days: date) -> Iterator[tuple[EligiblePerson, Fate, datetime]]:
        """Who meets the condition, with a fate, each some seconds after the one before."""
        with connection.cursor() as cursor:
            cursor.execute(_PEOPLE.format(condition=condition), {"seed": str(self._plan.seed), "at": start, **days})
            found = cursor.fetchall()
        people = EligiblePerson.objects.select_related("identity")
        for place, (person_id, value) in enumerate(found):
            yield people.get(pk=person_id), fate_of(value), start + timedelta(milliseconds=100 * place)

    def _act(self, person: EligiblePerson, fate: Fate, at: datetime) -> None:
        if fate.act in OPPOSITIONS:
            self._oppose(person, fate, at, received_at=at)
        elif fate.act is Act.ASK:
            self._ask(person, at)
        elif fate.act is Act.ACTIVATE:
            self._activate(person, at)

    def _ask(self, person: EligiblePerson, at: datetime) -> None:
        wish = self._wish(person, Channel.ONLINE, at)
        try:
            opposing.ask_opening(person_id=person.pk, wish=wish, at=at)
        except AlreadyOpenError:
            if not _came_of_age(person, at):  # at 18 the six weeks run beside the open space (SPA-48)
                raise
            self._tally["openings asked of a space that is open"] += 1
        else:
            self._tally[Act.ASK] += 1

    def _oppose(self, person: EligiblePerson, fate: Fate, at: datetime, *, received_at: datetime) -> None:
        if fate.act is None:
            return
        channel = _CHANNELS[fate.act]
        if channel is Channel.ONLINE and not self._shows_code(person, at):
            return
        try:
            self._record(person, channel, at, received_at)
        except AlreadyOpenError:
            self._tally["oppositions after the opening, led to closing"] += 1
        else:
            self._tally[fate.act] += 1

    def _record(self, person: EligiblePerson, channel: Channel, at: datetime, received_at: datetime) -> None:
        """Online by the person, otherwise by the operator who has the call or the letter (RO-06)."""
        wish = self._wish(person, channel, at)
        if channel not in _HELPED:
            opposing.oppose(person_id=person.pk, wish=wish, at=at)
            return
        entry = intake.Entry(
            channel=channel,
            received_on=received_at.astimezone(PARIS).date(),
            capacity=wish.capacity,
            by=wish.by,
            contact=wish.contact,
        )
        intake.enter_opposition(actor=self._staff.operates(at), person_id=person.pk, entry=entry, at=at)

    def _shows_code(self, person: EligiblePerson, at: datetime) -> bool:
        """The code of the notice, first with a wrong date: what the page of the code does."""
        code = _live_code(person)
        if code is None:
            self._tally["oppositions without a code"] += 1
            return False
        typed, address = grouped(code_of(code.pk)), f"2001:db8::{person.pk.hex[-4:]}"
        wrong = identifying.identify(typed=typed, birth_date="1900-01-01", address=address, at=at)
        right = identifying.identify(typed=typed, birth_date=person.identity.birth_date, address=address, at=at)
        self._tally["wrong dates refused"] += wrong is None
        return right is not None and right.person_id == person.pk

    def _activate(self, person: EligiblePerson, at: datetime) -> None:
        voice = _voice(person, at)
        if voice is None:
            return
        acting = activating.Acting(identity_id=voice.pk, channel=Channel.ONLINE, code=_live_code(person))
        was_open = _came_of_age(person, at) and HealthSpace.objects.filter(identity=person.identity).exists()
        done = activating.activate(person_id=person.pk, acting=acting, withdraws=False, at=at)
        if done.space_id is not None:
            self._tally["activations of a space that is open" if was_open else Act.ACTIVATE] += 1

    def _change_mind(self, person: EligiblePerson, fate: Fate, at: datetime) -> None:
        """The person takes the opposition back; of a child it is the other parent who wants the opposite."""
        if person.state == EligiblePerson.State.OPPOSED_DMP_KEPT and fate.rest % 100 >= 100 - CONFIRMED:
            opposing.confirm(person_id=person.pk, wish=self._wish(person, Channel.ACCOUNT, at), at=at)
            self._tally["oppositions confirmed"] += 1
            return
        known = representatives_of(person) if is_minor(person.identity.born_on, at=at) else []
        contested = len(known) > 1
        if fate.rest % 100 >= (CONTESTED if contested else WITHDRAWN):
            return
        opposition = opposing.standing_opposition(person)
        others = [one for one in known if opposition is not None and one.pk != opposition.by_id]
        wish = self._wish(person, Channel.ACCOUNT, at, by=others[0] if contested and others else None)
        try:
            changed = opposing.withdraw(person_id=person.pk, wish=wish, at=at)
        except ReopeningError:  # it came late, and closed a space: that is opened again by other ways
            self._tally["oppositions that closed a space, not taken back"] += 1
        else:
            self._tally["conflicts" if changed.conflict is not None else "oppositions taken back"] += 1

    def _wish(
        self,
        person: EligiblePerson,
        channel: Channel,
        at: datetime,
        *,
        by: InsIdentity | None = None,
    ) -> Wish:
        minor = is_minor(person.identity.born_on, at=at)
        voice = by or (_parent(person) if minor else None)
        by_mail = person.channel == EligiblePerson.Channel.MAIL
        return Wish(
            channel=channel,
            capacity=Capacity.PARENT if minor else Capacity.SELF,
            received_at=at,
            by=voice,
            code=_live_code(person) if channel is Channel.ONLINE else None,
            contact=Contact(channel=Notice.Channel.MAIL if by_mail else Notice.Channel.POST),
        )


def _came_of_age(person: EligiblePerson, at: datetime) -> bool:
    born_on = person.identity.born_on
    return is_minor(born_on, at=at - timedelta(days=365)) and not is_minor(born_on, at=at)


def _live_code(person: EligiblePerson) -> NoticeCode | None:
    return NoticeCode.objects.filter(person=person, ended_at=None).first()


def _parent(person: EligiblePerson) -> InsIdentity | None:
    known = [one for one in representatives_of(person) if one.died_on is None]
    return known[0] if known else None


def _voice(person: EligiblePerson, at: datetime) -> InsIdentity | None:
    """Who signs for the person: themselves, or a parent."""
    return _parent(person) if is_minor(person.identity.born_on, at=at) else person.identity
