"""Width and height from the headers of PNG and JPEG files: nothing is decoded, nothing can be made to grow (SEC-11)."""

from __future__ import annotations

import struct

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
JPEG_SIGNATURE = b"\xff\xd8\xff"
_PNG_HEADER = struct.Struct(">I4sII")  # length, IHDR, width, height
_FRAME = struct.Struct(">HBHH")  # length, precision, height, width
# JPEG start of frame (ITU T.81, table B.1): C0 to CF without DHT (C4), JPG (C8) and DAC (CC)
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
_LAST = frozenset({0xD9, 0xDA})  # end of image, start of scan: no frame follows
_MARK = 0xFF


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels of a PNG or JPEG; None for anything else or a header that cannot be read."""
    if data.startswith(PNG_SIGNATURE):
        return _png_size(data)
    if data.startswith(JPEG_SIGNATURE):
        return _jpeg_size(data)
    return None


def _png_size(data: bytes) -> tuple[int, int] | None:
    try:
        _length, kind, width, height = _PNG_HEADER.unpack_from(data, len(PNG_SIGNATURE))
    except struct.error:
        return None
    return (width, height) if kind == b"IHDR" else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    position = 2
    while position + 4 <= len(data) and data[position] == _MARK:
        marker = data[position + 1]
        if marker == _MARK:  # a fill byte
            position += 1
        elif marker in _WITHOUT_LENGTH:
            position += 2
        elif marker in _LAST:
            return None
        elif marker in _FRAMES:
            return _frame_size(data, position + 2)
        else:
            position += 2 + max(2, int.from_bytes(data[position + 2 : position + 4], "big"))
    return None


def _frame_size(data: bytes, position: int) -> tuple[int, int] | None:
    try:
        _length, _precision, height, width = _FRAME.unpack_from(data, position)
    except struct.error:
        return None
    return width, height
