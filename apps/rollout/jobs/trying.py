"""The dry run of a file in the console: what an import would do, and twenty of its people (RO-02)."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, BinaryIO

from django.db import connection, transaction

from apps.common.locks import LockTakenError, advisory_lock
from apps.formats.lines import FileRefusedError
from apps.rollout.jobs import applying, comparing, folder, runs, staging
from apps.rollout.jobs.importing import Means, take_in
from apps.rollout.jobs.pacing import Pacer, StoppedError
from apps.rollout.models import ImportFile, ImportRun

TRIAL_LOCK = 0x656E7302  # one trial at a time: its tables are there once
SAMPLE = 20
# The fingerprint is as good as a draw, and the same one each time.
_SAMPLE = """
    SELECT left(premier_prenom, 1) || left(nom_naissance, 1), left(date_naissance, 4), departement, is_known
    FROM rollout_stage ORDER BY fingerprint, line LIMIT %s
"""
State = ImportFile.State


def try_file(*, file: ImportFile, pacer: Pacer) -> None:
    """Read and compare the file in tables of its own, from where an earlier task stopped; nothing else changes.

    Raises `FileRefusedError`, `FileMissingError`, `DatabaseError`, and what the pacer raises.
    """
    with folder.opened(file.path) as source, staging.trial_tables():
        run = _run_of(file, pacer)
        if run.phase == ImportRun.Phase.STAGING:
            _take_in(source, run, pacer)
        with transaction.atomic():
            _compare(file, run)
        staging.empty_tables()


def forget_trials() -> None:
    """Empty the tables of trials when no file is being tried: a kill or a giving up may leave people there."""
    with suppress(LockTakenError), advisory_lock(TRIAL_LOCK, wait=False), staging.trial_tables():
        if not ImportFile.objects.filter(state=State.TRYING).exists():
            staging.empty_tables()


def _take_in(source: BinaryIO, run: ImportRun, pacer: Pacer) -> None:
    try:
        take_in(source=source, means=Means(progress=pacer), at=run.started_at, run=run)
    except (FileRefusedError, StoppedError):
        staging.empty_tables()  # nobody of a file that is over stays there
        raise


def _run_of(file: ImportFile, pacer: Pacer) -> ImportRun:
    run = file.trial
    if run is None:
        staging.empty_tables()
        run = ImportRun.objects.create(
            file_name=file.name,
            sha256=file.sha256,
            size=file.size,
            started_at=pacer.now(),
            state=ImportRun.State.TRIAL,
        )
        ImportFile.objects.filter(pk=file.pk).update(trial=run)
    elif not runs.has_its_lines(run):
        runs.start_over(run)
    return run


def _compare(file: ImportFile, run: ImportRun) -> None:
    compared = comparing.compare(None, find_absent=True)
    applying.keep_findings(run=run)
    run.accepted, run.unchanged = compared.accepted, compared.unchanged
    run.refused += compared.refused
    run.ignored += compared.ignored
    run.save()
    ImportFile.objects.filter(pk=file.pk, state=State.TRYING).update(
        state=State.TRIED,
        trial=run,
        read=run.read,
        new=compared.staged - compared.known,
        changed=compared.known + compared.accepted - compared.staged,
        unchanged=compared.unchanged,
        refused=run.refused,
        absent=compared.absent,
        sample=_sample(),
        reason="",
    )


def _sample() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_SAMPLE, [SAMPLE])
        return [
            {"initials": initials, "year": year, "department": department, "known": known}
            for initials, year, department, known in cursor.fetchall()
        ]
