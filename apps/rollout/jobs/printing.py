"""Batches of letters become PDF files and a manifest, slice by slice; a killed run goes on where it was (REL-02).

Letters of a batch have a fixed order, that of their ids: file n holds the n-th slice of them. A file, its row and the
progress of the batch are one transaction; bytes without a row are taken away by the reconciliation (REL-12).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from apps.common.dates import PARIS
from apps.common.failpoints import reach
from apps.files.made import store_made
from apps.files.models import Vault
from apps.files.services import Content
from apps.rollout.jobs.addressing import lines_of
from apps.rollout.jobs.fitting import contacts, unfit
from apps.rollout.jobs.returning import NO_ADDRESS, READER_DIED, Failure, fail
from apps.rollout.jobs.wording import shown_code, wanted_of
from apps.rollout.letters import Letter, Printed, letter_reference, letters_pdf
from apps.rollout.models import EligiblePerson, LetterBatch, LetterFile, Notice
from apps.rollout.stops import is_stopped
from apps.rollout.window import last_day, window_end

SLICE = 250  # letters a file: a second of work and 200 MB of memory
SECONDS = 150.0
LEASE = timedelta(minutes=5)
HEADER = ("envoi", "reference", "fichier", "premiere_page", "derniere_page", "pages", "sha256_du_fichier")
State = LetterBatch.State
ACTOR = "rollout.print"


def make_letters(*, at: datetime, seconds: float = SECONDS) -> int:
    """Work on the batches that are being made, oldest first, until `seconds` are over. Returns the files made."""
    deadline, files = monotonic() + seconds, 0
    for batch_id in LetterBatch.objects.filter(state=State.MAKING).order_by("number").values_list("pk", flat=True):
        while monotonic() < deadline:
            batch = _lease(batch_id, at)
            if batch is None:
                break
            files += 1
            _make_next(batch, at)
    return files


@transaction.atomic
def _lease(batch_id: UUID, at: datetime) -> LetterBatch | None:
    """The batch, for one slice of work; None when another worker has it, it is stopped, or nothing is left."""
    free = Q(leased_until=None) | Q(leased_until__lt=at)
    rows = LetterBatch.objects.select_for_update(of=("self",), skip_locked=True)
    batch = rows.filter(free, pk=batch_id, state=State.MAKING).first()
    if batch is None or is_stopped(batch.wave_id):
        return None
    batch.leased_until = at + LEASE
    batch.save(update_fields=["leased_until"])
    return batch


def _is_wanted(batch: LetterBatch) -> bool:
    """False when an operator has given the batch up since the lease: nothing of it is kept. Locked until the commit."""
    rows = LetterBatch.objects.select_for_update(of=("self",)).filter(pk=batch.pk, state=State.MAKING)
    return rows.first() is not None


def _make_next(batch: LetterBatch, at: datetime) -> None:
    done = list(batch.files.order_by("place"))
    start = sum(len(file.spans) for file in done)
    if start >= batch.letters:
        _finish(batch, done, at)
        return
    rows = Notice.objects.filter(batch=batch).select_related("person__identity", "reader", "code").order_by("pk")
    notices = list(rows[start : start + SLICE])
    made, left_out = _printed(batch, notices, start=start, at=at)
    for notice, reason in left_out:
        _leave_out(notice, reason, at)
    reach("rollout.printing.before_store")
    with transaction.atomic():
        if not _is_wanted(batch):
            return
        place = len(done) + 1
        _keep(batch, place=place, made=made, notices=notices, left_out={notice.pk for notice, _why in left_out}, at=at)
        LetterBatch.objects.filter(pk=batch.pk).update(made=start + len(notices), leased_until=None)
        reach("rollout.printing.before_commit")


def _printed(
    batch: LetterBatch, notices: list[Notice], *, start: int, at: datetime
) -> tuple[Printed | None, list[tuple[Notice, str]]]:
    """The PDF of the letters that are still to leave, and those that are not, with the reason."""
    lines = contacts(notices)
    letters: list[Letter] = []
    left_out: list[tuple[Notice, str]] = []
    for place, notice in enumerate(notices, start=start + 1):
        reason = _why_not(notice, lines[notice.pk])
        if reason:
            left_out.append((notice, reason))
        else:
            letters.append(_letter(batch, place, notice, lines[notice.pk], at))
    on = at.astimezone(PARIS).date()
    return (letters_pdf(letters, on=on) if letters else None), left_out


def _why_not(notice: Notice, line: EligiblePerson) -> str:
    if notice.state != Notice.State.PREPARED:
        return notice.reason or "moved-on"
    if notice.reader is not None and notice.reader.died_on is not None:
        return READER_DIED
    return unfit(notice) or ("" if line.street and line.post_code and line.city else NO_ADDRESS)


def _letter(batch: LetterBatch, place: int, notice: Notice, line: EligiblePerson, at: datetime) -> Letter:
    return Letter(
        text=wanted_of(notice, until=last_day(window_end(at))),
        about=notice.person.identity,
        address=lines_of(reader=notice.reader or notice.person.identity, line=line),
        code=shown_code(notice),
        reference=letter_reference(batch=batch.number, place=place),
    )


def _keep(
    batch: LetterBatch, *, place: int, made: Printed | None, notices: list[Notice], left_out: set[object], at: datetime
) -> None:
    """The file and its row; a slice without a letter has an empty file, so that places stay those of the order."""
    data = made.data if made is not None else b""
    content = Content(data=data, media_type="application/pdf")
    file = store_made(owner_kind=Vault.Owner.LETTERS, owner_id=batch.pk, content=content, at=at)
    spans = iter(made.spans if made is not None else ())
    pages = [0 if notice.pk in left_out else _pages(*next(spans)) for notice in notices]
    LetterFile.objects.create(
        batch=batch,
        place=place,
        name=f"lot-{batch.number:05d}-{place:03d}.pdf",
        letters=sum(1 for number in pages if number),
        pages=made.pages if made is not None else 0,
        spans=pages,
        sha256=file.sha256,
        vault_id=file.vault_id,
        file_id=file.id,
    )


def _pages(first: int, last: int) -> int:
    return last - first + 1


def _finish(batch: LetterBatch, files: list[LetterFile], at: datetime) -> None:
    """The manifest; the batch waits for its hand-over to the post."""
    with transaction.atomic():
        if not _is_wanted(batch):
            return
        content = Content(data=_manifest(batch, files).encode(), media_type="text/csv")
        file = store_made(owner_kind=Vault.Owner.LETTERS, owner_id=batch.pk, content=content, at=at)
        LetterFile.objects.create(
            batch=batch,
            place=0,
            name=f"lot-{batch.number:05d}-manifeste.csv",
            letters=sum(one.letters for one in files),
            sha256=file.sha256,
            vault_id=file.vault_id,
            file_id=file.id,
        )
        LetterBatch.objects.filter(pk=batch.pk).update(state=State.READY, ready_at=at, leased_until=None)


def _manifest(batch: LetterBatch, files: list[LetterFile]) -> str:
    """One line a letter: id of the notice, reference, file, first and last page, pages, SHA-256 of the file."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(_lines(batch, files))
    return out.getvalue()


def _lines(batch: LetterBatch, files: list[LetterFile]) -> Iterator[tuple[object, ...]]:
    ids = iter(Notice.objects.filter(batch=batch).order_by("pk").values_list("pk", flat=True))
    place = 0
    for file in files:
        first = 1
        for pages in file.spans:
            notice_id, place = next(ids), place + 1
            if pages:
                reference = letter_reference(batch=batch.number, place=place)
                yield notice_id, reference, file.name, first, first + pages - 1, pages, file.sha256
                first += pages + pages % 2  # a letter begins on an odd page


def _leave_out(notice: Notice, reason: str, at: datetime) -> None:
    """A letter that cannot be addressed is a failure that an operator sees; one that has become needless is not."""
    if reason in (NO_ADDRESS, READER_DIED):
        failure = Failure(state=Notice.State.FAILED, reason=reason, actor=ACTOR, expected=(Notice.State.PREPARED,))
        fail(notice_id=notice.pk, failure=failure, at=at)
        return
    rows = Notice.objects.filter(pk=notice.pk, state=Notice.State.PREPARED)
    rows.update(state=Notice.State.CANCELLED, ended_at=at, reason=reason)
