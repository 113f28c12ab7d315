"""Batches of letters in the hands of operators: made, downloaded, handed over to the post, given up (RO-05, SPA-03)."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from apps.access import Actor
from apps.audit.services import Fact, Line, record
from apps.common.dates import PARIS
from apps.files.models import StoredFile
from apps.files.services import destroy_letters_vault, read
from apps.rollout.jobs import batching
from apps.rollout.jobs.windows import begin_windows, lock_people, wake_codes
from apps.rollout.models import LetterBatch, LetterFile, Notice
from apps.rollout.services.acting import person_who_acts
from apps.rollout.texts import BEGINS_WINDOW
from apps.rollout.window import window_end

State = LetterBatch.State
_OPEN = (State.MAKING, State.READY)


class UnknownBatchError(Exception):
    """No such batch, or file of it."""


class BatchStateError(Exception):
    """The batch is not in the state that this asks for; `state` is the one it is in."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class HandoverDateError(Exception):
    """The day lies in the future, or before the batch was ready, which was on `ready_on`."""

    def __init__(self, ready_on: date) -> None:
        super().__init__(ready_on)
        self.ready_on = ready_on


def make_batches(*, actor: Actor, wave_id: UUID | None, at: datetime) -> list[LetterBatch]:
    """Gather all letters that wait, of one wave or of all, without waiting for a full batch; jobs make the files.

    Raises `AccessDeniedError`.
    """
    person_who_acts(actor)
    made = batching.gather(at=at, everything=True, wave_id=wave_id)
    for batch in made:
        _trace(actor, batch, "make", at, {"letters": batch.letters})
    return made


@transaction.atomic
def hand_over(*, actor: Actor, batch_id: UUID, on: date, at: datetime) -> int:
    """The batch was handed over to the post on that day, in Paris: the sending of all its letters (SPA-03).

    The six weeks of the people begin on that day, new codes replace old ones. Returns the number of letters. Raises
    `UnknownBatchError`, `BatchStateError`, `HandoverDateError`, `AccessDeniedError`.
    """
    person = person_who_acts(actor)
    batch = _locked(batch_id)
    if batch.state != State.READY or batch.ready_at is None:
        raise BatchStateError(batch.state)
    sent_at = _instant(on, batch.ready_at, at)
    letters = _send_all(batch, sent_at, at)
    batch.state, batch.handed_at, batch.handed_by_id = State.HANDED, sent_at, person
    batch.save(update_fields=["state", "handed_at", "handed_by"])
    _trace(actor, batch, "hand_over", at, {"letters": letters, "on": on.isoformat()})
    return letters


@transaction.atomic
def cancel_batch(*, actor: Actor, batch_id: UUID, at: datetime) -> None:
    """Give a batch up before its hand-over: its letters wait for another one, its files can never be read again.

    Raises `UnknownBatchError`, `BatchStateError`, `AccessDeniedError`.
    """
    person_who_acts(actor)
    batch = _locked(batch_id)
    if batch.state not in _OPEN:
        raise BatchStateError(batch.state)
    rows = Notice.objects.filter(batch=batch, state=Notice.State.PREPARED)
    rows.update(batch=None, due_at=at)
    batch.state, batch.leased_until = State.CANCELLED, None
    batch.save(update_fields=["state", "leased_until"])
    destroy_letters_vault(batch_id=batch.pk, at=at)
    _trace(actor, batch, "cancel", at, {})


@transaction.atomic
def download(*, actor: Actor, batch_id: UUID, place: int, at: datetime) -> tuple[LetterFile, bytes]:
    """One file of a batch for the printer; each download is traced.

    Raises `UnknownBatchError`, `FileGoneError`, `StoreUnavailableError`, `AccessDeniedError`.
    """
    person_who_acts(actor)
    file = LetterFile.objects.select_related("batch").filter(batch=batch_id, place=place).first()
    if file is None or file.batch.state == State.CANCELLED:
        raise UnknownBatchError(batch_id)
    stored = StoredFile.objects.select_related("vault").get(pk=(file.vault_id, file.file_id))
    data = read(stored)
    _trace(actor, file.batch, "download", at, {"file": file.place})
    return file, data


def _locked(batch_id: UUID) -> LetterBatch:
    found = LetterBatch.objects.select_for_update(of=("self",)).filter(pk=batch_id).first()
    if found is None:
        raise UnknownBatchError(batch_id)
    return found


def _instant(on: date, ready_at: datetime, at: datetime) -> datetime:
    """Noon of the day; now, or the end of the making, where noon would not lie between them."""
    ready_on, today = ready_at.astimezone(PARIS).date(), at.astimezone(PARIS).date()
    if not ready_on <= on <= today:
        raise HandoverDateError(ready_on)
    return min(at, max(ready_at, datetime.combine(on, time(12), PARIS)))


def _send_all(batch: LetterBatch, sent_at: datetime, at: datetime) -> int:
    waiting = Notice.objects.filter(batch=batch, state=Notice.State.PREPARED)
    lock_people(waiting.values_list("person_id", flat=True))
    sent = list(waiting.order_by("pk").values_list("pk", "person_id"))
    notices = [notice for notice, _person in sent]
    values = {"state": Notice.State.SENT, "sent_at": sent_at, "due_at": None}
    rows = Notice.objects.filter(pk__in=notices)
    rows.exclude(kind__in=BEGINS_WINDOW).update(**values)
    rows.filter(kind__in=BEGINS_WINDOW).update(**values, window_ends_at=window_end(sent_at))
    wake_codes(notices=notices, at=at)
    people = [person for _notice, person in sent]
    begin_windows(people=people, at=at, actor="rollout.post", channel=Notice.Channel.POST)
    return len(sent)


def _trace(actor: Actor, batch: LetterBatch, act: str, at: datetime, facts: dict[str, Fact]) -> None:
    line = Line(action=f"rollout.letter_batch.{act}", target=f"letter-batch:{batch.pk}", facts=facts)
    record(actor=actor, at=at, line=line)
