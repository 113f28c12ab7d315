"""What a holder chooses for a space: emergencies (ACC-20, decisions.md 2), default confidentiality (ACC-32)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.audit.services import Fact, Line, record
from apps.spaces import notices, policies
from apps.spaces.models import HealthSpace
from apps.spaces.services.errors import ChoicesChangedError, SpaceNotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyChoices:
    """What the holder allows in an emergency.

    `break_glass`: any professional, when the person cannot speak (BTG). `call`: the doctor of the SAMU who takes the
    call (ETREAT). `masked`: hidden documents in these two cases (MASKED). The values are those of the start.
    """

    break_glass: bool = True
    call: bool = True
    masked: bool = False

    @property
    def code(self) -> str:
        """`110`: the three in their order, for forms and for comparison."""
        return "".join(str(int(value)) for value in (self.break_glass, self.call, self.masked))


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencySetting:
    """The choices and when they were made; None for those of the start."""

    choices: EmergencyChoices
    chosen_at: datetime | None


def emergency_setting(*, space_id: UUID) -> EmergencySetting:
    """What holds now."""
    return _setting(HealthSpace.objects.get(pk=space_id))


@transaction.atomic
def change_emergency_choices(*, actor: Actor, seen: str, wanted: EmergencyChoices, at: datetime) -> EmergencySetting:
    """Save the three choices together, from now on (ACC-20).

    `seen` is the code of the choices that the person had before their eyes. Saving what already holds changes nothing,
    so a double click is one change. Returns what holds afterwards. Raises `ChoicesChangedError` when somebody changed
    them meanwhile (REL-21), `AccessDeniedError` (a delegate may not: SPA-55), `SpaceNotFoundError`.
    Source: CSP L1111-17 I, R1111-48.
    """
    decision = policies.may_decide(actor, policies.EMERGENCY_RULE).required()
    space = locked_space(actor)
    setting = _setting(space)
    if setting.choices == wanted:
        return setting
    if setting.choices.code != seen:
        raise ChoicesChangedError
    space.break_glass_allowed, space.emergency_call_allowed = wanted.break_glass, wanted.call
    space.masked_in_emergency, space.emergency_chosen_at = wanted.masked, at
    space.save(
        update_fields=["break_glass_allowed", "emergency_call_allowed", "masked_in_emergency", "emergency_chosen_at"]
    )
    facts = _facts(setting.choices, wanted)
    line = Line(action="spaces.emergency.change", target=f"space:{space.id}", decision=decision, facts=facts)
    notices.tell_of_choice(record(actor=actor, at=at, line=line))
    return EmergencySetting(choices=wanted, chosen_at=at)


def locked_space(actor: Actor) -> HealthSpace:
    """The actor's space, locked until the commit. Raises `SpaceNotFoundError` when it is no longer open."""
    if actor.space_id is None:
        raise SpaceNotFoundError
    space = HealthSpace.objects.select_for_update(of=("self",)).filter(pk=actor.space_id).first()
    if space is None or not space.is_open:
        raise SpaceNotFoundError
    return space


def _setting(space: HealthSpace) -> EmergencySetting:
    choices = EmergencyChoices(
        break_glass=space.break_glass_allowed, call=space.emergency_call_allowed, masked=space.masked_in_emergency
    )
    return EmergencySetting(choices=choices, chosen_at=space.emergency_chosen_at)


def _facts(before: EmergencyChoices, after: EmergencyChoices) -> dict[str, Fact]:
    """Old and new value of each switch, by the codes of the DMP."""
    return {
        "BTG.before": before.break_glass,
        "BTG": after.break_glass,
        "ETREAT.before": before.call,
        "ETREAT": after.call,
        "MASKED.before": before.masked,
        "MASKED": after.masked,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacySetting:
    """Default confidentiality (ACC-32): whether documents are hidden from professionals, and when that was chosen."""

    hidden: bool
    chosen_at: datetime | None


def privacy_setting(*, space_id: UUID) -> PrivacySetting:
    """What holds now; visible at the start."""
    space = HealthSpace.objects.get(pk=space_id)
    return PrivacySetting(hidden=space.new_documents_hidden, chosen_at=space.privacy_chosen_at)


@transaction.atomic
def set_default_privacy(*, actor: Actor, hidden: bool, at: datetime) -> bool:
    """Choose whether documents that come are hidden from professionals; those that are there belong to `dmp`.

    Returns whether something changed; the space stays locked until the caller's commit. Raises `AccessDeniedError`,
    `SpaceNotFoundError`.
    """
    decision = policies.may_decide(actor, policies.PRIVACY_RULE).required()
    space = locked_space(actor)
    if space.new_documents_hidden == hidden:
        return False
    facts: dict[str, Fact] = {"hidden.before": space.new_documents_hidden, "hidden": hidden}
    space.new_documents_hidden, space.privacy_chosen_at = hidden, at
    space.save(update_fields=["new_documents_hidden", "privacy_chosen_at"])
    line = Line(action="spaces.privacy.change", target=f"space:{space.id}", decision=decision, facts=facts)
    notices.tell_of_choice(record(actor=actor, at=at, line=line))
    return True
