"""Import of an eligibility file and opening of the spaces, held against a plain COPY and against slower ways."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.access import Actor, Role
from apps.accounts.models import InsIdentity
from apps.audit.services import Line, record
from apps.formats.lines import LineReader
from apps.rollout import services
from apps.rollout.jobs import applying, staging
from apps.rollout.jobs.checking import CheckedBlock, checker
from apps.rollout.jobs.importing import Means
from apps.rollout.jobs.lanes import in_lanes
from apps.rollout.models import EligiblePerson, ImportRun
from apps.rollout.population import COLUMNS, EligibilityRow, PopulationPlan, generate, write_file
from apps.rollout.validation.columns import Layout
from apps.rollout.validation.lines import Rules
from apps.spaces.models import HealthSpace
from benchmarks import waiting

_BLOCK = 1 << 20
_SOME = 2_000  # people made by the slower ways, scaled up
_CORES = os.cpu_count() or 1
_FLOOR = f"""
    CREATE TABLE benchmark_floor ({", ".join(f"{column} text" for column in COLUMNS)});
"""
_COPY = "COPY benchmark_floor FROM STDIN WITH (FORMAT csv, DELIMITER ';', HEADER true, QUOTE E'\\x01')"


def write_people(*, path: Path, people: int, today: date) -> None:
    """The file to be measured: sound lines only, so that every line is work for all of the compared ways."""
    write_file(path=path, plan=PopulationPlan(count=people, today=today))


def measure(path: Path) -> Iterator[str]:
    """Lines of the result, each as soon as it is known. Times are a row's, in microseconds."""
    with path.open("rb") as handle:
        people = sum(block.count(b"\n") for block in iter(lambda: handle.read(_BLOCK), b"")) - 1
    floor = _seconds(lambda: _plain_copy(path)) / people
    yield f"people {people}, cores {_CORES}"
    yield f"plain COPY {1 / floor:.0f} rows/s (floor)"
    tables = _into_the_tables(path) / people
    yield f"COPY of the finished rows into the two tables with their keys {1 / tables:.0f} rows/s"
    slower = {"bulk_create": _in_bulk(), "a call a row": _row_by_row()}
    unchecked = _unchecked(path) / people
    yield _line("same inserts without checks", unchecked, floor)
    imported = _seconds(lambda: _import(path)) / people
    yield _line("import", imported, floor)
    yield f"import: {imported / tables:.1f} times a COPY of the finished rows into the two tables"
    yield f"import: {unchecked / imported:.2f} of the speed of the same inserts without checks (bound 0.5)"
    for name, (importing, _opening) in slower.items():
        yield f"import: {importing / imported:.1f} times the speed of {name} (bounds 4 and 40)"
    yield _line("import again", _seconds(lambda: _import(path)) / people, floor)
    waiting.everybody_waited(at=timezone.now())
    waiting.tidy()
    opened = _seconds(_open) / people
    yield _line("opening", opened, floor)
    for name, (_importing, opening) in slower.items():
        yield f"opening: {opening / opened:.1f} times the speed of {name} (bounds 4 and 40)"
    yield f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB"


def _line(name: str, seconds: float, floor: float) -> str:
    return f"{name} {1 / seconds:.0f} rows/s, {seconds / floor:.1f} times a plain COPY (bound 4)"


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


def _unchecked(path: Path) -> float:
    """Seconds for the same rows into the same tables: no check, no comparison. Everything is taken away afterwards."""
    with path.open("rb") as source:
        blocks = list(_checked(LineReader(source)))
    run = ImportRun.objects.create(file_name="", started_at=timezone.now())

    def work() -> None:
        staging.stage(blocks=iter(blocks), so_far=staging.Staged(), committing=lambda _staged: None)
        first_lines = applying.slices_to_write(run=run)
        list(in_lanes(work=lambda first: applying.write_slice(run=run, first=first), slices=first_lines, lanes=_CORES))

    seconds = _seconds(work)
    staging.empty_tables()
    _empty()
    return seconds


