"""Shape and key of an INS matricule inside a document: a wrong one flags the identity, never the document (DMP-82)."""

from __future__ import annotations

import re

_SHAPE = re.compile(r"(?P<body>\d{5}(?:\d\d|2[AB])\d{6})(?P<key>\d{2})?", re.ASCII)
_MODULUS = 97
_CORSICA = {"2A": "19", "2B": "18"}  # INSEE: replaced before the key is computed


def has_matricule_shape(number: str) -> bool:
    """13 characters, or 15 with the key; the department may be 2A or 2B."""
    return _SHAPE.fullmatch(number) is not None


def has_wrong_key(number: str) -> bool:
    """Whether the last two of 15 characters differ from the key of the 13 before; without a key nothing is wrong."""
    match = _SHAPE.fullmatch(number)
    if match is None or match["key"] is None:
        return False
    body = match["body"]
    digits = body[:5] + _CORSICA.get(body[5:7], body[5:7]) + body[7:]
    return _MODULUS - int(digits) % _MODULUS != int(match["key"])
