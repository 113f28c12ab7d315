"""Bytes of a file with titles to lines of text: UTF-8 with or without BOM, LF or CRLF, in slices of bounded size.

For files of millions of lines: the eligibility file, the extracts of the national directory.
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

_BLOCK = 1 << 20
LONGEST_LINE = 1 << 16
_FOREIGN_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
# ZIP and the workbooks that are one, gzip, bzip2, xz, 7z, older workbooks (OLE).
_PACKED_MARKS = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf\x27\x1c", b"\xd0\xcf\x11\xe0")


class FileFault(StrEnum):
    """Why a whole file is refused."""

    EMPTY = "empty"
    PACKED = "packed"
    ENCODING = "encoding"
    COLUMNS_MISSING = "columns_missing"
    COLUMNS_TWICE = "columns_twice"
    ENDLESS_LINE = "endless_line"
    CHANGED = "changed"  # another file than the one that was looked at before


class FileRefusedError(ValueError):
    """The whole file is refused; `details` are column titles."""

    def __init__(self, fault: FileFault, details: tuple[str, ...] = ()) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.details = details


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Lines that follow each other; `first` is the number of the first one, the header being line 1.

    A line that is not UTF-8 is None.
    """

    first: int
    lines: list[str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Whole lines as bytes, without the last end of line; `end` is the place in the file behind them."""

    first: int
    data: bytes
    end: int

    @property
    def count(self) -> int:
        """Number of lines."""
        return self.data.count(b"\n") + 1


class LineReader:
    """Reads a file once, from its header to its end; `sha256()` is that of the file after the last slice."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._digest = hashlib.sha256()
        self._rest = b""
        self._place = 0
        self._next = 2

    def sha256(self) -> str:
        """Hexadecimal, of what was read so far."""
        return self._digest.hexdigest()

    def header(self) -> str:
        """The first line. Raises `FileRefusedError` when the file is empty, packed or of another encoding."""
        block = self._read()
        if block.startswith(_PACKED_MARKS):
            raise FileRefusedError(FileFault.PACKED)
        if block.startswith(_FOREIGN_MARKS) or b"\x00" in block[:4]:
            raise FileRefusedError(FileFault.ENCODING)
        while b"\n" not in block and (more := self._read()):
            block += more
            if len(block) > LONGEST_LINE:
                raise FileRefusedError(FileFault.ENDLESS_LINE)
        line, _, self._rest = block.removeprefix(codecs.BOM_UTF8).partition(b"\n")
        if not line.strip():
            raise FileRefusedError(FileFault.EMPTY)
        if b"\r" in line.rstrip(b"\r"):  # lines that end as on old computers: all of them are one
            raise FileRefusedError(FileFault.ENDLESS_LINE)
        try:
            return line.rstrip(b"\r").decode("utf-8")
        except UnicodeDecodeError:
            raise FileRefusedError(FileFault.ENCODING) from None

    def go_on(self, *, at: int, number: int) -> None:
        """Continue at a place that a `Block.end` named, with the number of the line that begins there."""
        self._source.seek(at)
        self._rest, self._place, self._next = b"", at, number

    def slices(self) -> Iterator[Slice]:
        """What follows the header. Raises `FileRefusedError` at a line that does not end."""
        for block in self.blocks():
            yield Slice(first=block.first, lines=decoded(block.data))

    def blocks(self) -> Iterator[Block]:
        """The same, not yet decoded."""
        while read := self._read():
            whole, newline, self._rest = (self._rest + read).rpartition(b"\n")
            if len(self._rest) > LONGEST_LINE:
                raise FileRefusedError(FileFault.ENDLESS_LINE)
            if newline:
                yield self._block(whole)
        if self._rest:
            rest, self._rest = self._rest.removesuffix(b"\n"), b""
            yield self._block(rest)

    def _block(self, data: bytes) -> Block:
        block = Block(first=self._next, data=data, end=self._place - len(self._rest))
        self._next += block.count
        return block

    def _read(self) -> bytes:
        block = self._source.read(_BLOCK)
        self._digest.update(block)
        self._place += len(block)
        return block


def decoded(data: bytes, *, fallback: str = "") -> list[str | None]:
    """Lines of text, ends of line removed. One that is not UTF-8 is read as `fallback` (`cp1252`), or is None."""
    try:
        lines: list[str | None] = [*data.decode("utf-8").split("\n")]
    except UnicodeDecodeError:
        lines = [_line_or_none(line, fallback) for line in data.split(b"\n")]
    if b"\r" not in data:
        return lines
    return [line if line is None else line.removesuffix("\r") for line in lines]


def _line_or_none(data: bytes, fallback: str) -> str | None:
    for encoding in filter(None, ("utf-8", fallback)):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