def _into_the_tables(path: Path) -> float:
    """Seconds to copy finished rows into identities and register, keys and checks included: what no import can beat."""
    _import(path)
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        rows = {table: _dumped(owner, table) for table in ("accounts_insidentity", "rollout_eligibleperson")}
        owner.execute("TRUNCATE accounts_insidentity CASCADE")
        owner.commit()

        def work() -> None:
            for table, data in rows.items():
                with owner.cursor().copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
                    for block in data:
                        copy.write(block)
            owner.commit()

        seconds = _seconds(work)
    _empty()
    return seconds


def _dumped(owner: psycopg.Connection[tuple[object, ...]], table: str) -> list[bytes]:
    with owner.cursor().copy(f"COPY {table} TO STDOUT (FORMAT binary)") as copy:
        return [bytes(block) for block in copy]


def _checked(reader: LineReader) -> Iterator[CheckedBlock]:
    layout = Layout.of(reader.header())
    rules = Rules(authorities=frozenset(settings.INS_AUTHORITIES), today="2026-01-01")
    with checker(processes=_CORES, layout=layout, rules=rules) as check:
        yield from check(reader.blocks())


def _empty() -> None:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as owner:
        owner.execute("TRUNCATE accounts_insidentity, rollout_importrun CASCADE")


def _in_bulk() -> tuple[float, float]:
    """Seconds a person for identity and register, then for the space with its line, by `bulk_create`; rolled back."""
    rows = _rows()
    with transaction.atomic():
        run = ImportRun.objects.create(file_name="", started_at=timezone.now())
        people = [(_identity(row), row) for row in rows]

        def importing() -> None:
            InsIdentity.objects.bulk_create([identity for identity, _row in people])
            EligiblePerson.objects.bulk_create([_person(identity, row, run) for identity, row in people])

        def opening() -> None:
            at = timezone.now()
            HealthSpace.objects.bulk_create([HealthSpace(identity=identity, opened_at=at) for identity, _ in people])
            for space in HealthSpace.objects.all():
                record(actor=Actor(role=Role.SYSTEM, at=at), line=_opening_line(space), at=at)
            EligiblePerson.objects.update(state=EligiblePerson.State.OPEN)

        seconds = _seconds(importing) / _SOME, _seconds(opening) / _SOME
        transaction.set_rollback(True)
    return seconds


def _row_by_row() -> tuple[float, float]:
    """The same, a call a row."""
    rows = _rows()
    with transaction.atomic():
        run = ImportRun.objects.create(file_name="", started_at=timezone.now())

        def importing() -> None:
            for row in rows:
                identity = _identity(row)
                identity.save(force_insert=True)
                _person(identity, row, run).save(force_insert=True)

        seconds = _seconds(importing) / _SOME, _seconds(_make_spaces) / _SOME
        transaction.set_rollback(True)
    return seconds


def _rows() -> list[EligibilityRow]:
    plan = PopulationPlan(count=_SOME, today=date(2026, 1, 1), seed=2)
    return [labelled.row for labelled in generate(plan=plan)]


def _identity(row: EligibilityRow) -> InsIdentity:
    return InsIdentity(
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


def _person(identity: InsIdentity, row: EligibilityRow, run: ImportRun) -> EligiblePerson:
    return EligiblePerson(
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


def _opening_line(space: HealthSpace) -> Line:
    return Line(action="spaces.space.open", scope_id=space.id, target=f"space:{space.id}")


def _make_spaces() -> None:
    at = timezone.now()
    for person in EligiblePerson.objects.order_by("pk"):
        space = HealthSpace.objects.create(identity_id=person.pk, opened_at=at)
        record(actor=Actor(role=Role.SYSTEM, at=at), line=_opening_line(space), at=at)
        person.state = EligiblePerson.State.OPEN
        person.save(update_fields=["state"])


def _import(path: Path) -> None:
    with path.open("rb") as source:
        file = services.EligibilityFile(source=source, name=path.name)
        services.import_file(file=file, at=timezone.now(), means=Means(processes=_CORES, lanes=_CORES))


def _open() -> None:
    services.open_spaces(at=timezone.now(), lanes=_CORES)
