"""What operators do with the roll-out: read the eligibility file, open the spaces that are due."""

from __future__ import annotations

from apps.rollout.jobs.failing import TooManyFailuresError
from apps.rollout.jobs.importing import IMPORT_ERRORS, EligibilityFile, Imported, import_file
from apps.rollout.jobs.openings import OPENING_ERRORS, open_spaces
from apps.rollout.jobs.runs import LOCK, ImportFailedError, ImportInterruptedError, UnfinishedImportError

__all__ = [
    "IMPORT_ERRORS",
    "LOCK",
    "OPENING_ERRORS",
    "EligibilityFile",
    "ImportFailedError",
    "ImportInterruptedError",
    "Imported",
    "TooManyFailuresError",
    "UnfinishedImportError",
    "import_file",
    "open_spaces",
]
