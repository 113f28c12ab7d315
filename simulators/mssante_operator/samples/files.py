"""Files that a mail may bring, made here: a picture, an Outlook container, the test virus of the antivirus makers."""

from __future__ import annotations

import struct
import zlib

_PNG = b"\x89PNG\r\n\x1a\n"
_TNEF_SIGNATURE = 0x223E9F78
_MESSAGE, _ATTACHMENT = 1, 2
_SUBJECT, _VERSION, _FILE_NAME, _FILE_DATA = 0x00018004, 0x00089006, 0x00018010, 0x0006800F


def picture(*, side: int = 96) -> bytes:
    """A PNG with stripes of two colours."""
    rows = b"".join(b"\0" + bytes(_pixel(x, y) for x in range(side)) for y in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return _PNG + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def outlook_container(name: str, data: bytes) -> bytes:
    """A `winmail.dat` (MS-OXTNEF) with one file."""
    attributes = [
        _attribute(_MESSAGE, _VERSION, struct.pack("<I", 0x00010000)),
        _attribute(_MESSAGE, _SUBJECT, b"Votre ordonnance\0"),
        _attribute(_ATTACHMENT, _FILE_NAME, name.encode("cp1252", "replace") + b"\0"),
        _attribute(_ATTACHMENT, _FILE_DATA, data),
    ]
    return struct.pack("<IH", _TNEF_SIGNATURE, 1) + b"".join(attributes)


def harmless_virus() -> bytes:
    """The file of EICAR, harmless; in two halves, or this very source would be put in quarantine."""
    return rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def _pixel(x: int, y: int) -> int:
    return 230 if (x + y) // 12 % 2 else 120


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _attribute(level: int, tag: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, tag, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)
