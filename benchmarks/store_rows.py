"""Rows of a busy store: 69 criteria a dossier, 30 pieces of evidence, verdicts, checks and history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import count, islice
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import timezone

from apps.accounts.models import User
from apps.common.ids import uuid7
from apps.files.models import StoredFile, Vault
from apps.store import criteria, orientation
from apps.store.models import Answer, Candidacy, CandidacyEvent, CandidacyStep, Evidence, Judgement, Publisher, Service
from apps.store.states import DOSSIER, Status

PIECES, BATCH = 30, 5_000
STATES = (Status.ASSESSMENT, Status.ADMISSIBILITY, Status.COMPLEMENT, Status.READY, Status.PUBLISHED, Status.REFUSED)
_numbers = count(1)


def fill(dossiers: int) -> str:
    """Dossiers in all states, each with everything that a page may show; says how much."""
    user = User.objects.create(password="!", email="editeur-mesure@demo.example")  # noqa: S106
    publishers = _keep(Publisher, (_publisher(user, place) for place in range(dossiers // 10)))
    services = _keep(Service, (service_of(publishers[place % len(publishers)], place) for place in range(dossiers)))
    made = _keep(Candidacy, (candidacy_of(user, service, place) for place, service in enumerate(services)))
    codes = [criterion.code for criterion in criteria.criteria_of(criteria.CURRENT)]
    _keep(Answer, (_answer(user, one, code) for one in made for code in codes))
    _keep(Judgement, (_judgement(user, one, code) for one in made for code in codes[:40]))
    vaults = {one.id: Vault(owner_kind="organisation", owner_id=one.id, wrapped_key=b"x") for one in publishers}
    _keep(Vault, vaults.values())
    pairs = [(one, uuid7()) for one in made for _ in range(PIECES)]
    _keep(StoredFile, (_file(vaults[one.publisher_id], key) for one, key in pairs))
    _keep(Evidence, (_evidence(user, one, vaults[one.publisher_id].id, key) for one, key in pairs))
    _keep(CandidacyStep, (_step(one, place) for one in made for place in range(15)))
    _keep(CandidacyEvent, (_event(one, place) for one in made for place in range(8)))
    return f"{dossiers} dossiers, {len(codes) * dossiers} answers, {len(pairs)} pieces of evidence"


def carried_on(number: int, steps: int) -> list[UUID]:
    """Dossiers that were just sent, with so many steps that take no time."""
    now = timezone.now()
    user = User.objects.first()
    publisher = Publisher.objects.first()
    if user is None or publisher is None:
        raise LookupError
    services = _keep(Service, (service_of(publisher, next(_numbers) + 10_000_000) for _ in range(number)))
    made = _keep(
        Candidacy,
        (
            candidacy_of(user, one, next(_numbers) + 10_000_000, status=Status.SUBMITTED, submitted_at=now)
            for one in services
        ),
    )
    kinds = ("siren", "email", "email", "store_links", "redirect_uris", "finess")
    targets = ("552100554", "a@demo.example", "b@demo.example", "https://apps.apple.com/fr/app/x/id1", "x", "750000018")
    rows = (
        CandidacyStep(
            candidacy=one, kind=kinds[place], target=targets[place], round=1, cause="submission", asked_at=now,
            due_at=now,
        )
        for one in made
        for place in range(steps)
    )  # fmt: skip
    _keep(CandidacyStep, rows)
    return [one.id for one in made]


def _keep(model: type[models.Model], rows: Iterable[Any]) -> list[Any]:
    """Rows in batches; only those that are few are handed back."""
    iterator: Iterator[Any] = iter(rows)
    kept: list[Any] = []
    small = model in {Publisher, Service, Candidacy}
    while batch := list(islice(iterator, BATCH)):
        model._default_manager.bulk_create(batch)
        if small:
            kept += batch
    return kept


def _publisher(user: User, place: int) -> Publisher:
    siren = f"{100_000_000 + place}"
    return Publisher(
        siren=siren, siret=f"{siren}00011", name=f"Éditeur {place}", representative_name="Jeanne Morvan",
        representative_title="Présidente", contact_email="contact@demo.example",
        security_email="securite@demo.example", security_phone="02 61 91 55 00", created_by=user,
        created_at=timezone.now(),
    )  # fmt: skip


def service_of(publisher: Publisher, place: int) -> Service:
    """One service, not saved."""
    name = f"Carnet {place}"
    return Service(
        publisher=publisher, name=name, folded_name=name.upper(), slug=f"carnet-{place}", domain_token=f"jeton-{place}"
    )


def candidacy_of(user: User, service: Service, place: int, **values: Any) -> Candidacy:  # noqa: ANN401  columns
    """One dossier that was sent a month ago, not saved."""
    now = timezone.now()
    status: Status = values.pop("status", None) or STATES[place % len(STATES)]
    queue = DOSSIER.stays[status].first
    waiting = {"queue": queue, "due_at": now + timedelta(days=place % 60), "waits_since": now} if queue else {}
    return Candidacy(
        number=f"{place}", publisher_id=service.publisher_id, service=service, status=status, service_kind="suivi",
        exchange="none", referential=criteria.CURRENT, orientation=dict.fromkeys(orientation.NAMES, "yes"),
        created_by=user, created_at=now, touched_at=now, submitted_by=user, status_at=now,
        **{"submitted_at": now - timedelta(days=30), **waiting, **values},
    )  # fmt: skip


def _answer(user: User, one: Candidacy, code: str) -> Answer:
    return Answer(
        candidacy=one, criterion=code, value="conforme", comment="Oui, depuis 2025.", data={"url": "https://x.example/"},
        declared_by=user, declared_at=one.created_at,
    )  # fmt: skip


def _judgement(user: User, one: Candidacy, code: str) -> Judgement:
    return Judgement(candidacy=one, criterion=code, version=1, verdict="conforme", by=user, at=one.created_at)


def _file(vault: Vault, key: UUID) -> StoredFile:
    now = timezone.now()
    return StoredFile(
        vault=vault, id=key, object_name=key.hex, size=12_000, sha256="0" * 64, media_type="application/pdf",
        state=StoredFile.State.CLEAN, received_at=now, scanned_at=now,
    )  # fmt: skip


def _evidence(user: User, one: Candidacy, vault_id: UUID, key: UUID) -> Evidence:
    return Evidence(
        candidacy=one, publisher_id=one.publisher_id, title="Rapport", name="rapport.pdf",
        media_type="application/pdf", size=12_000, sha256="0" * 64, vault_id=vault_id, file_id=key,
        criteria=["CRI-SEC-05"], added_by=user, added_at=one.created_at,
    )  # fmt: skip


def _step(one: Candidacy, place: int) -> CandidacyStep:
    now = one.created_at
    return CandidacyStep(
        candidacy=one, kind="tls", target=f"h{place}.example", round=2, cause="submission", asked_at=now, due_at=now,
        state="done", outcome="pass", attempt=1, started_at=now, finished_at=now,
    )  # fmt: skip


def _event(one: Candidacy, place: int) -> CandidacyEvent:
    return CandidacyEvent(
        candidacy=one, sequence=place, event="hand_over", before=one.status, after=one.status, by="guichet",
        actor="mesure", at=one.created_at, rule="STO-83", queue=one.queue, due_at=one.due_at,
    )  # fmt: skip
