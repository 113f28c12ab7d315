"""The first message of TLS 1.0 and 1.1, written by hand: the library of this machine may refuse to speak them.

Only the beginning of an answer is read; nothing is ever agreed on with an old version.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping

OLD_VERSIONS: Mapping[str, int] = {"TLSv1": 0x0301, "TLSv1.1": 0x0302}
_RECORD_HANDSHAKE, _CLIENT_HELLO, _SERVER_HELLO = 22, 1, 2
# ECDHE, DHE and RSA with AES, 3DES and RC4: what servers of that age have in common (RFC 4492, 5246, 4346).
_CIPHERS = (
    0xC00A,
    0xC014,
    0xC009,
    0xC013,
    0x0039,
    0x0033,
    0x0035,
    0x002F,
    0xC012,
    0x0016,
    0x000A,
    0xC011,
    0x0005,
    0x0004,
)
_GROUPS = (0x001D, 0x0017, 0x0018, 0x0019)  # x25519, secp256r1, secp384r1, secp521r1
_SERVER_NAME, _SUPPORTED_GROUPS, _POINT_FORMATS, _RENEGOTIATION = 0, 10, 11, 0xFF01

_HEAD = struct.Struct(">BHHB3sH")  # record, its version and length; kind of the message, its length, version chosen
ENOUGH = _HEAD.size


def hello(version: int, *, host: str) -> bytes:
    """A ClientHello that offers this version as the highest one."""
    name = host.encode("ascii")
    extensions = b"".join(
        (
            _extension(_SERVER_NAME, _sized(b"\x00" + _sized(name))),
            _extension(_SUPPORTED_GROUPS, _sized(_numbers(_GROUPS))),
            _extension(_POINT_FORMATS, b"\x01\x00"),
            _extension(_RENEGOTIATION, b"\x00"),
        )
    )
    body = b"".join(
        (
            struct.pack(">H", version),
            os.urandom(32),
            b"\x00",  # no session to resume
            _sized(_numbers(_CIPHERS)),
            b"\x01\x00",  # no compression
            _sized(extensions),
        )
    )
    message = struct.pack(">B", _CLIENT_HELLO) + struct.pack(">I", len(body))[1:] + body
    return struct.pack(">BHH", _RECORD_HANDSHAKE, OLD_VERSIONS["TLSv1"], len(message)) + message


def accepts(answer: bytes, version: int) -> bool:
    """Whether the answer begins with a ServerHello of this very version."""
    if len(answer) < ENOUGH:
        return False
    record, _, _, kind, _, chosen = _HEAD.unpack_from(answer)
    return (record, kind, chosen) == (_RECORD_HANDSHAKE, _SERVER_HELLO, version)


def _extension(kind: int, content: bytes) -> bytes:
    return struct.pack(">H", kind) + _sized(content)


def _sized(content: bytes) -> bytes:
    return struct.pack(">H", len(content)) + content


def _numbers(values: tuple[int, ...]) -> bytes:
    return struct.pack(f">{len(values)}H", *values)
