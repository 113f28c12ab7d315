from __future__ import annotations

from apps.rollout.models.activations import Activation
from apps.rollout.models.changes import PersonChange
from apps.rollout.models.exports import ExportRequest
from apps.rollout.models.imports import ImportFile
from apps.rollout.models.kept import KeptFigures
from apps.rollout.models.notices import CodeRequest, LetterBatch, LetterFile, Notice, NoticeCode
from apps.rollout.models.oppositions import Capacity, Channel, Claim, Conflict, Opposition, OppositionLetter
from apps.rollout.models.people import EligiblePerson
from apps.rollout.models.runs import ImportIssue, ImportRun, ImportSlice
from apps.rollout.models.transitions import PersonTransition
from apps.rollout.models.trials import TrialRequest
from apps.rollout.models.waves import StopOrder, Wave, WaveEvent

__all__ = [
    "Activation", "Capacity", "Channel", "Claim", "CodeRequest", "Conflict", "EligiblePerson", "ExportRequest",
    "ImportFile", "ImportIssue", "ImportRun", "ImportSlice", "KeptFigures", "LetterBatch", "LetterFile", "Notice",
    "NoticeCode", "Opposition", "OppositionLetter", "PersonChange", "PersonTransition", "StopOrder",
    "TrialRequest", "Wave", "WaveEvent",
]  # fmt: skip
