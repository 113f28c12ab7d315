"""The thread of a dossier from the side of its publisher (PU-09); ours is `talking`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.store import subjects
from apps.store.models import Candidacy, Evidence, Message
from apps.store.services import acting, drafting, evidence
from apps.store.services.errors import WrongValueError
from apps.store.states import Status
from apps.store.states.dossier import ENDED

LONGEST = 5000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A message: about one criterion or about the dossier (empty), perhaps with a file. `token`: id of its row."""

    text: str
    criterion: str = ""
    upload: evidence.Upload | None = None
    token: UUID | None = None


@transaction.atomic
def write(*, actor: Actor, candidacy_id: UUID, words: Words, at: datetime) -> Message:
    """Write to those who have the dossier; what they wrote counts as read. It stops no term and answers no request.

    A file goes with it only while files are taken (`evidence_door`). Sent twice it is one message. Raises
    `UnknownRowError`, `AccessDeniedError`, `WrongValueError` (`status`, `text`, `criterion`, `door`),
    `FileRefusedError`, `StoreUnavailableError`.
    """
    acting.member_who_acts(actor)
    candidacy = acting.locked(actor, candidacy_id=candidacy_id)
    mine = candidacy.messages.filter(author_id=actor.user_id, text=words.text.strip())
    if (sent := acting.made_before(mine, token=words.token)) is not None:
        return sent
    if not is_open(candidacy):
        raise WrongValueError("status", candidacy.status)
    if not words.text.strip() or len(words.text) > LONGEST:
        raise WrongValueError("text", "length")
    if words.criterion and words.criterion not in {one.code for one in subjects.criteria_of(candidacy)}:
        raise WrongValueError("criterion", words.criterion)
    message = Message.objects.create(
        id=acting.free_id(Message.objects.all(), wanted=words.token), candidacy=candidacy, side=Message.Side.PUBLISHER,
        author_id=drafting.author_of(actor),
        criterion=words.criterion, text=words.text.strip(), evidence_ids=_files(actor, candidacy, words, at), at=at,
    )  # fmt: skip
    mark_read(candidacy, at=at)
    target = f"candidacy:{candidacy.id}"
    acting.trace(actor=actor, act="message.send", publisher_id=candidacy.publisher_id, target=target, at=at)
    return message


def is_open(candidacy: Candidacy) -> bool:
    """Whether somebody reads: a draft is seen by its publisher alone, and one at its end by nobody any more."""
    return candidacy.status not in {Status.DRAFT, *ENDED}


def mark_read(candidacy: Candidacy, *, at: datetime) -> None:
    """The publisher has the thread before their eyes."""
    candidacy.messages.filter(side=Message.Side.REVIEW, read_at=None).update(read_at=at)


def _files(actor: Actor, candidacy: Candidacy, words: Words, at: datetime) -> list[UUID]:
    if words.upload is None:
        return []
    about = evidence.Description(
        title=words.upload.name, use=Evidence.Use.CORRESPONDENCE, criteria=(words.criterion,) if words.criterion else ()
    )
    new = evidence.add(actor=actor, candidacy_id=candidacy.pk, upload=words.upload, description=about, at=at)
    return [new.pk]
