"""Organisations of publishers: registration and changes (PU-02, STO-13)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.access import AccessDeniedError, Actor, Role
from apps.accounts.models import User
from apps.store import policies
from apps.store.models import JoinRequest, Member, Publisher
from apps.store.services import acting, addresses, numbers
from apps.store.services.errors import ChangedError, UnknownRowError, WrongValueError


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a publisher says of itself, beside its SIREN."""

    siret: str
    finess: str
    group_siren: str
    name: str
    representative_name: str
    representative_title: str
    contact_email: str
    security_email: str
    security_phone: str


class AlreadyRegisteredError(Exception):
    """An organisation of this SIREN is there: its administrators are asked to let the person in (S32)."""


class AlreadyMemberError(Exception):
    """The person acts for an organisation already."""


def is_registered(siren: str) -> bool:
    """Whether somebody has registered this organisation."""
    return Publisher.objects.filter(siren=siren).exists()


@transaction.atomic
def register(*, actor: Actor, siren: str, person: str, details: Details, at: datetime) -> Publisher:
    """Register an organisation; whoever does becomes its administrator. `person`: their name, as others see it.

    A request to join another organisation that waits is withdrawn. Mails that check the addresses leave after the
    commit; the one with which the person signs in has been checked by the sign-up.
    Raises `AccessDeniedError`, `AlreadyMemberError`, `AlreadyRegisteredError`, `WrongValueError`.
    """
    user_id = locked_person(actor)
    if Member.objects.filter(user_id=user_id, ended_at=None).exists():
        raise AlreadyMemberError
    values = asdict(_checked(siren, details))
    try:
        with transaction.atomic():
            publisher = Publisher.objects.create(siren=siren, created_by_id=user_id, created_at=at, **values)
    except IntegrityError as error:
        raise AlreadyRegisteredError from error
    waiting = JoinRequest.objects.filter(user_id=user_id, decided_at=None)
    waiting.update(decided_at=at, decided_by_id=user_id, is_accepted=False)
    member = Member.objects.create(
        publisher=publisher, user_id=user_id, name=person, roles=[Member.Role.OWNER.value], started_at=at
    )
    acting.trace(actor=actor, act="publisher.register", publisher_id=publisher.id, target=_target(publisher), at=at)
    acting.trace(actor=actor, act="member.start", publisher_id=publisher.id, target=f"member:{member.id}", at=at)
    addresses.ask_all(publisher=publisher, asked_by=user_id, at=at)
    return publisher


@transaction.atomic
def change(*, actor: Actor, details: Details, seen: int, at: datetime) -> None:
    """Change what the organisation says of itself; by an administrator. New addresses are checked by mail.

    `seen`: sequence that the page has shown. Raises `AccessDeniedError`, `WrongValueError`, `ChangedError` when a
    colleague was quicker: nothing is overwritten (S34).
    """
    member = acting.member_who_acts(actor, Member.Role.OWNER)
    publisher = locked(member.publisher_id)
    if publisher.sequence != seen:
        raise ChangedError(
            event="publisher_changed", actor=str(publisher.changed_by_id or ""), at=publisher.changed_at or at
        )
    right = asdict(_checked(publisher.siren, details))
    changed = sorted(name for name, value in right.items() if getattr(publisher, name) != value)
    if not changed:
        return
    for name in changed:
        setattr(publisher, name, right[name])
    publisher.sequence += 1
    publisher.changed_by_id, publisher.changed_at = member.user_id, at
    publisher.save(update_fields=[*changed, "sequence", "changed_by", "changed_at"])
    facts = {"fields": " ".join(changed)}
    acting.trace(
        actor=actor, act="publisher.change", publisher_id=publisher.id, target=_target(publisher), at=at, facts=facts
    )
    addresses.ask_all(publisher=publisher, asked_by=member.user_id, at=at)


def _checked(siren: str, details: Details) -> Details:
    """The same with plain numbers and addresses. Raises `WrongValueError`."""
    place = numbers.plain(details.finess)
    if place:
        numbers.numbers_of(company=siren, finess=place)
    if not details.security_email.strip():
        raise WrongValueError("security_email", "missing")
    values = asdict(details) | {
        "siret": numbers.siret_of(siren=siren, typed=details.siret),
        "finess": place,
        "group_siren": numbers.group_of(siren=siren, typed=details.group_siren),
        "contact_email": details.contact_email.strip().lower(),
        "security_email": details.security_email.strip().lower(),
    }
    return Details(**values)


def person_who_acts(actor: Actor) -> UUID:
    """Id of somebody signed in as a publisher, with or without an organisation. Raises `AccessDeniedError`."""
    if actor.role is not Role.PUBLISHER or actor.user_id is None:
        raise AccessDeniedError(policies.NOT_A_MEMBER)
    return actor.user_id


def locked_person(actor: Actor) -> UUID:
    """The same, their account locked: of two tabs, one finds what the other has done."""
    user_id = person_who_acts(actor)
    return User.objects.select_for_update(of=("self",)).get(pk=user_id).pk


def locked(publisher_id: UUID) -> Publisher:
    """The organisation, its row locked: changes of it and of its people come one after another."""
    found = Publisher.objects.select_for_update(of=("self",)).filter(id=publisher_id).first()
    if found is None:
        raise UnknownRowError
    return found


def _target(publisher: Publisher) -> str:
    return f"publisher:{publisher.id}"
