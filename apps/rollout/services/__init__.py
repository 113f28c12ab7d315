"""What operators do with the roll-out: read the eligibility file, open the spaces that are due."""

from __future__ import annotations

from apps.rollout.services.importing import IMPORT_ERRORS, EligibilityFile, Imported, import_file
from apps.rollout.services.opening import open_spaces
from apps.rollout.services.runs import LOCK, ImportFailedError, ImportInterruptedError, UnfinishedImportError

__all__ = [
    "IMPORT_ERRORS",
    "LOCK",
    "EligibilityFile",
    "ImportFailedError",
    "ImportInterruptedError",
    "Imported",
    "UnfinishedImportError",
    "import_file",
    "open_spaces",
]
