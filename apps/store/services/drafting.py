"""Drafts: begin one, say what kind of service it is about and what applies to it (STO-21, STO-22, STO-28, STO-47)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.store import criteria, orientation, transitions
from apps.store.models import AddressProof, Candidacy, Listing, Publisher, Service
from apps.store.services import acting, evidence_door, numbering
from apps.store.services.errors import ChangedError, LockedError, UnfinishedError, UnknownRowError, WrongValueError
from apps.store.states import Event, Party, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the publisher says about the dossier as a whole; codes of `Candidacy`."""

    service_kind: str
    exchange: str
    lane: str


@transaction.atomic
def begin(*, actor: Actor, candidacy_id: UUID, name: str, profile: Profile, at: datetime) -> Candidacy:
    """Begin a dossier for a service of one's publisher; sent twice with the same id it is one.

    A service that is referenced already gets an amendment (STO-22). Raises `UnfinishedError` when the service has a
    dossier that is not at an end (S32), `WrongValueError` (`exchange`; `publisher`: nobody has confirmed its address;
    `listing`: it has left the catalogue, or leaves it), `UnknownRowError`, `AccessDeniedError`.
    """
    member = acting.member_who_acts(actor)
    numbering.wait_for_turn()
    known = already_there(publisher=member.publisher, candidacy_id=candidacy_id)
    if known is not None:
        return known
    _possible(profile)
    if not has_confirmed_address(member.publisher):
        raise WrongValueError("publisher", "address")
    service = numbering.service_named(publisher=member.publisher, name=name)
    if service is None:
        service = numbering.new_service(publisher=member.publisher, name=name)
    return open_draft(actor=actor, service=service, candidacy_id=candidacy_id, profile=profile, at=at)


def already_there(*, publisher: Publisher, candidacy_id: UUID) -> Candidacy | None:
    """The dossier that the same form has made before. Raises `UnknownRowError` when it is not the publisher's."""
    known = Candidacy.objects.select_related("service").filter(id=candidacy_id).first()
    if known is not None and known.publisher_id != publisher.id:
        raise UnknownRowError
    return known


def has_confirmed_address(publisher: Publisher) -> bool:
    """Whether somebody who reads at the contact address of the publisher has confirmed it (STO-47, STO-106)."""
    proofs = AddressProof.objects.filter(publisher=publisher, confirmed_at__isnull=False)
    return proofs.filter(email__iexact=publisher.contact_email).exists()


def open_draft(
    *, actor: Actor, service: Service, candidacy_id: UUID, profile: Profile, at: datetime, **columns: object
) -> Candidacy:
    """The row and its first event. The caller has waited for its turn, and knows that the actor may.

    Raises `UnfinishedError`, `WrongValueError` (`listing`: `over`) where nobody could publish it in the end.
    """
    require_finished(service.pk)
    listing = Listing.objects.filter(service=service).first()
    if listing is not None and listing.goes:
        raise WrongValueError("listing", "over")
    kind = Candidacy.Kind.AMENDMENT if listing is not None else Candidacy.Kind.INITIAL
    given: dict[str, object] = {"kind": kind, "referential": criteria.CURRENT, **asdict(profile), **columns}
    candidacy = Candidacy(
        id=candidacy_id, number=numbering.next_number(at=at), publisher_id=service.publisher_id, service=service,
        created_by_id=author_of(actor), created_at=at, touched_at=at, **given,
    )  # fmt: skip
    step = transitions.Step(event=Event.CREATE, by=Party.PUBLISHER, actor=str(actor.user_id), at=at)
    transitions.open_dossier(candidacy, step)
    facts = {"kind": str(candidacy.kind), "exchange": str(candidacy.exchange)}
    traced(actor=actor, candidacy=candidacy, act="candidacy.create", at=at, **facts)
    return candidacy


def require_finished(service_id: UUID) -> None:
    """A service has one dossier at a time (S32); the caller has waited for its turn. Raises `UnfinishedError`."""
    unfinished = Candidacy.objects.open().filter(service=service_id).values_list("id", flat=True).first()
    if unfinished is not None:
        raise UnfinishedError(unfinished)


