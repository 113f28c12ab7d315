"""The two signatures of the State: the desk for the national health insurance, a delegate for the minister (RV-15)."""

from __future__ import annotations

import hmac
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.accounts.models import StaffRole, User
from apps.common.tasks import enqueue
from apps.store import tasks
from apps.store.models import Signature
from apps.store.services import acting, signing, turns
from apps.store.services.errors import UnknownRowError, WrongValueError
from apps.store.states import Queue, Status

# Who signs for which party, in whose turn.
ROLES = {
    Signature.Party.CNAM: (StaffRole.DESK, Queue.DESK),
    Signature.Party.MINISTER: (StaffRole.DELEGATE, Queue.DELEGATE),
}


@transaction.atomic
def sign_for_state(
    *, actor: Actor, candidacy_id: UUID, party: Signature.Party, name: str, shown: tuple[str, int], at: datetime
) -> Signature:
    """Sign for one party of the State. `shown`: hash of the document and sequence that the page showed; the caller has
    just asked again who is there. The third signature makes the agreement run.

    Raises `AccessDeniedError`, `UnknownRowError`, `ChangedError`, `ConflictOfInterestError`, `NotAssignedError`,
    `WrongValueError` (`name`: `missing`; `document_hash`: `other-document`), and what `signing.sign` raises.
    """
    role, queue = ROLES[party]
    document_hash, seen = shown
    who, candidacy = turns.take_turn(
        actor, candidacy_id=candidacy_id, role=role, stay=(Status.AGREEMENT, queue), seen=seen
    )
    agreement = signing.agreement_of(candidacy)
    if agreement is None:
        raise UnknownRowError
    name = acting.needed(name, field="name")
    if not hmac.compare_digest(document_hash, agreement.document_hash):
        raise WrongValueError("document_hash", "other-document")
    user = User.objects.get(pk=who)
    signature = signing.sign(agreement=agreement, party=party, user=user, name=name, at=at)
    acting.trace(
        actor=actor, act="agreement.sign", publisher_id=candidacy.publisher_id, target=f"agreement:{agreement.id}",
        at=at, facts={"party": party.value},
    )  # fmt: skip
    enqueue(tasks.send_mails)
    return signature
