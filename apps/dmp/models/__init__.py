from __future__ import annotations

from apps.dmp.models.concealment import Concealment
from apps.dmp.models.document import Document, ReadMark, SubmissionSet
from apps.dmp.models.rendition import PagePicture, Rendition

__all__ = ["Concealment", "Document", "PagePicture", "ReadMark", "Rendition", "SubmissionSet"]
