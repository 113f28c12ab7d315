"""Whether a file beside a document is the copy for humans that senders add to it (MSS-50)."""

from __future__ import annotations

import hashlib

from apps.formats.cda.reader import read_cda
from apps.formats.errors import UnreadableInputError


def digests_inside(cda: bytes) -> frozenset[str]:
    """SHA-256 of every file inside a CDA document; a file with one of them is its twin. Empty for anything else."""
    try:
        document = read_cda(cda)
    except UnreadableInputError:
        return frozenset()
    return frozenset(item.sha256 for item in document.files if item.sha256)


def is_twin(data: bytes, *, of: frozenset[str]) -> bool:
    """Whether these bytes are one of the files of `digests_inside`."""
    return hashlib.sha256(data).hexdigest() in of
