"""What a holder decides about professionals: consent, administrators, blocks; a professional entering."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import AccessDeniedError, Actor, Decision, Purpose, Rights, Role
from apps.audit.services import Line, record
from apps.directory.models import Professional
from apps.spaces import policies
from apps.spaces.matrix import access_matrix
from apps.spaces.models import CareConsent, HealthSpace
from apps.spaces.services.choices import locked_space
from apps.spaces.services.errors import SpaceNotFoundError, UnknownProfessionalError


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A professional who wants to enter a space: `national_id` is PS_IdNat (`8` + RPPS), `organisation_id`
    Struct_IdNat.

    `reason` is typed by the professional: 20 to 500 characters for break-glass (ACC-21). `regulates_calls` is the claim
    `Acces_Regulation_Medicale` of their sign-in (ACC-22).
    """

    space_id: UUID
    national_id: str
    organisation_id: str = ""
    purpose: Purpose = Purpose.CARE
    reason: str = ""
    regulates_calls: bool = False


def professional_actor(*, visit: Visit, at: datetime) -> Actor:
    """The Actor of a professional in a space, with consent, block, administrator state, switches and matrix
    (ACC-01..24).

    It is built for refusals too: policies decide on each document and their rule goes into the trace.
    Raises `SpaceNotFoundError`, `UnknownProfessionalError`; `AccessDeniedError` for an emergency without a reason
    (ACC-21) or a call that no regulating doctor takes (ACC-22), after a line of refusal that outlives no transaction of
    the caller.
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
    actor = _actor(visit, professional, space, at)
    decision = policies.may_enter(
        purpose=visit.purpose,
        reason=visit.reason,
        profession=professional.profession_code,
        regulates_calls=visit.regulates_calls,
    )
    if not decision:
        record(actor=_without_excess(actor), at=at, line=Line(action="spaces.space.enter", decision=decision))
        raise AccessDeniedError(decision)
    return actor


def _actor(visit: Visit, professional: Professional, space: HealthSpace, at: datetime) -> Actor:
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


def _without_excess(actor: Actor) -> Actor:
    """A reason that is too long is refused, and its line must fit into the trail."""
    return replace(actor, reason=actor.reason[: policies.LONGEST_REASON])


@transaction.atomic
def declare_consent(*, visit: Visit, ends_at: datetime | None, at: datetime) -> CareConsent:
    """Record that the holder agreed to be read by the care team, or for one consultation when `ends_at` is given
    (ACC-02..04).

    Raises `SpaceNotFoundError`, `UnknownProfessionalError`.
    """
    actor = professional_actor(visit=visit, at=at)
    locked_space(actor)  # a closing under way ends every consent: none may come after it
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