@transaction.atomic
def save_orientation(
    *, actor: Actor, candidacy_id: UUID, answers: Mapping[str, str], profile: Profile, seen: str, at: datetime
) -> Candidacy:
    """Save the questionnaire; unanswered questions stay open. What stops to apply is kept and not shown (STO-28).

    `seen`: `mark_of` the dossier as the page has shown it. Raises `ChangedError` when another member has saved
    something else since, `LockedError`, `WrongValueError`, `UnknownRowError`, `AccessDeniedError`.
    """
    candidacy = draft_of(actor=actor, candidacy_id=candidacy_id)
    _possible(profile)
    kept = {name: answers[name] for name in orientation.NAMES if answers.get(name) in {orientation.YES, orientation.NO}}
    if kept == candidacy.orientation and asdict(profile) == asdict(profile_of(candidacy)):
        return candidacy
    if seen != mark_of(candidacy):
        by, when = candidacy.oriented_by_id, candidacy.oriented_at
        raise ChangedError(event="orientation", actor=str(by or ""), at=when or candidacy.status_at)
    candidacy.orientation, candidacy.oriented_by_id, candidacy.oriented_at = kept, actor.user_id, at
    for name, value in asdict(profile).items():
        setattr(candidacy, name, value)
    candidacy.save(update_fields=["orientation", "oriented_by", "oriented_at", *asdict(profile)])
    transitions.touch(candidacy, at=at)
    traced(actor=actor, candidacy=candidacy, act="candidacy.save", at=at, section="orientation", answered=len(kept))
    return candidacy


def draft_of(*, actor: Actor, candidacy_id: UUID) -> Candidacy:
    """A draft of one's publisher, locked. Raises `AccessDeniedError`, `UnknownRowError`, `LockedError` once sent."""
    acting.member_who_acts(actor)
    candidacy = acting.locked(actor, candidacy_id=candidacy_id)
    if candidacy.status != Status.DRAFT:
        raise LockedError
    return candidacy


def writable(*, actor: Actor, candidacy_id: UUID, item: str) -> Candidacy:
    """The same, and a dossier of which the desk has asked to correct this very part: `item` of its list (STO-52)."""
    acting.member_who_acts(actor)
    candidacy = acting.locked(actor, candidacy_id=candidacy_id)
    if not may_write(candidacy, item=item):
        raise LockedError
    return candidacy


def may_write(candidacy: Candidacy, *, item: str) -> bool:
    """Whether a part of the dossier can be changed now."""
    return candidacy.status == Status.DRAFT or evidence_door.asks_for(candidacy, item=item)


def author_of(actor: Actor) -> UUID:
    """Whoever acts, for the columns that name them. Raises `UnknownRowError` for nobody."""
    if actor.user_id is None:
        raise UnknownRowError
    return actor.user_id


def profile_of(candidacy: Candidacy) -> Profile:
    """What the dossier says about itself now."""
    return Profile(service_kind=candidacy.service_kind, exchange=candidacy.exchange, lane=candidacy.lane)


def mark_of(candidacy: Candidacy) -> str:
    """Changes with the questionnaire and the profile: a form carries it back."""
    said = json.dumps([candidacy.orientation, asdict(profile_of(candidacy))], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def traced(*, actor: Actor, candidacy: Candidacy, act: str, at: datetime, **facts: str | int) -> None:
    """Line of the trail of a dossier."""
    acting.trace(
        actor=actor,
        act=act,
        publisher_id=candidacy.publisher_id,
        target=f"candidacy:{candidacy.id}",
        at=at,
        facts=facts,
    )


def _possible(profile: Profile) -> None:
    """Wellness services may be listed and never exchange (STO-07)."""
    is_wellness = profile.service_kind == Candidacy.ServiceKind.WELLNESS
    if is_wellness and profile.exchange != Candidacy.Exchange.NONE:
        raise WrongValueError("exchange", "wellness")
