"""Votes and opinion about one dossier (STO-18, STO-41, STO-59)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.audit.services import Fact
from apps.store import criteria, seats, transitions
from apps.store.models import AgendaItem, Candidacy, Reservation, Session, Vote
from apps.store.seats import Bench
from apps.store.services import acting, agenda, sitting
from apps.store.services.errors import WrongValueError
from apps.store.states import Event, Party
from apps.store.transitions import Step

LONGEST_SUSPENSIVE = timedelta(days=90)  # STO-62
Opinion = AgendaItem.Opinion
Choice = Vote.Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    """One reservation as it is to be kept; `criterion` may be empty."""

    text: str
    is_suspensive: bool
    due_on: date
    criterion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One of four opinions with its words and reservations."""

    opinion: str
    text: str = ""
    reservations: tuple[Reserved, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Votes cast."""

    in_favour: int
    against: int
    abstentions: int

    @property
    def is_favourable(self) -> bool:
        """More for than against; a tie is no majority."""
        return self.in_favour > self.against

    @property
    def proposed(self) -> Opinion:
        """What the majority leads to, before reservations."""
        return Opinion.FAVOURABLE if self.is_favourable else Opinion.UNFAVOURABLE


@transaction.atomic
def record_votes(*, actor: Actor, item_id: UUID, votes: Mapping[UUID, str], seen: int, at: datetime) -> Tally:
    """Keep the vote of each member who is there and has no link to the publisher, by their ids; anew replaces.

    Raises `UnknownRowError`, `ChangedError`, `WrongValueError` (`day`: `not-yet`; `opinion`: `given`; `votes`:
    `linked`, `absent`, `unknown`), `AccessDeniedError`.
    """
    item = agenda.item_for(actor, item_id=item_id)
    session = sitting.on_the_day(actor, session_id=item.session_id, seen=seen, at=at)
    item.session = session
    if item.opinion:
        raise WrongValueError("opinion", "given")
    _require_voters(bench_of(item), votes)
    item.votes.all().delete()
    Vote.objects.bulk_create(Vote(item=item, member_id=one, choice=votes[one]) for one in sorted(votes))
    tally = count(votes.values())
    sitting.changed(session, actor=actor, act="vote", at=at, facts={"item": str(item.pk), "votes": len(votes)})
    return tally


@transaction.atomic
def record_opinion(*, actor: Actor, item_id: UUID, given: Given, seen: int, at: datetime) -> AgendaItem:
    """Keep the opinion and its dated reservations; the dossier goes to the minister's delegate.

    Raises `UnknownRowError`, `ChangedError`, `GuardError`, `TransitionRefusedError`, `WrongValueError` (`quorum`:
    `missing`; `votes`: `missing`; `opinion`: `given`, `against-votes`; `reservations`: `missing`, `none-allowed`,
    `suspensive-missing`, `suspensive`, `due_on`, `too-late`; `text`: `missing`; `criterion`: `unknown`),
    `AccessDeniedError`.
    """
    item = agenda.item_for(actor, item_id=item_id)
    session = sitting.on_the_day(actor, session_id=item.session_id, seen=seen, at=at)
    item.session = session
    candidacy = acting.locked(actor, candidacy_id=item.candidacy_id)
    if item.opinion:
        raise WrongValueError("opinion", "given")
    bench = bench_of(item)
    _require_votes(item, bench, given)
    _require_words(candidacy, session, given)
    item.opinion, item.text, item.quorum = given.opinion, given.text.strip(), len(bench.voters)
    item.recorded_by_id, item.opinion_at = actor.user_id, at
    item.save(update_fields=["opinion", "text", "quorum", "recorded_by", "opinion_at"])
    _keep(candidacy, given.reservations, at)
    step = Step(
        event=Event.OPINION, by=Party.SECRETARIAT, actor=str(actor.user_id), at=at,
        facts={"opinion": given.opinion, "item": str(item.pk)},
    )  # fmt: skip
    transitions.fire(candidacy, step)
    facts: dict[str, Fact] = {"item": str(item.pk), "opinion": given.opinion, "voters": len(bench.voters)}
    sitting.changed(session, actor=actor, act="opinion", at=at, facts=facts)
    return item


def bench_of(item: AgendaItem) -> Bench:
    """Who of the session may vote on this dossier: three queries."""
    members, present = seats.sitting(item.session)
    day = item.session.held_on
    return seats.benches([item.candidacy], members=members, present=present, day=day)[item.candidacy_id]


def count(choices: Iterable[str]) -> Tally:
    """Votes by what they say."""
    cast = list(choices)
    return Tally(
        in_favour=cast.count(Choice.FOR), against=cast.count(Choice.AGAINST), abstentions=cast.count(Choice.ABSTAINS)
    )


def _require_voters(bench: Bench, votes: Mapping[UUID, str]) -> None:
    if {member.pk for member in bench.linked} & votes.keys():
        raise WrongValueError("votes", "linked")
    if votes.keys() - {member.pk for member in bench.voters}:
        raise WrongValueError("votes", "absent")
    if set(votes.values()) - set(Choice.values):
        raise WrongValueError("votes", "unknown")


def _require_votes(item: AgendaItem, bench: Bench, given: Given) -> None:
    if not bench.has_quorum:
        raise WrongValueError("quorum", "missing")
    cast = dict(item.votes.values_list("member_id", "choice"))
    if set(cast) != {member.pk for member in bench.voters}:
        raise WrongValueError("votes", "missing")
    if given.opinion not in Opinion.values:
        raise WrongValueError("opinion", "unknown")
    if count(cast.values()).is_favourable is (given.opinion == Opinion.UNFAVOURABLE):
        raise WrongValueError("opinion", "against-votes")


def _require_words(candidacy: Candidacy, session: Session, given: Given) -> None:
    """STO-41: reservations where the opinion says so and nowhere else, with a day to lift them by."""
    suspensive = [one for one in given.reservations if one.is_suspensive]
    match given.opinion:
        case Opinion.FAVOURABLE | Opinion.UNFAVOURABLE if given.reservations:
            raise WrongValueError("reservations", "none-allowed")
        case Opinion.UNFAVOURABLE if not given.text.strip():
            raise WrongValueError("text", "missing")
        case Opinion.WITH_RESERVATIONS if not given.reservations:
            raise WrongValueError("reservations", "missing")
        case Opinion.WITH_RESERVATIONS if suspensive:
            raise WrongValueError("reservations", "suspensive")
        case Opinion.SUSPENSIVE if not suspensive:
            raise WrongValueError("reservations", "suspensive-missing")
    _require_days(given.reservations, session.held_on)
    _require_criteria(candidacy, given.reservations)


def _require_days(reservations: Collection[Reserved], held_on: date) -> None:
    for one in reservations:
        if one.due_on <= held_on:
            raise WrongValueError("reservations", "due_on")
        if one.is_suspensive and one.due_on > held_on + LONGEST_SUSPENSIVE:
            raise WrongValueError("reservations", "too-late")


def _require_criteria(candidacy: Candidacy, reservations: Collection[Reserved]) -> None:
    for one in reservations:
        if one.criterion and criteria.criterion_of(candidacy.referential, one.criterion) is None:
            raise WrongValueError("criterion", "unknown")
        if not one.text.strip():
            raise WrongValueError("reservations", "missing")


def _keep(candidacy: Candidacy, reservations: Collection[Reserved], at: datetime) -> None:
    Reservation.objects.bulk_create(
        Reservation(
            candidacy=candidacy, criterion=one.criterion, text=one.text.strip(), is_suspensive=one.is_suspensive,
            due_on=one.due_on, made_at=at,
        )
        for one in reservations
    )  # fmt: skip
