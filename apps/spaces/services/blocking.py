"""What a holder decides about one professional: block, administrator, withdrawal of a consent (ACC-10, ACC-12)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from apps.access import Actor, Decision
from apps.audit.services import Line, record
from apps.directory.models import Professional
from apps.spaces import notices, policies
from apps.spaces.carers import running_consents
from apps.spaces.models import CareConsent, ProfessionalBlock, SpaceAdministrator
from apps.spaces.services.choices import locked_space
from apps.spaces.services.errors import ProfessionalBlockedError, UnknownProfessionalError


@transaction.atomic
def block_professional(*, actor: Actor, national_id: str, at: datetime) -> ProfessionalBlock:
    """Stop a professional from reading, even one never met; deposits stay possible (ACC-10).

    The rights of an administrator end first (SE-04). Blocking twice changes nothing. Returns the block.
    Raises `UnknownProfessionalError`, `AccessDeniedError`, `SpaceNotFoundError`. Source: CSP L1111-19.
    """
    decision = policies.may_block(actor).required()
    locked_space(actor)
    _known(national_id)
    _end_administrator(actor, national_id, decision, at)
    made, created = ProfessionalBlock.objects.get_or_create(
        space_id=actor.space_id, national_id=national_id, ended_at=None, defaults={"blocked_at": at}
    )
    if created:
        line = Line(action="spaces.professional.block", target=f"block:{made.id}", decision=decision)
        notices.tell_of_choice(record(actor=actor, at=at, line=line))
    return made


@transaction.atomic
def unblock_professional(*, actor: Actor, national_id: str, at: datetime) -> None:
    """Let a professional ask for access again; the consent from before the block does not come back (ACC-10).

    Unblocking twice changes nothing. Raises `AccessDeniedError`, `SpaceNotFoundError`.
    """
    decision = policies.may_decide(actor, policies.BLOCK_RULE).required()
    space = locked_space(actor)
    block = ProfessionalBlock.objects.filter(space=space, national_id=national_id, ended_at=None).first()
    if block is None:
        return
    block.ended_at = max(at, block.blocked_at)
    block.save(update_fields=["ended_at"])
    line = Line(action="spaces.professional.unblock", target=f"block:{block.id}", decision=decision)
    notices.tell_of_choice(record(actor=actor, at=at, line=line))


@transaction.atomic
def name_administrator(*, actor: Actor, national_id: str, is_declared_gp: bool, at: datetime) -> SpaceAdministrator:
    """Make a professional administrator of the space: sees hidden documents, may block others (ACC-12).

    There is one declared GP: the former one stops being administrator. Naming twice changes nothing. Returns the row.
    Raises `ProfessionalBlockedError`, `UnknownProfessionalError`, `AccessDeniedError`, `SpaceNotFoundError`.
    """
    decision = policies.may_name_administrator(actor).required()
    space = locked_space(actor)
    _known(national_id)
    if ProfessionalBlock.objects.filter(space=space, national_id=national_id, ended_at=None).exists():
        raise ProfessionalBlockedError
    current = SpaceAdministrator.objects.filter(space=space, national_id=national_id, ended_at=None).first()
    if current is not None and current.is_declared_gp >= is_declared_gp:
        return current
    _end_administrator(actor, national_id, decision, at)
    if is_declared_gp:
        former = SpaceAdministrator.objects.filter(space=space, is_declared_gp=True, ended_at=None).first()
        if former is not None:
            _end_administrator(actor, former.national_id, decision, at)
    made = SpaceAdministrator.objects.create(
        space_id=space.id, national_id=national_id, is_declared_gp=is_declared_gp, named_at=at
    )
    line = Line(
        action="spaces.administrator.name",
        target=f"administrator:{made.id}",
        decision=decision,
        facts={"declared_gp": is_declared_gp},
    )
    notices.tell_of_administrator(record(actor=actor, at=at, line=line))
    return made


@transaction.atomic
def end_administrator(*, actor: Actor, national_id: str, at: datetime) -> None:
    """Take back at once what `name_administrator` gave, also from the declared GP (ACC-12). Twice changes nothing.

    Raises `AccessDeniedError`, `SpaceNotFoundError`.
    """
    decision = policies.may_decide(actor, policies.ADMINISTRATOR_RULE).required()
    locked_space(actor)
    _end_administrator(actor, national_id, decision, at)


@transaction.atomic
def withdraw_consent(*, actor: Actor, national_id: str, at: datetime) -> int:
    """Withdraw the agreement to be read by a professional, with that of every care team it names (ACC-02, ACC-10).

    Colleagues of these teams lose it too: one agreement is for a whole team. Returns the number of agreements that
    ended; none the second time. Raises `AccessDeniedError`, `SpaceNotFoundError`.
    """
    decision = policies.may_decide(actor, policies.CONSENT_RULE).required()
    space = locked_space(actor)
    running = running_consents(space_id=space.id, at=at)
    theirs = list(running.filter(national_id=national_id).order_by("id"))
    teams = {row.organisation_id for row in theirs if row.scope == CareConsent.Scope.CARE_TEAM and row.organisation_id}
    ended = list(running.filter(Q(national_id=national_id) | _for(teams)).order_by("id"))
    CareConsent.objects.filter(space=space, id__in=[row.id for row in ended]).update(withdrawn_at=at)
    lines = [Line(action="spaces.consent.withdraw", target=f"consent:{row.id}", decision=decision) for row in ended]
    for number, line in enumerate(lines):
        event = record(actor=actor, at=at, line=line)
        if number == 0:
            notices.tell_of_choice(event)
    return len(ended)


def _for(teams: set[str]) -> Q:
    return Q(scope=CareConsent.Scope.CARE_TEAM, organisation_id__in=teams)


def _known(national_id: str) -> None:
    """Blocking and naming are by the directory: a typing error must not look like a block (DIR-01)."""
    if not Professional.objects.filter(national_id=national_id).exists():
        raise UnknownProfessionalError


def _end_administrator(actor: Actor, national_id: str, decision: Decision, at: datetime) -> None:
    rows = SpaceAdministrator.objects.filter(space_id=actor.space_id, national_id=national_id, ended_at=None)
    row = rows.first()
    if row is None:
        return
    row.ended_at = max(at, row.named_at)
    row.save(update_fields=["ended_at"])
    line = Line(action="spaces.administrator.end", target=f"administrator:{row.id}", decision=decision)
    notices.tell_of_administrator(record(actor=actor, at=at, line=line))
