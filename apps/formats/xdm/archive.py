"""The files of a ZIP archive, one by one and in memory only; sizes are counted while reading (MSS-51, SEC-11, S11).

What the archive says of itself may refuse it, never let it through.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from apps.formats.xdm.faults import PackageError, PackageErrorCode
from apps.formats.xdm.limits import PackageLimits
from apps.formats.xdm.names import key_of, shown_name

_ENCRYPTED = 0x1 | 0x40 | 0x2000  # general purpose bits 0, 6 and 13
_UTF8 = 0x800
_UNIX = 3
_BLOCK = 65_536
_HEADER = 30  # bytes of a local header before its name
# bzip2 and LZMA are no part of XDM, and `zipfile` unpacks a block of them without any bound.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_BROKEN = (zipfile.BadZipFile, struct.error, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError)
_BROKEN_VALUES = (ValueError, OverflowError)  # a seek before the start, a name that is no UTF-8


class DamagedFileError(Exception):
    """One file of the archive cannot be unpacked; the others may be fine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file of the archive. `key` compares names and is None for an unsafe one; `name` may be shown."""

    number: int
    key: str | None
    name: str | None
    is_link: bool
    declared_size: int


class _Source(io.BytesIO):
    """The archive; a directory that asks for more than the limit is not read."""

    def __init__(self, data: bytes, limit: int) -> None:
        super().__init__(data)
        self._limit = limit

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > self._limit:
            raise PackageError(PackageErrorCode.TOO_MANY_FILES, f"directory of {size} bytes")
        return super().read(size)


class Archive:
    """An archive within the limits; what all `read` calls give is counted together."""

    def __init__(self, data: bytes, limits: PackageLimits) -> None:
        """Read the directory. Raises `PackageError`."""
        self._limits = limits
        self._spent = 0
        try:
            self._zip = zipfile.ZipFile(_Source(data, limits.directory))
        except (*_BROKEN, *_BROKEN_VALUES) as error:
            raise PackageError(PackageErrorCode.NOT_A_ZIP, str(error)) from error
        # Not `is_dir()`: it raises IndexError on an empty name.
        self._entries = [entry for entry in self._zip.infolist() if not entry.filename.endswith("/")]
        self._refuse_hostile(self._entries)
        self.members = tuple(_member(number, entry) for number, entry in enumerate(self._entries))

    def read(self, member: Member) -> bytes:
        """The bytes of one file. Raises `DamagedFileError`; `PackageError` at the limits."""
        entry = self._entries[member.number]
        if entry.compress_type not in _METHODS:
            raise DamagedFileError(str(entry.compress_type))
        out = io.BytesIO()
        try:
            with self._zip.open(entry) as stream:
                while block := stream.read(_BLOCK):
                    out.write(block)
                    self._count(len(block), out.tell(), entry.compress_size)
        except (*_BROKEN, *_BROKEN_VALUES) as error:
            raise DamagedFileError(str(error)) from error
        return out.getvalue()

    def _count(self, block: int, size: int, packed: int) -> None:
        self._spent += block
        if self._spent > self._limits.unpacked:
            raise PackageError(PackageErrorCode.TOO_LARGE, f"more than {self._limits.unpacked} bytes")
        if size > self._limits.ratio * packed:
            raise PackageError(PackageErrorCode.RATIO, f"{size} bytes from {packed}")

    def _refuse_hostile(self, entries: Sequence[zipfile.ZipInfo]) -> None:
        limits = self._limits
        if len(entries) > limits.files:
            raise PackageError(PackageErrorCode.TOO_MANY_FILES, str(len(entries)))
        if any(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise PackageError(PackageErrorCode.ENCRYPTED)
        if _overlap(entries):
            raise PackageError(PackageErrorCode.OVERLAPPING)
        declared = sum(entry.file_size for entry in entries)
        if declared > limits.unpacked:
            raise PackageError(PackageErrorCode.TOO_LARGE, f"{declared} bytes declared")
        for entry in entries:
            if entry.file_size > limits.ratio * entry.compress_size:
                detail = f"{entry.file_size} bytes declared from {entry.compress_size}"
                raise PackageError(PackageErrorCode.RATIO, detail)


def _overlap(entries: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether two files share bytes: the way of bombs that name one block many times."""
    spans = sorted((entry.header_offset, entry.header_offset + _HEADER + entry.compress_size) for entry in entries)
    return any(end > start for (_, end), (start, _) in pairwise(spans))


def _member(number: int, entry: zipfile.ZipInfo) -> Member:
    mode = entry.external_attr >> 16
    written = entry.orig_filename  # `filename` ends at the first NUL
    return Member(
        number=number,
        key=key_of(written),
        name=shown_name(written, is_utf8=bool(entry.flag_bits & _UTF8)),
        is_link=entry.create_system == _UNIX and stat.S_ISLNK(mode),
        declared_size=entry.file_size,
    )
