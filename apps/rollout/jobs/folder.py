"""The folder of eligibility files: those an operator put there, and those that were uploaded, until they are imported.

Only names come from outside. A name that leads out of the folder, a link and anything but a plain file do not exist.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from apps.rollout.models import ImportFile

RECEIVED = "received"
_BLOCK = 1 << 20
_LISTED = 200
_LEFT_OVER = timedelta(hours=6)  # longer than any upload lasts


class FileMissingError(Exception):
    """No such file in the folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file in the folder: its name below it, SHA-256 in hexadecimal, bytes."""

    path: str
    sha256: str
    size: int


def server_files() -> list[str]:
    """Names of the files that operators put there, in order; at most 200.

    A name that no page can show is left out: it is not UTF-8, or holds something invisible.
    """
    try:
        with os.scandir(_root()) as entries:
            names = [entry.name for entry in entries if _is_plain(entry) and _is_readable(entry.name)]
    except OSError:
        return []
    return sorted(names)[:_LISTED]


def measure(name: str) -> Kept:
    """Read a file of the server once. Raises `FileMissingError`."""
    with opened(name) as source:
        digest, size = hashlib.sha256(), 0
        while block := source.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return Kept(path=name, sha256=digest.hexdigest(), size=size)


def keep(*, file_id: UUID, blocks: Iterable[bytes]) -> Kept:
    """Write what was uploaded; when it breaks off, nothing stays. Raises `OSError`."""
    folder = _root() / RECEIVED
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{file_id}.csv"
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            for block in blocks:
                digest.update(block)
                size += len(block)
                target.write(block)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Kept(path=f"{RECEIVED}/{path.name}", sha256=digest.hexdigest(), size=size)


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """The file to read. Raises `FileMissingError`."""
    root = _root().resolve()
    wanted = root / path
    is_inside = wanted.parent.resolve() in {root, root / RECEIVED} and ".." not in Path(path).parts
    try:
        if not is_inside:
            raise FileMissingError
        descriptor = os.open(wanted, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)  # a pipe would wait for a writer
    except (OSError, ValueError) as error:  # a NUL in a name is a ValueError
        raise FileMissingError from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FileMissingError
    with os.fdopen(descriptor, "rb") as source:
        yield source


def forget(file: ImportFile) -> None:
    """Delete an uploaded file; one of the server stays where it is."""
    if file.source == ImportFile.Source.UPLOAD:
        (_root() / RECEIVED / Path(file.path).name).unlink(missing_ok=True)


def clear(*, at: datetime) -> int:
    """Delete what no row knows: uploads whose process died, files of imports that are over. Returns how many."""
    folder = _root() / RECEIVED
    found = [path for path in folder.glob("*.csv") if _is_older(path, at - _LEFT_OVER)]
    rows = ImportFile.objects.filter(path__in=[f"{RECEIVED}/{path.name}" for path in found], ended_at=None)
    needed = set(rows.values_list("path", flat=True))
    left_over = [path for path in found if f"{RECEIVED}/{path.name}" not in needed]
    for path in left_over:
        path.unlink(missing_ok=True)
    return len(left_over)


def _is_older(path: Path, at: datetime) -> bool:
    try:
        return path.stat().st_mtime < at.timestamp()
    except FileNotFoundError:  # another run has just deleted it
        return False


def _root() -> Path:
    return Path(settings.IMPORT_DIR)


def _is_readable(name: str) -> bool:
    return name.isprintable() and not name.startswith(".")


def _is_plain(entry: os.DirEntry[str]) -> bool:
    return entry.is_file(follow_symlinks=False)
