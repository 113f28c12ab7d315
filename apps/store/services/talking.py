"""The thread of a dossier from our side: only those to whom it belongs speak officially (L11, PU-09)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.store import subjects, telling
from apps.store.models import Candidacy, Message
from apps.store.services import acting, cases
from apps.store.services.errors import WrongValueError

LONGEST = 5000


@transaction.atomic
def say(
    *, actor: Actor, candidacy_id: UUID, text: str, criterion: str, at: datetime, token: UUID | None = None
) -> Message:
    """Write to the publisher, about one criterion or about the dossier (empty); what they wrote counts as read.

    `token`: id of the message, so that sent twice it is one. After the commit each member of the publisher gets one
    mail, which holds nothing of the message. Raises
    `UnknownRowError`, `NotAssignedError`, `ConflictOfInterestError`, `WrongValueError`, `AccessDeniedError`.
    """
    who = acting.reviewer_who_acts(actor)
    candidacy = acting.locked(actor, candidacy_id=candidacy_id)
    mine = candidacy.messages.filter(author_id=who, text=text.strip())
    if (sent := acting.made_before(mine, token=token)) is not None:
        return sent
    cases.require_declared(candidacy, user_id=who)
    if who not in cases.speakers_of(candidacy):
        raise cases.NotAssignedError
    if not text.strip() or len(text) > LONGEST:
        raise WrongValueError("text", "length")
    if criterion and criterion not in {one.code for one in subjects.criteria_of(candidacy)}:
        raise WrongValueError("criterion", criterion)
    candidacy.messages.filter(side=Message.Side.PUBLISHER, read_at=None).update(read_at=at)
    message = write(candidacy, who=who, text=text, criterion=criterion, at=at, token=token)
    cases.done(candidacy, actor=actor, act="message.send", at=at)
    return message


def write(
    candidacy: Candidacy, *, who: UUID, text: str, criterion: str, at: datetime, token: UUID | None = None
) -> Message:
    """A message of ours, for a caller who knows that `who` may speak and that the words fit."""
    message = Message.objects.create(
        id=acting.free_id(Message.objects.all(), wanted=token), candidacy=candidacy, side=Message.Side.REVIEW,
        author_id=who, criterion=criterion, text=text.strip(), at=at,
    )  # fmt: skip
    _tell(candidacy, message, at)
    return message


def _tell(candidacy: Candidacy, message: Message, at: datetime) -> None:
    people = telling.publisher_people(candidacy.publisher_id)
    facts = telling.facts_of(candidacy)
    telling.write(user_ids=people, template="message", key=f"message:{message.id}", facts=facts, at=at)
