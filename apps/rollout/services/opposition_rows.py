"""What an opposition leaves behind: its row, its letters, a conflict, a line of the trail (SPA-07, decisions.md 7)."""

from __future__ import annotations

from datetime import datetime

from apps.access import SYSTEM
from apps.accounts.models import InsIdentity
from apps.audit.services import Fact, Line, record
from apps.common.ids import uuid7
from apps.common.references import new_reference
from apps.rollout.models import Conflict, EligiblePerson, Opposition, OppositionLetter
from apps.rollout.proofs import proof_mac, proof_of
from apps.rollout.services.telling import tell_conflict
from apps.rollout.services.voices import voice_of
from apps.rollout.services.wishes import Wish

REFERENCE = "OPP"


def new_opposition(*, person: EligiblePerson, wish: Wish, closes: bool, at: datetime) -> Opposition:
    """Its row, with the number of the receipt and what verifies it."""
    opposition_id = uuid7()
    return Opposition.objects.create(
        id=opposition_id,
        person=person,
        reference=new_reference(REFERENCE),
        check_mac=proof_mac(proof_of(opposition_id)),
        channel=wish.channel,
        capacity=wish.capacity,
        by=wish.by,
        code=wish.code,
        received_at=min(wish.received_at, at),
        entered_at=at,
        entered_by=wish.operator,
        scan_vault_id=wish.scan.vault_id if wish.scan else None,
        scan_file_id=wish.scan.file_id if wish.scan else None,
        closed_space=closes,
    )


def end_opposition(*, opposition: Opposition, wish: Wish) -> None:
    """It is withdrawn, from the day of the wish on, but never before it began."""
    opposition.withdrawn_at = max(wish.received_at, opposition.received_at)
    opposition.withdrawn_channel, opposition.withdrawn_capacity = wish.channel, wish.capacity
    opposition.withdrawn_by, opposition.withdrawn_entered_by = wish.by, wish.operator
    opposition.save()


def keep_letter(*, opposition: Opposition, wish: Wish) -> None:
    """What came by post is a proof, and what an operator decides on (RO-06, decisions.md 7)."""
    if wish.scan is not None:
        OppositionLetter.objects.get_or_create(
            opposition=opposition,
            scan_file_id=wish.scan.file_id,
            defaults={"scan_vault_id": wish.scan.vault_id, "received_at": wish.received_at},
        )


def contradict(
    *, person: EligiblePerson, opposition: Opposition, wish: Wish, against: InsIdentity | None, at: datetime
) -> Conflict:
    """Hold the opening and tell both; one open conflict a person."""
    voice = voice_of(person, capacity=wish.capacity, by=wish.by)
    conflict, made = Conflict.objects.get_or_create(
        person=person,
        decided_at=None,
        defaults={"opposition": opposition, "against": voice, "opened_at": at},
    )
    person.hold = EligiblePerson.Hold.CONFLICT
    person.save(update_fields=["hold"])
    if made:
        trace(action="rollout.opposition.conflict", person=person, opposition=opposition, wish=wish, at=at)
        readers = [one for one in (voice, against) if one is not None]
        tell_conflict(person=person, conflict=conflict, readers=readers, at=at)
    return conflict


def trace(*, action: str, person: EligiblePerson, opposition: Opposition | None, wish: Wish, at: datetime) -> None:
    """One line of the trail, by ids and codes."""
    facts: dict[str, Fact] = {
        "channel": wish.channel.value,
        "capacity": wish.capacity.value,
        "opposition": str(opposition.pk) if opposition is not None else "",
        "code": str(wish.code.pk) if wish.code is not None else "",
        "closed_space": opposition is not None and opposition.closed_space,
    }
    target = f"eligible:{person.pk}"
    record(actor=SYSTEM, at=at, line=Line(action=action, target=target, actor_id=wish.actor_id, facts=facts))
