from __future__ import annotations

from apps.rollout.models.notices import LetterBatch, LetterFile, Notice, NoticeCode
from apps.rollout.models.oppositions import Capacity, Channel, Claim, Conflict, Opposition
from apps.rollout.models.people import EligiblePerson
from apps.rollout.models.runs import ImportIssue, ImportRun, ImportSlice
from apps.rollout.models.transitions import PersonTransition
from apps.rollout.models.waves import StopOrder, Wave, WaveEvent

__all__ = [
    "Capacity", "Channel", "Claim", "Conflict", "EligiblePerson", "ImportIssue", "ImportRun", "ImportSlice",
    "LetterBatch", "LetterFile", "Notice", "NoticeCode", "Opposition", "PersonTransition", "StopOrder", "Wave",
    "WaveEvent",
]  # fmt: skip
