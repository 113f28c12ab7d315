"""The name that a client asks for, out of the first bytes of TLS, before anything is agreed on (RFC 8446, 4.1.2).

Sites differ in versions of TLS and in whether they speak it at all, so the site is chosen before the handshake begins.
"""

from __future__ import annotations

import socket
import time

_RECORD_HEAD = 5
_HANDSHAKE, _CLIENT_HELLO = 22, 1
_MOST = 16_384 + _RECORD_HEAD
_SERVER_NAME = 0
_PATIENCE, _PAUSE = 50, 0.01


def peeked_name(connection: socket.socket) -> str:
    """What SNI says, in lower case; empty without one, or where no TLS begins. The bytes stay to be read."""
    data = b""
    for _ in range(_PATIENCE):
        before, data = len(data), connection.recv(_MOST, socket.MSG_PEEK)
        if not data or data[0] != _HANDSHAKE or len(data) >= _wanted(data):
            break
        if len(data) == before:
            time.sleep(_PAUSE)
    try:
        return _name(data)
    except (IndexError, UnicodeDecodeError):
        return ""


def _wanted(data: bytes) -> int:
    return _RECORD_HEAD + int.from_bytes(data[3:5]) if len(data) >= _RECORD_HEAD else _RECORD_HEAD


def _name(data: bytes) -> str:
    if data[0] != _HANDSHAKE or data[_RECORD_HEAD] != _CLIENT_HELLO:
        return ""
    at = _RECORD_HEAD + 4 + 2 + 32  # heads, version, random
    at += 1 + data[at]  # session
    at += 2 + int.from_bytes(data[at : at + 2])  # ciphers
    at += 1 + data[at]  # compressions
    end = at + 2 + int.from_bytes(data[at : at + 2])
    at += 2
    while at + 4 <= min(end, len(data)):
        kind, length = int.from_bytes(data[at : at + 2]), int.from_bytes(data[at + 2 : at + 4])
        if kind == _SERVER_NAME:  # a list of one: its length, kind 0, length of the name
            return data[at + 9 : at + 4 + length].decode("ascii").lower()
        at += 4 + length
    return ""
