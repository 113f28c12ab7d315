"""Parts inside parts: cut at their boundaries in linear time, over one buffer and within limits (RFC 2046).

The feed parser of the library looks at each line once for each level, and calls itself: 25 million bytes in hundreds of
levels take minutes. Headers are read by the library; where parts begin and end is found here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from apps.formats.mail.headers import Headers, is_field
from apps.formats.mail.model import Fault, MailLimits
from apps.formats.mail.transfer import decode, encoding_of, is_known
from apps.formats.media import TEXT, UNKNOWN

MESSAGES = frozenset({"message/rfc822", "message/global"})
_EMPTY_LINE = re.compile(rb"\n\r?\n")
_LINE = re.compile(rb"[^\n]{0,1000}")
_FIRST_BOUNDARY = re.compile(rb"(?:^|\n)--([^\s]{1,250})[ \t]*\r?\n")
_MAX_BOUNDARY = 250


@dataclass(slots=True)
class Spent:
    """What one reading has used of its limits, over all parts and all messages in messages."""

    parts: int = 0
    header_bytes: int = 0
    decoded: int = 0


@dataclass(slots=True, kw_only=True)
class Ledger:
    """What may still be used, and what went wrong so far in one message or part, in the order of its coming."""

    limits: MailLimits
    spent: Spent = field(default_factory=Spent)
    faults: dict[Fault, None] = field(default_factory=dict)

    def page(self) -> Ledger:
        """Another one for the faults of a part; what is used counts for all."""
        return Ledger(limits=self.limits, spent=self.spent)

    def blame(self, *faults: Fault) -> None:
        self.faults.update(dict.fromkeys(faults))

    def header(self, block: bytes) -> bytes:
        """As much of the block as there is room for."""
        room = max(0, self.limits.header_bytes - self.spent.header_bytes)
        self.spent.header_bytes += len(block)
        if len(block) > room:
            self.blame(Fault.HEADERS_TOO_LARGE)
        return block[:room]

    def may_unpack(self, size: int) -> bool:
        if self.spent.decoded + size > self.limits.decoded_bytes:
            self.blame(Fault.TOO_LARGE)
            return False
        self.spent.decoded += size
        return True

    def may_have_another_part(self) -> bool:
        if self.spent.parts >= self.limits.parts:
            self.blame(Fault.TOO_MANY_PARTS)
            return False
        self.spent.parts += 1
        return True


@dataclass(slots=True, kw_only=True)
class Entity:
    """A message or a part: its fields, and where its content stands in the buffer."""

    headers: Headers
    media_type: str
    source: bytes
    start: int
    end: int
    children: list[Entity] = field(default_factory=list)

    @property
    def disposition(self) -> str:
        return self.headers.text("content-disposition").partition(";")[0].strip().lower()

    def written_name(self) -> str:
        """As its sender wrote it."""
        headers = self.headers
        return headers.parameter("content-disposition", "filename") or headers.parameter("content-type", "name")

    def content(self, ledger: Ledger) -> bytes:
        """The decoded bytes; empty with a fault where the message holds more than a reader may unpack."""
        if not ledger.may_unpack(self.end - self.start):
            return b""
        encoding = encoding_of(self.headers.text("content-transfer-encoding"))
        if not is_known(encoding):
            ledger.blame(Fault.UNKNOWN_ENCODING)
        data, is_whole = decode(memoryview(self.source)[self.start : self.end], encoding)
        if not is_whole:
            ledger.blame(Fault.DAMAGED_ENCODING)
        return data


def read_entity(source: bytes, ledger: Ledger) -> Entity:
    """The whole buffer as one message."""
    return _entity(source, (0, len(source)), ledger, depth=0, default=TEXT)


def _entity(source: bytes, span: tuple[int, int], ledger: Ledger, *, depth: int, default: str) -> Entity:
    head_end, start = _head(source, *span)
    headers = Headers(ledger.header(source[span[0] : min(head_end, span[0] + ledger.limits.header_bytes + 1)]))
    entity = Entity(headers=headers, media_type=headers.media_type(default), source=source, start=start, end=span[1])
    if entity.media_type.startswith("multipart/"):
        _divide(entity, ledger, depth=depth + 1)
    return entity


def _head(source: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the header ends and the content begins. What does not begin like a header has none."""
    if source.startswith((b"\n", b"\r\n"), start, end):
        return start, source.index(b"\n", start) + 1
    first = _LINE.match(source, start, end)
    if first is None or not is_field(first[0]):
        return start, start
    found = _EMPTY_LINE.search(source, start, end)
    return (found.start() + 1, found.end()) if found else (end, end)


def _divide(entity: Entity, ledger: Ledger, *, depth: int) -> None:
    if depth > ledger.limits.depth:
        ledger.blame(Fault.TOO_DEEP)
        entity.media_type = UNKNOWN  # stays closed
        return
    boundary = _boundary(entity)
    default = "message/rfc822" if entity.media_type == "multipart/digest" else TEXT
    for span in _spans(entity, boundary, ledger):
        if not ledger.may_have_another_part():
            return
        entity.children.append(_entity(entity.source, span, ledger, depth=depth, default=default))
    if not entity.children:
        ledger.blame(Fault.DAMAGED_STRUCTURE)


def _boundary(entity: Entity) -> bytes:
    """The announced one where it is used, else the first line that looks like one."""
    announced = entity.headers.parameter("content-type", "boundary").encode("utf-8", "replace")[:_MAX_BOUNDARY].rstrip()
    if announced and entity.source.find(b"--" + announced, entity.start, entity.end) >= 0:
        return announced
    found = _FIRST_BOUNDARY.search(entity.source, max(0, entity.start - 1), entity.end)
    return found[1] if found else b""


def _spans(entity: Entity, boundary: bytes, ledger: Ledger) -> Iterator[tuple[int, int]]:
    """Beginning and end of each part between lines with the boundary; the line end before one belongs to it."""
    if not boundary:
        return
    source, start = entity.source, -1
    mark = rb"--" + re.escape(boundary)  # the letters first: what comes before them is looked at where they are found
    pattern = re.compile(mark + rb"(?<![^\n]" + mark + rb")(--)?[ \t]*\r?(?:\n|\Z)")
    for line in pattern.finditer(source, entity.start, entity.end):
        if start >= 0:
            yield start, _before_line_end(source, start, line.start())
        start = -1 if line[1] else line.end()
        if line[1]:
            return
    if start >= 0:  # cut off, or its last boundary was forgotten
        ledger.blame(Fault.DAMAGED_STRUCTURE)
        yield start, entity.end


def _before_line_end(source: bytes, start: int, end: int) -> int:
    if end > start and source[end - 1] == ord("\n"):
        end -= 1
    return end - 1 if end > start and source[end - 1] == ord("\r") else end
