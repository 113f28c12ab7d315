from __future__ import annotations

from apps.rollout.models.people import EligiblePerson
from apps.rollout.models.runs import ImportIssue, ImportRun, ImportSlice

__all__ = ["EligiblePerson", "ImportIssue", "ImportRun", "ImportSlice"]
