"""Professionals and a space: who has access, who is blocked, who administers it (ACC-01, ACC-10, ACC-12)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from apps.access import Role
from apps.audit.services import AuditEvent, events_of
from apps.directory.models import Organisation, Professional
from apps.spaces.models import CareConsent, ProfessionalBlock, SpaceAdministrator
from apps.spaces.querysets import spends_consent

_READINGS = ("dmp.document.read", "dmp.document.download", "dmp.list.read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Carer:
    """One professional as a list shows them. `id` of the directory, None when it has lost them (DIR-04).

    `since` and `until` are those of the access, the block or the naming; `team` the name of the structure whose whole
    care team may read; `last_access` the last reading.
    """

    id: UUID | None
    national_id: str
    name: str
    profession: str
    since: datetime
    until: datetime | None = None
    team: str = ""
    is_declared_gp: bool = False
    last_access: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Carers:
    """Everybody about whom the space has a decision in force. `teams`: by whom the agreement was declared."""

    with_access: tuple[Carer, ...]
    teams: tuple[Carer, ...]
    administrators: tuple[Carer, ...]
    blocked: tuple[Carer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the space has decided about one professional; None where nothing is in force."""

    access: Carer | None
    team: Carer | None
    administrator: Carer | None
    block: Carer | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """What the lists need beside the decisions."""

    people: Mapping[str, Professional]
    places: Mapping[str, str]
    accesses: Mapping[str, datetime]


def carers_of(*, space_id: UUID, at: datetime) -> Carers:
    """By six queries, whatever the number of people; the newest decision first, the declared GP before all."""
    consents = list(running_consents(space_id=space_id, at=at).order_by("-given_at", "-id"))
    administrators = list(_running(SpaceAdministrator.objects.filter(space_id=space_id, named_at__lte=at), at=at))
    blocks = list(_running(ProfessionalBlock.objects.filter(space_id=space_id, blocked_at__lte=at), at=at))
    names = _names(space_id, (*consents, *administrators, *blocks), {row.organisation_id for row in consents})
    barred = {row.national_id for row in blocks}
    people = _first_of_each(
        (row.national_id, row) for row in consents if not row.is_spent and row.national_id not in barred
    )
    teams = _first_of_each((row.organisation_id, row) for row in consents if _is_team(row))
    return Carers(
        with_access=tuple(_of_consent(row, names) for row in people),
        teams=tuple(_of_consent(row, names) for row in teams),
        administrators=tuple(
            replace(_carer(row.national_id, row.named_at, names), is_declared_gp=row.is_declared_gp)
            for row in sorted(administrators, key=lambda one: (not one.is_declared_gp, one.named_at, one.id))
        ),
        blocked=tuple(
            _carer(row.national_id, row.blocked_at, names)
            for row in sorted(blocks, key=lambda one: (one.blocked_at, one.id), reverse=True)
        ),
    )


def standing_of(*, space_id: UUID, national_id: str, at: datetime) -> Standing:
    """The decisions about one professional."""
    carers = carers_of(space_id=space_id, at=at)
    groups = (carers.with_access, carers.teams, carers.administrators, carers.blocked)
    access, team, administrator, block = (
        next((one for one in group if one.national_id == national_id), None) for group in groups
    )
    return Standing(access=access, team=team, administrator=administrator, block=block)


def running_consents(*, space_id: UUID, at: datetime) -> QuerySet[CareConsent]:
    """Consents not withdrawn and not over; `is_spent` when the person they name was blocked then or since (ACC-10).

    A spent consent for a care team still opens to the colleagues of who was blocked.
    """
    blocked_since = ProfessionalBlock.objects.filter(
        spends_consent(), space_id=OuterRef("space_id"), national_id=OuterRef("national_id"), blocked_at__lte=at
    )
    running = Q(ends_at=None) | Q(ends_at__gt=at)
    rows = CareConsent.objects.filter(running, space_id=space_id, given_at__lte=at, withdrawn_at=None)
    return rows.annotate(is_spent=Exists(blocked_since))  # type: ignore[no-redef]  # declared on the model


def _running(rows: Any, *, at: datetime) -> Any:  # noqa: ANN401  blocks and administrators have no common class
    return rows.filter(Q(ended_at=None) | Q(ended_at__gt=at))


def _is_team(row: CareConsent) -> bool:
    return row.scope == CareConsent.Scope.CARE_TEAM and row.organisation_id != ""


def _first_of_each(rows: Iterable[tuple[str, CareConsent]]) -> list[CareConsent]:
    found: dict[str, CareConsent] = {}
    for key, row in rows:
        found.setdefault(key, row)
    return list(found.values())


def _names(space_id: UUID, rows: Iterable[Any], places: Collection[str]) -> _Names:
    ids = {row.national_id for row in rows}
    readings = events_of(space_id).filter(
        action__in=_READINGS,
        actor_role=Role.PROFESSIONAL.value,
        actor_id__in=ids,
        outcome=AuditEvent.Outcome.PERMITTED,
    )
    return _Names(
        people=Professional.objects.in_bulk(list(ids), field_name="national_id"),
        places=_places(places),
        accesses=dict(readings.order_by().values_list("actor_id").annotate(last=Max("at"))),
    )


def _places(ids: Collection[str]) -> dict[str, str]:
    """Names by identifier of a structure: the directory's, or 1 and FINESS, 3 and SIRET (DMP-23)."""
    finess = {one[1:] for one in ids if one.startswith("1")}
    siret = {one[1:] for one in ids if one.startswith("3")}
    known = Organisation.objects.filter(Q(technical_id__in=ids) | Q(finess__in=finess) | Q(siret__in=siret))
    names: dict[str, str] = {}
    for own, finess_number, siret_number, name in known.values_list("technical_id", "finess", "siret", "name"):
        names |= {f"1{finess_number}": name, f"3{siret_number}": name, own: name}
    return names


def _of_consent(row: CareConsent, names: _Names) -> Carer:
    team = names.places.get(row.organisation_id, row.organisation_id) if _is_team(row) else ""
    return replace(_carer(row.national_id, row.given_at, names), until=row.ends_at, team=team)


def _carer(national_id: str, since: datetime, names: _Names) -> Carer:
    known = names.people.get(national_id)
    return Carer(
        id=known.id if known else None,
        national_id=national_id,
        name=known.display_name if known else national_id,
        profession=(known.specialty_label or known.profession_label) if known else "",
        since=since,
        last_access=names.accesses.get(national_id),
    )
