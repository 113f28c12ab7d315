"""10,000 referenced services with their three records, some of them due for something."""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import models
from django.utils import timezone

from apps.accounts.models import User
from apps.common.ids import uuid7
from apps.store import clocks
from apps.store.models import AgendaItem, Agreement, Candidacy, Decision, Listing, Publisher, Session, Signature
from apps.store.states import ListingStatus, Queue, Status
from benchmarks.store_rows import candidacy_of, service_of

BATCH = 2_000
DUE = 100  # one in so many has a term that is over


def fill_listings(number: int) -> int:
    """Services that are published since a year; returns how many have something due now."""
    now = timezone.now()
    then, today = now - timedelta(days=200), now.date()
    users = [User.objects.create(password="!", email=f"signe{place}@demo.example") for place in range(3)]  # noqa: S106
    publisher = Publisher.objects.first()
    if publisher is None:
        raise LookupError
    session = Session.objects.create(
        held_on=then.date(), state="held", planned_by=users[0], planned_at=then, closed_at=then
    )
    services = _keep([service_of(publisher, 20_000_000 + place) for place in range(number)])
    dossiers = _keep(
        [
            candidacy_of(users[0], service, 20_000_000 + place, status=Status.PUBLISHED, submitted_at=then)
            for place, service in enumerate(services)
        ]
    )
    opinions = _keep([_opinion(one, session, users[1], place, then) for place, one in enumerate(dossiers)])
    decisions = _keep([_decision(one, users[2], then) for one in dossiers])
    ends = clocks.months_after(then.date(), 36)
    agreements = _keep([_agreement(one, then, ends) for one in dossiers])
    _keep([_signature(one, party, who, then) for one in agreements for party, who in _parties(users)])
    rows = zip(dossiers, opinions, decisions, agreements, strict=True)
    listings = [
        Listing(
            service_id=one.service_id, publisher_id=one.publisher_id, candidacy=one, opinion=opinion,
            decision=decision, agreement=agreement, opinion_at=then, decided_at=then, signed_at=then, status_at=then,
            published_at=then, controlled_on=today, check_weekday=place % 7, declared_on=then.date(),
            agreement_ends_on=ends, wakes_at=now + timedelta(days=1 + place % 7), **_due(place, now),
        )
        for place, (one, opinion, decision, agreement) in enumerate(rows)
    ]  # fmt: skip
    _keep(listings)
    return sum(1 for one in listings if one.status == ListingStatus.FORMAL_NOTICE)


def _due(place: int, now: Any) -> dict[str, Any]:  # noqa: ANN401  a moment
    if place % DUE:
        return {}
    over = now - timedelta(days=1)
    return {"status": ListingStatus.FORMAL_NOTICE, "queue": Queue.PUBLISHER, "due_at": over, "waits_since": over}


def _parties(users: list[User]) -> list[tuple[str, User]]:
    return list(zip(("editeur", "cnam", "ministre"), users, strict=True))


def _opinion(one: Candidacy, session: Session, who: User, place: int, then: Any) -> AgendaItem:  # noqa: ANN401
    return AgendaItem(
        session=session, candidacy=one, position=place % 30_000, opinion="favorable", quorum=7, recorded_by=who,
        opinion_at=then,
    )  # fmt: skip


def _decision(one: Candidacy, who: User, then: Any) -> Decision:  # noqa: ANN401
    return Decision(
        candidacy=one, kind="accept", ground="R1111-38", facts="Critères remplis.", decided_by=who, decided_at=then
    )


def _agreement(one: Candidacy, then: Any, ends: Any) -> Agreement:  # noqa: ANN401
    return Agreement(
        candidacy=one, document_hash="a" * 64, vault_id=uuid7(), file_id=uuid7(), years=3, made_at=then,
        signed_at=then, starts_on=then.date(), ends_on=ends,
    )  # fmt: skip


def _signature(agreement: Agreement, party: str, who: User, then: Any) -> Signature:  # noqa: ANN401
    return Signature(agreement=agreement, party=party, user=who, name="Signataire", document_hash="a" * 64, at=then)


def _keep(rows: list[Any]) -> list[Any]:
    iterator, model = iter(rows), type(rows[0])
    manager: models.Manager[Any] = model._default_manager
    while batch := list(islice(iterator, BATCH)):
        manager.bulk_create(batch)
    return rows
