from __future__ import annotations

from apps.dmp.models.document import Document, ReadMark, SubmissionSet

__all__ = ["Document", "ReadMark", "SubmissionSet"]
