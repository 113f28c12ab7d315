"""INS numbers: syntax, key with Corsica, issuing authorities (IDN-02, IDN-11, IDN-12)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Authority(StrEnum):
    """Object identifiers of the authorities that issue an INS (IDN-02; FR Core)."""

    NIR = "1.2.250.1.213.1.4.8"
    NIA = "1.2.250.1.213.1.4.9"
    TEST_NIR = "1.2.250.1.213.1.4.10"
    DEMONSTRATION_NIR = "1.2.250.1.213.1.4.11"


class InsFault(StrEnum):
    """Why a text is no INS number."""

    LENGTH = "length"
    SYNTAX = "syntax"
    KEY = "key"


class InvalidInsError(ValueError):
    """`fault` says what is wrong; the number itself is not in the message (SEC-22)."""

    def __init__(self, fault: InsFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


_NUMBER_LENGTH = 13
_KEY_LENGTH = 2
# IDN-12 [memory]: 1/2 NIR, 7/8 waiting numbers (NIA), 3/4 people being registered; months 20-42 and 50-99 when unknown.
_SYNTAX = re.compile(r"[1-478]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:2[AB]|\d{2})\d{6}")
_CORSICA = {"2A": "19", "2B": "18"}
_MODULUS = 97


def control_key(number: str) -> str:
    """Two digits: 97 minus the 13 characters modulo 97, 2A read as 19 and 2B as 18 at positions 6 and 7 (IDN-11)."""
    department = number[5:7]
    digits = number[:5] + _CORSICA.get(department, department) + number[7:]
    return f"{_MODULUS - int(digits) % _MODULUS:02d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class InsNumber:
    """Thirteen characters and a two-digit key, with the authority that issued it."""

    number: str
    key: str
    authority: Authority

    @property
    def full(self) -> str:
        """The fifteen characters as people know them."""
        return self.number + self.key


def parse_ins(*, number: str, key: str, authority: Authority) -> InsNumber:
    """Read a number and its key; case and spaces do not matter.

    Raises `InvalidInsError` (length, syntax, key).
    """
    plain, plain_key = (re.sub(r"\s", "", part).upper() for part in (number, key))
    if len(plain) != _NUMBER_LENGTH or len(plain_key) != _KEY_LENGTH:
        raise InvalidInsError(InsFault.LENGTH)
    if not _SYNTAX.fullmatch(plain) or not plain_key.isdecimal():
        raise InvalidInsError(InsFault.SYNTAX)
    if control_key(plain) != plain_key:
        raise InvalidInsError(InsFault.KEY)
    return InsNumber(number=plain, key=plain_key, authority=authority)


def parse_full(*, full: str, authority: Authority) -> InsNumber:
    """The same from fifteen characters in one piece."""
    plain = re.sub(r"\s", "", full)
    return parse_ins(number=plain[:_NUMBER_LENGTH], key=plain[_NUMBER_LENGTH:], authority=authority)
