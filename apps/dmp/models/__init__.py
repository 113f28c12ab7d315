from __future__ import annotations

from apps.dmp.models.concealment import Concealment
from apps.dmp.models.document import Document, ReadMark, SubmissionSet
from apps.dmp.models.folder import Folder
from apps.dmp.models.rendition import PagePicture, Rendition
from apps.dmp.models.wording import Wording

__all__ = [
    "Concealment",
    "Document",
    "Folder",
    "PagePicture",
    "ReadMark",
    "Rendition",
    "SubmissionSet",
    "Wording",
]
