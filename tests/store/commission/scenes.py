"""A commission in front of dossiers: members, a session of today, dossiers at each step of the decision."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from apps.accounts.models import StaffRole, User
from apps.store.models import (
    AgendaItem,
    Candidacy,
    CommissionMember,
    ConflictDeclaration,
    Decision,
    Presence,
    Reservation,
    ReviewerTie,
    Session,
    Vote,
)
from apps.store.services.deciding import Reasons
from apps.store.states import Queue, Status
from tests.harness.clock import NOON
from tests.store import factories

TODAY = date(2026, 11, 25)
LATER = date(2026, 12, 9)
REASONS = Reasons(
    ground="R1111-38,arrete-2022-06-23",
    facts="Les critères bloquants sont remplis.",
    signatory="Claire Aubin, déléguée adjointe",
)


def person(*roles: StaffRole) -> User:
    return factories.reviewer(*roles)


def at_work(user: User, *, at: Any = NOON) -> Any:
    return factories.at_work(user, at=at)


def declared(of: Candidacy, *users: User) -> None:
    """No link, as each of them says before opening the dossier."""
    for user in users:
        ConflictDeclaration.objects.create(candidacy=of, user=user, has_link=False, at=NOON)


def members(number: int = 9) -> list[CommissionMember]:
    return [factories.seat(place) for place in range(number)]


def session(held_on: date = TODAY, **values: Any) -> Session:
    defaults = {"planned_by": person(StaffRole.SECRETARIAT), "planned_at": NOON - timedelta(days=20)}
    return Session.objects.create(held_on=held_on, **{**defaults, **values})


def there(of: Session, *seats: CommissionMember) -> None:
    Presence.objects.bulk_create(Presence(session=of, member=seat) for seat in seats)


def before(of: Session, dossier: Candidacy | None = None, **values: Any) -> AgendaItem:
    """A dossier that stands before the commission in this session."""
    dossier = dossier or factories.candidacy(Status.COMMISSION)
    return AgendaItem.objects.create(session=of, candidacy=dossier, position=of.items.count() + 1, **values)


def voted(item: AgendaItem, seats: list[CommissionMember], *choices: str) -> None:
    Vote.objects.bulk_create(
        Vote(item=item, member=seat, choice=choice) for seat, choice in zip(seats, choices, strict=True)
    )


def tied(seat: CommissionMember, dossier: Candidacy) -> ReviewerTie:
    return ReviewerTie.objects.create(
        user=seat.user, siren=dossier.publisher.siren, kind="salarié", since=date(2024, 1, 1)
    )


def opined(opinion: str = "favorable", *, queue: Queue | None = None, **values: Any) -> Candidacy:
    """A dossier with an opinion of a week ago, judged by an assessor and a second reader, waiting for a delegate."""
    then = NOON - timedelta(days=7)
    people = {"assessor": person(), "second_reader": person(), "privacy_reader": person(StaffRole.PRIVACY)}
    dossier = factories.candidacy(
        Status.OPINION, **{"queue": queue, **people, "second_read_at": then, "privacy_checked_at": then, **values}
    )
    held, _new = Session.objects.get_or_create(
        held_on=then.date(),
        defaults={"planned_by": person(StaffRole.SECRETARIAT), "planned_at": then, "state": "held", "closed_at": then},
    )
    before(held, dossier, opinion=opinion, quorum=7, text="Avis de la commission.", opinion_at=then,
           recorded_by=held.planned_by)  # fmt: skip
    return dossier


def reserved(of: Candidacy, **values: Any) -> Reservation:
    defaults = {
        "text": "Publier la déclaration d'accessibilité.", "is_suspensive": True, "due_on": date(2026, 12, 31),
        "criterion": "CRI-ACC-01", "made_at": NOON - timedelta(days=7),
    }  # fmt: skip
    return Reservation.objects.create(candidacy=of, **{**defaults, **values})


def decision(of: Candidacy, kind: str = "refuse", **values: Any) -> Decision:
    defaults = {
        "ground": "R1111-38", "facts": "Le critère n'est pas rempli.", "decided_at": NOON - timedelta(days=1),
        "assessor": of.assessor, "second_reader": of.second_reader, "signatory": "Claire Aubin, déléguée adjointe",
    }  # fmt: skip
    values.setdefault("decided_by", person(StaffRole.DELEGATE))
    return Decision.objects.create(candidacy=of, kind=kind, **{**defaults, **values})


def delegate(of: Candidacy) -> User:
    """A minister's delegate who has declared no link."""
    made = person(StaffRole.DELEGATE)
    declared(of, made)
    return made
