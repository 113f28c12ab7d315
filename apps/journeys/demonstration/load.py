"""Loads the demonstration country into an empty database: people, professionals, spaces, documents, readings."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from apps.directory import services as directory
from apps.directory.registers import import_extract
from apps.directory.trusting import import_trusted_domains
from apps.journeys.demonstration import cast as people
from apps.journeys.demonstration import oppositions, waves
from apps.journeys.demonstration.closings import close_some
from apps.journeys.demonstration.directory_file import write_directory
from apps.journeys.demonstration.franceconnect import write_people
from apps.journeys.demonstration.letters import deliver_letters
from apps.journeys.demonstration.mailbox_file import FILE_NAME as MAILBOXES_FILE
from apps.journeys.demonstration.mailbox_file import write_mailboxes
from apps.journeys.demonstration.mssante import write_patients
from apps.journeys.demonstration.play import Stage
from apps.journeys.demonstration.relatives import load_relatives
from apps.journeys.demonstration.staff import load_staff
from apps.journeys.demonstration.store import load_store
from apps.journeys.demonstration.store_dossiers import load_dossiers
from apps.journeys.demonstration.story import acts, opened_at
from apps.journeys.demonstration.trust_file import write_trust_list
from apps.rollout import services as rollout
from apps.rollout.population.plans import PopulationPlan
from apps.rollout.population.writer import write_file
from apps.spaces.jobs import close_dead
from apps.spaces.models import HealthSpace

PEOPLE = 2_000
FRANCECONNECT_FILE = "franceconnect-people.json"
PATIENTS_FILE = "mssante-patients.json"


def is_loaded() -> bool:
    """True as soon as there is one space: the demonstration is loaded in one transaction."""
    return HealthSpace.objects.exists()


def load(*, state: Path, today: date, at: datetime) -> int:
    """Load everything; returns the number of spaces.

    Parameters: `state` keeps the lists of people for the simulators, which must be those of the day of loading
    because ages are counted from it; `today` in Paris; `at` the present instant. The caller opens the transaction.
    """
    start = opened_at(today)
    load_staff(at=waves.imported_at(today))
    load_store(today=today, since=waves.imported_at(today), at=at)
    load_dossiers(today=today, since=waves.imported_at(today), at=at, state=state)
    with tempfile.TemporaryDirectory() as folder:
        _import(Path(folder), today, at)
        waves.send_pilot(today=today)
        rollout.open_spaces(at=start)
        waves.send_second(today=today)
        oppositions.oppose_some(today=today)
        oppositions.contradict(today=today)
        waves.draft_third(today=today, at=at)
        _learn_of_deaths(Path(folder), today, at)
    spaces = _spaces(today)
    load_relatives(spaces=spaces, today=today, at=at)
    Stage(today=today, spaces=spaces).play(acts(today=today, until=at))
    deliver_letters(spaces=spaces, today=today, until=at)
    close_some(spaces=spaces, today=today, until=at)
    state.mkdir(parents=True, exist_ok=True)
    write_people(path=state / FRANCECONNECT_FILE, today=today)
    write_patients(path=state / PATIENTS_FILE, today=today)
    return HealthSpace.objects.count()


def _import(folder: Path, today: date, at: datetime) -> None:
    taken_in = waves.imported_at(today)
    population, extract = folder / "eligibility.csv", folder / "extract.txt"
    # Ages of the many are counted on the day of the import: nobody is written to before their birth.
    plan = PopulationPlan(count=PEOPLE, today=taken_in.date(), departments=waves.DEPARTMENTS)
    write_file(path=population, plan=plan, opening=people.rows_before_deaths(since=taken_in.date(), today=today))
    _take_in(population, taken_in)
    write_directory(path=extract)
    with extract.open("rb") as source:
        directory.import_extract(extract=directory.Extract(source=source, name=extract.name), at=at)
    _learn_of_mailboxes(folder, at)


def _learn_of_mailboxes(folder: Path, at: datetime) -> None:
    """Who may write to the door, and who stands behind which address."""
    trust_list, mailboxes = folder / "listeblanchemssante.xml", folder / MAILBOXES_FILE
    write_trust_list(path=trust_list, at=at)
    with trust_list.open("rb") as source:
        import_trusted_domains(source=source, at=at)
    write_mailboxes(path=mailboxes)
    with mailboxes.open("rb") as source:
        import_extract(extract=directory.Extract(source=source, name=mailboxes.name), at=at)


def _learn_of_deaths(folder: Path, today: date, at: datetime) -> None:
    """A later file of the insurer tells who of the cast died since the first one; their spaces close (SPA-36)."""
    since, changes = waves.imported_at(today).date(), folder / "changes.csv"
    rows = [row for row in people.cast_rows(today=today) if people.died_since(row, since)]
    write_file(path=changes, plan=PopulationPlan(count=len(rows), today=today), opening=rows)
    _take_in(changes, at)
    close_dead(at=at)


def _take_in(file: Path, at: datetime) -> None:
    with file.open("rb") as source:
        rollout.import_file(file=rollout.EligibilityFile(source=source, name=file.name), at=at)


def _spaces(today: date) -> Mapping[str, UUID]:
    """Space of each member of the cast who has one, by key."""
    numbers = {member.row.matricule: member.key for member in people.cast(today=today)}
    found = HealthSpace.objects.filter(identity__ins_number__in=numbers).values_list("identity__ins_number", "pk")
    return {numbers[number]: space_id for number, space_id in found}
