"""Lists of people for outside: asked for by one person, approved by another, fetched within a day (RO-03, SEC-20)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from apps.access import Actor
from apps.audit.services import Fact, Line, record
from apps.common import sheets
from apps.common.dates import PARIS
from apps.rollout import policies
from apps.rollout.models import EligiblePerson, ExportRequest
from apps.rollout.services.acting import person_who_acts
from apps.rollout.services.errors import SamePersonError
from apps.rollout.services.population import Filters, filtered

State = ExportRequest.State
ROWS_AT_MOST = 10_000
LIFE = timedelta(hours=24)
HEADER = (
    "numero_ins", "nom_de_naissance", "prenoms_de_naissance", "date_de_naissance", "sexe", "situation", "regime",
    "caisse", "departement", "vague", "etat", "motif", "retenue", "double", "representant_1", "representant_2",
)  # fmt: skip


class TooManyRowsError(Exception):
    """More people meet the filters than a list may hold; `found` counts them as far as it was counted."""

    def __init__(self, found: int) -> None:
        super().__init__(found)
        self.found = found


class NothingToExportError(Exception):
    """Nobody meets the filters."""


class UnknownExportError(Exception):
    """No such request, or none that may be decided or fetched by this person now."""


@transaction.atomic
def ask_export(*, actor: Actor, export_id: UUID, filters: Filters, reason: str, at: datetime) -> ExportRequest:
    """Ask for the list of everybody who meets the filters; another person decides. The same id again changes nothing.

    Raises `TooManyRowsError`, `NothingToExportError`, `AccessDeniedError`.
    """
    person = person_who_acts(actor, roles=policies.RUNS)
    rows = filtered(filters, today=at.astimezone(PARIS).date()).order_by("pk").values("pk")
    found = rows[: ROWS_AT_MOST + 1].count()
    if found > ROWS_AT_MOST:
        raise TooManyRowsError(found)
    if not found:
        raise NothingToExportError
    made, is_new = ExportRequest.objects.get_or_create(
        id=export_id,
        defaults={
            "filters": filters.active, "reason": reason, "rows": found, "asked_by_id": person, "asked_at": at,
        },
    )  # fmt: skip
    if is_new:
        _trace(actor, made, "ask", at, rows=found)
    return made


@transaction.atomic
def decide_export(*, actor: Actor, export_id: UUID, approve: bool, at: datetime) -> ExportRequest:
    """Let the list go for a day, or refuse it; never one's own.

    Raises `UnknownExportError`, `SamePersonError`, `AccessDeniedError`.
    """
    person = person_who_acts(actor, roles=policies.APPROVES)
    row = ExportRequest.objects.select_for_update(of=("self",)).filter(id=export_id, state=State.ASKED).first()
    if row is None:
        raise UnknownExportError
    if row.asked_by_id == person:
        raise SamePersonError
    row.state = State.APPROVED if approve else State.REFUSED
    row.decided_by_id, row.decided_at = person, at
    row.ends_at = at + LIFE if approve else None
    row.save(update_fields=["state", "decided_by", "decided_at", "ends_at"])
    _trace(actor, row, "approve" if approve else "refuse", at, rows=row.rows)
    return row


@transaction.atomic
def fetch_export(*, actor: Actor, export_id: UUID, at: datetime) -> Iterator[str]:
    """The list as it is now, line by line, to the person who asked for it; each fetching is traced before it leaves.

    A list that grew too long since is not cut. Raises `UnknownExportError`, `TooManyRowsError`, `AccessDeniedError`.
    """
    person = person_who_acts(actor, roles=policies.RUNS)
    fetchable = ExportRequest.objects.filter(id=export_id, state=State.APPROVED, asked_by_id=person, ends_at__gt=at)
    row = fetchable.select_for_update(of=("self",)).first()
    if row is None:
        raise UnknownExportError
    people = _people(row, at)
    if len(people) > ROWS_AT_MOST:
        raise TooManyRowsError(len(people))
    ExportRequest.objects.filter(pk=row.pk).update(fetched=F("fetched") + 1, fetched_at=at)
    _trace(actor, row, "fetch", at, rows=len(people))
    return sheets.lines(header=HEADER, rows=(_cells(one) for one in people))


def latest_exports() -> Sequence[ExportRequest]:
    """What was asked for lately, by whomever."""
    rows = ExportRequest.objects.select_related("asked_by", "decided_by").order_by("-asked_at", "-id")
    return list(rows[:50])


def asked_export(*, export_id: UUID) -> ExportRequest:
    """One request that waits for a decision. Raises `UnknownExportError`."""
    found = ExportRequest.objects.select_related("asked_by").filter(id=export_id, state=State.ASKED).first()
    if found is None:
        raise UnknownExportError
    return found


def _people(row: ExportRequest, at: datetime) -> Sequence[EligiblePerson]:
    rows = filtered(Filters(**row.filters), today=at.astimezone(PARIS).date())
    return list(rows.select_related("identity", "wave").order_by("pk")[: ROWS_AT_MOST + 1])


def _cells(one: EligiblePerson) -> tuple[object, ...]:
    who = one.identity
    return (
        f"{who.ins_number}{who.ins_key}", who.birth_family_name, who.birth_given_names, who.birth_date, who.sex,
        one.situation, one.scheme, one.fund, one.department, one.wave.number if one.wave else None, one.state,
        one.state_reason, one.hold, "oui" if one.double_of_id else "", one.rl1_number, one.rl2_number,
    )  # fmt: skip


def _trace(actor: Actor, row: ExportRequest, act: str, at: datetime, *, rows: int) -> None:
    facts: dict[str, Fact] = {"rows": rows, "filters": " ".join(sorted(row.filters))}
    record(actor=actor, at=at, line=Line(action=f"rollout.export.{act}", target=f"export:{row.pk}", facts=facts))
