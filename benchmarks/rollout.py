"""Import of an eligibility file and opening of the spaces, held against a plain COPY and against row by row."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import psycopg
from django.db import transaction
from django.utils import timezone

from apps.access import Actor, Role
from apps.accounts.models import InsIdentity
from apps.audit.services import Line, record
from apps.rollout import services
from apps.rollout.models import EligiblePerson, ImportRun
from apps.rollout.population import COLUMNS, EligibilityRow, PopulationPlan, generate, write_file
from apps.spaces.models import HealthSpace

_BLOCK = 1 << 20
_ROW_BY_ROW = 1_000  # people made one by one, scaled up
_FLOOR = f"""
    CREATE TABLE benchmark_floor ({", ".join(f"{column} text" for column in COLUMNS)});
"""
_COPY = "COPY benchmark_floor FROM STDIN WITH (FORMAT csv, DELIMITER ';', HEADER true, QUOTE E'\\x01')"


def write_people(*, path: Path, people: int, today: date) -> None:
    """The file to be measured: sound lines only, so that every line is work for all of the compared ways."""
    write_file(path=path, plan=PopulationPlan(count=people, today=today))


def measure(path: Path) -> Iterator[str]:
    """Lines of the result, each as soon as it is known."""
    with path.open("rb") as handle:
        people = sum(block.count(b"\n") for block in iter(lambda: handle.read(_BLOCK), b"")) - 1
    floor = _seconds(lambda: _plain_copy(path)) / people
    yield f"people {people}"
    yield f"plain COPY {1 / floor:.0f} rows/s (floor)"
    orm_import, orm_opening = (seconds / _ROW_BY_ROW for seconds in _row_by_row())
    yield _line("import", _seconds(lambda: _import(path)) / people, floor, orm_import)
    yield _line("import again", _seconds(lambda: _import(path)) / people, floor, orm_import)
    yield _line("opening", _seconds(_open) / people, floor, orm_opening)
    yield f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"


def _line(name: str, seconds: float, floor: float, one_by_one: float) -> str:
    return (
        f"{name} {1 / seconds:.0f} rows/s, {seconds / floor:.1f} times a plain COPY, "
        f"{one_by_one / seconds:.1f} times faster than row by row"
    )


def _seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _plain_copy(path: Path) -> None:
    """All lines into one table without key, index or check, by the owner of the database."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner, path.open("rb") as source:
        owner.execute("DROP TABLE IF EXISTS benchmark_floor")
        owner.execute(_FLOOR)
        with owner.cursor().copy(_COPY) as copy:
            while block := source.read(_BLOCK):
                copy.write(block)


def _row_by_row() -> tuple[float, float]:
    """Seconds to make identities and register, then spaces with their lines; rolled back."""
    rows = [
        labelled.row for labelled in generate(plan=PopulationPlan(count=_ROW_BY_ROW, today=date(2026, 1, 1), seed=2))
    ]
    seconds: list[float] = []
    with transaction.atomic():
        run = ImportRun.objects.create(file_name="", started_at=timezone.now())
        seconds.append(_seconds(lambda: _make_people(rows, run)))
        seconds.append(_seconds(_make_spaces))
        transaction.set_rollback(True)
    return seconds[0], seconds[1]


def _make_people(rows: list[EligibilityRow], run: ImportRun) -> None:
    for row in rows:
        identity = InsIdentity.objects.create(
            ins_number=row.matricule,
            ins_key=row.cle,
            authority=row.oid,
            birth_family_name=row.nom_naissance,
            birth_given_names=row.prenoms_naissance,
            first_given_name=row.premier_prenom,
            sex=row.sexe,
            birth_date=row.date_naissance,
            birth_place=row.lieu_naissance,
        )
        EligiblePerson.objects.create(
            identity=identity,
            situation=row.situation,
            channel="courrier",
            street=row.adresse_voie,
            post_code=row.code_postal,
            city=row.commune,
            state_at=run.started_at,
            first_run=run,
            changed_run=run,
        )


def _make_spaces() -> None:
    at = timezone.now()
    for person in EligiblePerson.objects.order_by("pk"):
        space = HealthSpace.objects.create(identity_id=person.pk, opened_at=at)
        line = Line(action="spaces.space.open", scope_id=space.id, target=f"space:{space.id}")
        record(actor=Actor(role=Role.SYSTEM, at=at), line=line, at=at)
        person.state = EligiblePerson.State.OPEN
        person.save(update_fields=["state"])


def _import(path: Path) -> None:
    with path.open("rb") as source:
        services.import_file(file=services.EligibilityFile(source=source, name=path.name), at=timezone.now())


def _open() -> None:
    services.open_spaces(at=timezone.now())
