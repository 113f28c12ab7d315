"""The list of documents and the search inside them, in a space of 2,000 documents among those of other spaces."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import partial
from statistics import median
from uuid import UUID

from django.db import connection

from apps.access import Actor, Rights, Role
from apps.common.ids import uuid7
from apps.dmp import services
from apps.dmp.models import Document, Wording
from apps.dmp.querysets import DocumentQuerySet
from apps.dmp.services.wordings import look_inside
from apps.files.blind import words_of_vault
from apps.files.models import StoredFile
from apps.formats import media
from apps.formats.searching import stems_in
from apps.spaces.models import HealthSpace
from benchmarks.holders import person_of

OWN = 2_000
SPACES = 200  # that the others belong to
WORDS = 400  # of one document
VOCABULARY = 5_000
GOAL = 10  # milliseconds of a search
_TIMES = 41
_NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
_NEW = {
    "id": "uuidv7()",
    "unique_id": "d.unique_id || '.' || i",
    "entry_id": "uuidv7()",
    "logical_id": "uuidv7()",
    "sorted_on": "d.sorted_on - mod(i, 4000)",
}
_RAW = "SELECT * FROM dmp_document WHERE space_id = %s AND availability = %s ORDER BY sorted_on DESC, id DESC LIMIT 20"


def measure(others: int) -> Iterator[str]:
    """Lines of the result; `others`: documents of other spaces."""
    own = _document(_space(0))
    _copies(own, OWN - 1)
    _index(own)
    for number in range(SPACES):
        _copies(_document(_space(number + 1)), others // SPACES)
    _statement("ANALYZE dmp_document, dmp_wording")
    actor = _holder(own.space_id)
    raw, listed = _usual(partial(_raw, own.space_id)), _usual(partial(_rows, actor, ""))
    yield (
        f"list among {OWN} documents of {OWN + others}: {listed * 1e3:.2f} ms, "
        f"{listed / raw:.1f} times the raw rows by index"
    )
    for words in ("mot7", "mot7 mot8 mot9", "absent"):
        hits = len(_matching(actor, words).values_list("id"))
        seconds = _usual(partial(_rows, actor, words))
        yield f"search for « {words} » ({hits} hits): {seconds * 1e3:.1f} ms (goal {GOAL})"


def _holder(space_id: UUID) -> Actor:
    return Actor(role=Role.HOLDER, at=_NOW, space_id=space_id, user_id=uuid7(), rights=Rights(space_open=True))


def _space(number: int) -> UUID:
    person = person_of(f"28406443{number:05d}")
    return HealthSpace.objects.create(identity=person, opened_at=datetime(2022, 4, 15, tzinfo=UTC)).id


def _document(space_id: UUID) -> Document:
    """Filed by its holder."""
    file = services.OwnFile(
        key=uuid7(), title="Analyses", dated=date(2026, 11, 25), category="BIOLOGIE", media_type=media.TEXT,
        content=b"Glycemie",
    )  # fmt: skip
    document = services.add_file(actor=_holder(space_id), file=file, hidden=False, at=_NOW)
    StoredFile.objects.filter(id=document.file_id).update(state=StoredFile.State.CLEAN, scanned_at=_NOW)
    return Document.objects.select_related("file__vault").get(space_id=space_id, id=document.id)


def _copies(document: Document, count: int) -> None:
    columns = [field.column for field in Document._meta.concrete_fields if field.column]
    values = ", ".join(_NEW.get(name, f"d.{name}") for name in columns)
    into = f"INSERT INTO dmp_document ({', '.join(columns)})"
    rows = f"SELECT {values} FROM dmp_document AS d, generate_series(1, %s) AS i WHERE d.space_id = %s AND d.id = %s"  # noqa: S608  our own columns
    _statement(f"{into} {rows}", count, document.space_id, document.id)
    _statement(
        "INSERT INTO dmp_wording (space_id, id, document_id, marks, attempts, made_at) "
        "SELECT space_id, uuidv7(), id, '', 0, received_at FROM dmp_document AS d WHERE space_id = %s "
        "AND NOT EXISTS (SELECT FROM dmp_wording AS w WHERE w.space_id = d.space_id AND w.document_id = d.id)",
        document.space_id,
    )


def _index(document: Document) -> None:
    """Every document of the space gets words of its own."""
    words, chance = words_of_vault(document.file.vault), random.Random(1)  # noqa: S311  words, no secrets
    rows = list(Wording.objects.filter(space_id=document.space_id).order_by("id"))
    for row in rows:
        text = " ".join(f"mot{chance.randrange(VOCABULARY)}" for _ in range(WORDS))
        row.marks, row.sealed = words.index(stems_in(text)), words.seal(text, bound_to=row.bound_to)
        row.due_at, row.made_at = None, _NOW
    Wording.objects.bulk_update(rows, ["marks", "sealed", "due_at", "made_at"], batch_size=500)


def _matching(actor: Actor, words: str) -> DocumentQuerySet:
    rows = Document.objects.visible_to(actor).current_for(actor)
    return rows.matching(words, inside=look_inside(actor=actor, words=words).inside)


def _rows(actor: Actor, words: str) -> None:
    list(_matching(actor, words).newest_first()[:20])


def _raw(space_id: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_RAW, [space_id, Document.Availability.APPROVED])
        cursor.fetchall()


def _statement(sql: str, *values: int | UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _usual(act: Callable[[], object]) -> float:
    """Median seconds of one run."""
    seconds = []
    for _ in range(_TIMES):
        before = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - before)
    return median(seconds)
