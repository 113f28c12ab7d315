"""What a holder decides about professionals: consent, administrators, blocks; a professional entering."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor, Decision, Purpose, Rights, Role
from apps.audit.services import Line, record
from apps.directory.models import Professional
from apps.spaces.matrix import access_matrix
from apps.spaces.models import CareConsent, HealthSpace, ProfessionalBlock, SpaceAdministrator


class SpaceNotFoundError(Exception):
    """No open space of that id; the same answer for unknown, closed and never opened."""


class UnknownProfessionalError(Exception):
    """The directory holds no active professional of that number: no care access (DIR-11)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A professional who wants to enter a space: `national_id` is PS_IdNat (`8` + RPPS), `organisation_id`
    Struct_IdNat.
    """

    space_id: UUID
    national_id: str
    organisation_id: str = ""
    purpose: Purpose = Purpose.CARE
    reason: str = ""


def professional_actor(*, visit: Visit, at: datetime) -> Actor:
    """The Actor of a professional in a space, with consent, block, administrator state, switches and matrix
    (ACC-01..24).

    It is built for refusals too: policies decide on each document and their rule goes into the trace.
    Raises `SpaceNotFoundError`, `UnknownProfessionalError`.
    """
    professional = Professional.objects.filter(national_id=visit.national_id, is_active=True).first()
    if professional is None:
        raise UnknownProfessionalError
    space = (
        HealthSpace.objects.filter(pk=visit.space_id)
        .with_decisions_about(visit.national_id, visit.organisation_id, at=at)
        .first()
    )
    if space is None or not space.is_open:
        raise SpaceNotFoundError
    matrix = access_matrix()
    return Actor(
        role=Role.PROFESSIONAL,
        at=at,
        space_id=space.id,
        purpose=visit.purpose,
        national_id=professional.national_id,
        organisation_id=visit.organisation_id,
        profession=professional.profession_code,
        reason=visit.reason,
        rights=Rights(
            space_open=True,
            consent_until=space.consent_until,
            blocked=space.is_blocked,
            administrator=space.is_administrator,
            break_glass_allowed=space.break_glass_allowed,
            emergency_call_allowed=space.emergency_call_allowed,
            masked_in_emergency=space.masked_in_emergency,
            readable_types=matrix.readable_types(professional.profession_code),
            matrix_version=matrix.version,
        ),
    )


@transaction.atomic
def declare_consent(*, visit: Visit, ends_at: datetime | None, at: datetime) -> CareConsent:
    """Record that the holder agreed to be read by the care team, or for one consultation when `ends_at` is given
    (ACC-02..04).

    Raises `SpaceNotFoundError`, `UnknownProfessionalError`.
    """
    actor = professional_actor(visit=visit, at=at)
    consent = CareConsent.objects.create(
        space_id=visit.space_id,
        national_id=visit.national_id,
        organisation_id=visit.organisation_id,
        scope=CareConsent.Scope.CARE_TEAM if ends_at is None else CareConsent.Scope.CONSULTATION,
        given_at=at,
        ends_at=ends_at,
        declared_by=visit.national_id,
    )
    rule = Decision(allowed=True, rule="ACC-02" if ends_at is None else "ACC-03")
    record(actor=actor, at=at, line=Line(action="spaces.access.declare", target=f"consent:{consent.id}", decision=rule))
    return consent


@transaction.atomic
def name_administrator(*, actor: Actor, national_id: str, is_declared_gp: bool, at: datetime) -> SpaceAdministrator:
    """Make a professional administrator of the space: sees hidden documents, may block others (ACC-12). Naming twice
    changes nothing.
    """
    made, created = SpaceAdministrator.objects.get_or_create(
        space_id=actor.space_id,
        national_id=national_id,
        ended_at=None,
        defaults={"is_declared_gp": is_declared_gp, "named_at": at},
    )
    if created:
        record(actor=actor, at=at, line=Line(action="spaces.administrator.name", target=f"administrator:{made.id}"))
    return made


@transaction.atomic
def block_professional(*, actor: Actor, national_id: str, at: datetime) -> ProfessionalBlock:
    """Stop a professional from reading, even one never met; deposits stay possible (ACC-10). Blocking twice changes
    nothing.
    """
    made, created = ProfessionalBlock.objects.get_or_create(
        space_id=actor.space_id, national_id=national_id, ended_at=None, defaults={"blocked_at": at}
    )
    if created:
        record(actor=actor, at=at, line=Line(action="spaces.professional.block", target=f"block:{made.id}"))
    return made
