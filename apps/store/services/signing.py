"""Three signatures over one document (STO-06, STO-64, decisions.md 37)."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.accounts.models import User
from apps.common.dates import PARIS
from apps.common.tasks import enqueue
from apps.files import services as files
from apps.files.models import StoredFile
from apps.store import tasks, transitions
from apps.store.clocks import months_after
from apps.store.models import Agreement, Candidacy, Member, Signature
from apps.store.services import acting, mandates
from apps.store.services.errors import (
    NoMandateError,
    SamePersonError,
    TransitionRefusedError,
    UnknownRowError,
    WrongValueError,
)
from apps.store.states import Event, Party, Queue, Status
from apps.store.transitions import Step

MONTHS_A_YEAR = 12
# Who signs in which turn, and whose turn it is next; the third signature ends the state.
TURNS: dict[Queue, Signature.Party] = {
    Queue.PUBLISHER: Signature.Party.PUBLISHER,
    Queue.DESK: Signature.Party.CNAM,
    Queue.DELEGATE: Signature.Party.MINISTER,
}
_NEXT = {Queue.PUBLISHER: Queue.DESK, Queue.DESK: Queue.DELEGATE}
_HANDS = {
    Signature.Party.PUBLISHER: Party.SIGNATORY,
    Signature.Party.CNAM: Party.DESK,
    Signature.Party.MINISTER: Party.DELEGATE,
}


@transaction.atomic
def sign_for_publisher(*, actor: Actor, candidacy_id: UUID, document_hash: str, seen: int, at: datetime) -> Signature:
    """The publisher signs: a signatory whose mandate runs. `document_hash` is that of the document they were shown.

    The caller has just asked again who is there (decisions.md 37). Raises `UnknownRowError`, `ChangedError`,
    `AccessDeniedError`, `NoMandateError`, `WrongValueError` (`document_hash`), and what `sign` raises.
    """
    member = acting.member_who_acts(actor, Member.Role.SIGNATORY)
    candidacy = acting.locked(actor, candidacy_id=candidacy_id, seen=seen)
    reason = mandates.why_not(member, at=at)
    if reason:
        raise NoMandateError(reason)
    agreement = agreement_of(candidacy)
    if agreement is None:
        raise UnknownRowError
    if not hmac.compare_digest(document_hash, agreement.document_hash):
        raise WrongValueError("document_hash", "other-document")
    signature = sign(agreement=agreement, party=Signature.Party.PUBLISHER, user=member.user, name=member.name, at=at)
    acting.trace(
        actor=actor, act="agreement.sign", publisher_id=candidacy.publisher_id, target=f"agreement:{agreement.id}",
        at=at, facts={"party": Signature.Party.PUBLISHER.value},
    )  # fmt: skip
    return signature


def sign(*, agreement: Agreement, party: Signature.Party, user: User, name: str, at: datetime) -> Signature:
    """Keep the signature of one party and give the turn to the next one; the third makes the agreement run.

    The caller has locked the row of the dossier, knows that `user` may sign for `party`, and writes the line of the
    trail. Connection tests follow where data are exchanged, else the publication (STO-64).
    Raises `WrongValueError` (`document_hash`: the stored document is not the one that was agreed on),
    `TransitionRefusedError` when it is not this party's turn, `SamePersonError` for somebody who has signed for
    another party, `FileNotReadableError`, `FileGoneError`, `StoreUnavailableError`.
    """
    candidacy = agreement.candidacy
    _require_turn(candidacy, party)
    if agreement.signatures.filter(user=user).exists():
        raise SamePersonError("signature")
    _require_same_document(agreement)
    signature = Signature.objects.create(
        agreement=agreement, party=party, user=user, name=name, document_hash=agreement.document_hash, at=at
    )
    if Queue(candidacy.queue) in _NEXT:
        _hand_over(candidacy, party, user, at)
    else:
        _begin(agreement, user, at)
    enqueue(tasks.send_mails)
    return signature


def agreement_of(candidacy: Candidacy) -> Agreement | None:
    """The agreement of a dossier with this very dossier on it, None before it is drawn up."""
    current = Agreement.objects.filter(candidacy=candidacy, superseded_at=None)
    agreement = current.first()  # one a dossier, says a constraint
    if agreement is not None:
        agreement.candidacy = candidacy
    return agreement


def _require_turn(candidacy: Candidacy, party: Signature.Party) -> None:
    in_turn = TURNS.get(Queue(candidacy.queue)) if candidacy.queue else None
    if candidacy.status != Status.AGREEMENT or in_turn is not party:
        raise TransitionRefusedError(candidacy.status, Event.SIGNED, _HANDS[party])


def _require_same_document(agreement: Agreement) -> None:
    """The bytes that lie in the vault are those of the hash that everybody signs."""
    stored = StoredFile.objects.select_related("vault").filter(pk=(agreement.vault_id, agreement.file_id)).first()
    if stored is None:
        raise files.FileGoneError(agreement.file_id)
    if hashlib.sha256(files.read(stored)).hexdigest() != agreement.document_hash:
        raise WrongValueError("document_hash", "other-document")


def _hand_over(candidacy: Candidacy, party: Signature.Party, user: User, at: datetime) -> None:
    step = Step(
        event=Event.HAND_OVER, by=_HANDS[party], actor=str(user.pk), at=at, queue=_NEXT[Queue(candidacy.queue)],
        facts={"party": party.value},
    )  # fmt: skip
    transitions.hand_over(candidacy, step)


def _begin(agreement: Agreement, user: User, at: datetime) -> None:
    """From the day of the third signature on, for the years that were agreed (STO-43)."""
    candidacy, today = agreement.candidacy, at.astimezone(PARIS).date()
    agreement.signed_at, agreement.starts_on = at, today
    agreement.ends_on = months_after(today, agreement.years * MONTHS_A_YEAR)
    agreement.save(update_fields=["signed_at", "starts_on", "ends_on"])
    exchanges = candidacy.exchange != Candidacy.Exchange.NONE
    target = Status.CONNECTION if exchanges else Status.READY_TO_PUBLISH
    step = Step(event=Event.SIGNED, by=Party.SIGNATORIES, actor=str(user.pk), at=at, target=target)
    transitions.fire(candidacy, step)
