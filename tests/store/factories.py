"""Rows of the store for tests: a publisher, its people, a dossier in any state, a listing with its three records."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password

from apps.access import Actor, Role
from apps.accounts.models import StaffRole, User
from apps.common.ids import uuid7
from apps.common.text import fold
from apps.files.models import StoredFile, Vault
from apps.files.vaults import vault_of
from apps.store import clocks, criteria, due, orientation
from apps.store.models import (
    AgendaItem,
    Agreement,
    Answer,
    Candidacy,
    CommissionMember,
    Decision,
    Evidence,
    Listing,
    Member,
    Publisher,
    Service,
    Session,
    Sheet,
    Signature,
)
from apps.store.states import DOSSIER, ListingStatus, Queue, Status
from tests import factories as people
from tests.harness.clock import NOON

PASSWORD = make_password("mot de passe de test")
_numbers = count(1)


def luhn_siren(place: int) -> str:
    """A SIREN with a right key: eight digits of `place`, and the key."""
    body = f"{80_000_000 + place:08d}"
    total = sum(sum(divmod(int(digit) * (1 + spot % 2), 10)) for spot, digit in enumerate(body))
    return f"{body}{-total % 10}"


def siret_of(siren: str, establishment: str = "0001") -> str:
    """A SIRET with a right key."""
    for key in range(10):
        whole = f"{siren}{establishment}{key}"
        if sum(sum(divmod(int(digit) * (1 + (13 - spot) % 2), 10)) for spot, digit in enumerate(whole)) % 10 == 0:
            return whole
    raise AssertionError


def publisher_user(**values: Any) -> User:
    """Somebody who signs in by password and code, without an identity and without a role of the staff."""
    place = next(_numbers)
    return people.user(**{"password": PASSWORD, "email": f"pia{place}@editeur.example", **values})


def publisher(**values: Any) -> Publisher:
    """An organisation that is registered since a year."""
    siren = values.pop("siren", None) or luhn_siren(next(_numbers))
    defaults = {
        "siren": siren, "siret": siret_of(siren), "name": "Pneumo Services", "representative_name": "Jeanne Morvan",
        "representative_title": "Présidente", "contact_email": "contact@editeur.example",
        "security_email": "securite@editeur.example", "security_phone": "02 61 91 55 00",
        "created_at": NOON - timedelta(days=365),
    }  # fmt: skip
    if "created_by" not in values:
        values["created_by"] = publisher_user()
    return Publisher.objects.create(**{**defaults, **values})


def member(**values: Any) -> Member:
    """An administrator who may also sign, of a publisher of their own unless one is given."""
    mandate = mandate_of()
    defaults = {
        "name": "Pia Lormont", "roles": ["owner", "signatory"], "started_at": NOON - timedelta(days=300), **mandate,
    }  # fmt: skip
    values.setdefault("user", publisher_user())
    if "publisher" not in values:
        values["publisher"] = publisher(created_by=values["user"])
    return Member.objects.create(**{**defaults, **values})


def mandate_of() -> dict[str, Any]:
    """A mandate that runs: ids of a file that no test opens."""
    return {"mandate_vault_id": uuid7(), "mandate_file_id": uuid7(), "mandate_until": date(2027, 12, 31)}


def as_publisher(of: Member, *, at: datetime = NOON) -> Actor:
    """The member as a page makes them act."""
    return Actor(role=Role.PUBLISHER, at=at, user_id=of.user_id, organisation_id=of.publisher_id.hex, level="2fa")


def reviewer(*roles: StaffRole, **values: Any) -> User:
    """A member of the back office; an assessor unless said otherwise."""
    return people.staff(*(roles or (StaffRole.ASSESSOR,)), **values)


def at_work(of: User, *, at: datetime = NOON) -> Actor:
    return people.at_work(of, at=at)


def service(of: Publisher, **values: Any) -> Service:
    place = next(_numbers)
    name = values.pop("name", f"Carnet Souffle {place}")
    defaults = {"folded_name": fold(name), "slug": f"carnet-souffle-{place}", "domain_token": f"jeton-{place}"}
    return Service.objects.create(publisher=of, name=name, **{**defaults, **values})


def candidacy(status: Status = Status.DRAFT, **values: Any) -> Candidacy:
    """A dossier as it stands in a state, waiting as the table says, without the rows that led there."""
    by = values.pop("by", None) or member()
    place = next(_numbers)
    defaults: dict[str, Any] = {
        "number": f"2026-{place:04d}", "publisher": by.publisher, "service_kind": "suivi", "exchange": "none",
        "referential": criteria.CURRENT, "orientation": dict.fromkeys(orientation.NAMES, "no") | {"web": "yes"},
        "created_by": by.user, "created_at": NOON - timedelta(days=60), "touched_at": NOON - timedelta(days=30),
        "status": status, "status_at": NOON - timedelta(days=1),
    }  # fmt: skip
    if status not in {Status.DRAFT, Status.ABANDONED}:
        defaults |= {"submitted_by": by.user, "submitted_at": NOON - timedelta(days=30)}
    if status is Status.APPEAL:
        defaults["appealed_from"] = Status.REFUSED
    queue = values.pop("queue", None) or DOSSIER.stays[status].first
    if queue is not None:
        since = values.get("status_at", defaults["status_at"])
        term = DOSSIER.stays[status].terms[Queue(queue)]
        ends = due.end_of(term, intervals=(), at=since)
        defaults |= {"queue": queue, "due_at": ends, "waits_since": since}
    values.setdefault("service", service(by.publisher) if "service" not in values else None)
    return Candidacy.objects.create(**{**defaults, **values})


def answered(of: Candidacy, **data: Any) -> None:
    """A complete answer to every criterion that applies."""
    for criterion in criteria.applicable(of.referential, of.orientation, exchange=of.exchange):
        fields = {field.name: _filled(field) for field in criteria.fields_of(criterion.code)}
        Answer.objects.create(
            candidacy=of, criterion=criterion.code, value="conforme", comment="Oui, depuis 2025.",
            data={**fields, **data.get(criterion.code, {})}, declared_by=of.created_by, declared_at=NOON,
        )  # fmt: skip


_FILLED = {
    criteria.FieldKind.URL: "https://www.carnet-souffle.example/",
    criteria.FieldKind.LINES: ["www.carnet-souffle.example"],
    criteria.FieldKind.DATE: "2027-06-30",
    criteria.FieldKind.NUMBER: 92,
    criteria.FieldKind.EMAIL: "contact@editeur.example",
}


def _filled(field: criteria.Field) -> Any:
    return [field.choices[0]] if field.choices else _FILLED.get(field.kind, "texte")


def sheet(of: Candidacy, **values: Any) -> Sheet:
    """A complete page, not shown yet."""
    defaults = {
        "tagline": "Noter ses crises et préparer sa consultation.", "description": "Un carnet de suivi de l'asthme.",
        "needs": ["maladie_chronique"], "audiences": ["adulte"], "languages": ["fr"], "platforms": ["web"],
        "price": "gratuit", "privacy_url": "https://www.carnet-souffle.example/vie-privee",
        "legal_url": "https://www.carnet-souffle.example/mentions", "hosting_country": "FR",
        "hosting_name": "Rive Cloud", "support_email": "aide@editeur.example", "written_by": of.created_by,
        "written_at": NOON, "web_url": "https://www.carnet-souffle.example/",
    }  # fmt: skip
    return Sheet.objects.create(candidacy=of, **{**defaults, **values})


def evidence(of: Candidacy, *, state: StoredFile.State = StoredFile.State.CLEAN, **values: Any) -> Evidence:
    """A piece with the row of its file; the bytes are nowhere."""
    vault = vault_of(owner_kind=Vault.Owner.ORGANISATION, owner_id=of.publisher_id)
    scanned = None if state in {StoredFile.State.WAITING, StoredFile.State.PARKED} else NOON
    stored = StoredFile.objects.create(
        vault=vault, object_name=uuid7().hex, size=1200, sha256="0" * 64, media_type="application/pdf", state=state,
        received_at=NOON, scanned_at=scanned, parked_at=NOON if state == "parked" else None,
    )  # fmt: skip
    defaults = {
        "title": "Analyse d'impact", "name": "aipd.pdf", "media_type": "application/pdf", "size": 1200,
        "sha256": "0" * 64, "added_by": of.created_by, "added_at": NOON, "criteria": ["CRI-RGP-03"],
    }  # fmt: skip
    return Evidence.objects.create(
        candidacy=of, publisher=of.publisher, vault_id=vault.id, file_id=stored.id, **{**defaults, **values}
    )


def seat(number: int, *, user: User | None = None, **values: Any) -> CommissionMember:
    """Seat `number` of nine, with its declaration of interests."""
    seats = list(CommissionMember.Seat)
    defaults = {
        "seat": seats[number], "name": f"Membre {number + 1}", "starts_on": date(2026, 1, 1),
        "ends_on": date(2027, 12, 31), "interests_declared_on": date(2026, 1, 5),
    }  # fmt: skip
    who = user or people.staff(StaffRole.MEMBER)
    return CommissionMember.objects.create(user=who, **{**defaults, **values})


def three_records(of: Candidacy) -> tuple[AgendaItem, Decision, Agreement]:
    """Favourable opinion, decision and agreement signed by three people, a month before NOON (STO-01)."""
    then = NOON - timedelta(days=30)
    secretary = people.staff(StaffRole.SECRETARIAT)
    session, _new = Session.objects.get_or_create(
        held_on=then.date(), defaults={"state": "held", "planned_by": secretary, "planned_at": then, "closed_at": then}
    )
    place = session.items.count() + 1
    opinion = AgendaItem.objects.create(
        session=session, candidacy=of, position=place, opinion="favorable", quorum=7, recorded_by=secretary,
        opinion_at=then,
    )  # fmt: skip
    decision = Decision.objects.create(
        candidacy=of, kind="accept", ground="R1111-38", facts="Critères remplis.", decided_at=then,
        decided_by=people.staff(StaffRole.DELEGATE), notified_at=then,
    )  # fmt: skip
    agreement = Agreement.objects.create(
        candidacy=of, document_hash="a" * 64, vault_id=uuid7(), file_id=uuid7(), years=3, made_at=then, signed_at=then,
        starts_on=then.date(), ends_on=clocks.months_after(then.date(), 36),
    )  # fmt: skip
    signers = (of.created_by, people.staff(StaffRole.DESK), people.staff(StaffRole.DELEGATE))
    for party, who in zip(Signature.Party, signers, strict=True):
        Signature.objects.create(
            agreement=agreement, party=party, user=who, name="Signataire", document_hash="a" * 64, at=then
        )
    return opinion, decision, agreement


def listing(status: ListingStatus = ListingStatus.PUBLISHED, **values: Any) -> Listing:
    """A referenced service, published a month before NOON, with a page that is shown."""
    dossier = values.pop("candidacy", None) or candidacy(Status.PUBLISHED, by=values.pop("by", None))
    opinion, decision, agreement = three_records(dossier)
    then = NOON - timedelta(days=30)
    if not dossier.sheets.exists():
        sheet(dossier, shown_at=then)
    defaults: dict[str, Any] = {
        "service": dossier.service, "publisher": dossier.publisher, "candidacy": dossier, "opinion": opinion,
        "decision": decision, "agreement": agreement, "opinion_at": opinion.opinion_at,
        "decided_at": decision.decided_at, "signed_at": agreement.signed_at, "status": status, "status_at": then,
        "published_at": then, "controlled_on": then.date(), "check_weekday": 0, "declared_on": then.date(),
        "agreement_ends_on": agreement.ends_on,
    }  # fmt: skip
    return Listing.objects.create(**{**defaults, **values})


def ids(rows: Any) -> list[UUID]:
    """Ids of rows, for comparing lists."""
    return [row.id for row in rows]
