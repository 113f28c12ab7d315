"""What keys and passwords look like in text; documentation that only shows their form is left alone (L15, L16).

Every pattern is bounded: a hostile text of twenty megabytes costs no more than its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

PRIVATE_KEY, ACCESS_KEY, PASSWORD, BEARER, ADDRESS = "private-key", "access-key", "password", "bearer", "address"

_MOST = 20  # findings of one text
_FEW_LETTERS = 3  # `********`, `x-x-x`
_KEY_BEGINS = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_KEY_BODY = re.compile(r"[A-Za-z0-9+/=]{16,76}")
_BODY_AFTER, _LEAST_BODY = 1200, 64
_KNOWN_FORMS = re.compile(
    r"(?<![A-Za-z0-9_\-])(?:(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{60,255}"
    r"|glpat-[A-Za-z0-9_\-]{20,64}|xox[abprs]-[A-Za-z0-9\-]{20,200}|AIza[A-Za-z0-9_\-]{35}|sk_live_[A-Za-z0-9]{24,200})"
    r"(?![A-Za-z0-9])"
)
# Names as `.env` files write them: capitals alone, so that prose and code are left out.
_ASSIGNED = re.compile(
    r"(?<![A-Za-z0-9_])[A-Z0-9_]{0,40}"
    r"(?:PASSWORD|PASSWD|PASSPHRASE|MOT_DE_PASSE|MDP|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY)[A-Z0-9_]{0,40}"
    r"[ \t]{0,4}=[ \t]{0,4}(\"[^\"\s]{6,500}\"|'[^'\s]{6,500}'|[^\s\"';,]{6,500})"
)
_BEARER = re.compile(r"\bBearer[ \t]{1,4}([A-Za-z0-9\-._~+/]{20,4000}=*)", re.IGNORECASE)
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9_\-])eyJ[A-Za-z0-9_\-]{10,2000}\.eyJ[A-Za-z0-9_\-]{10,4000}\.[A-Za-z0-9_\-]{16,2000}"
)
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.\-]{1,20}://[^\s/:@<>]{1,100}:([^\s/:@<>]{6,200})@[A-Za-z0-9]")
# Properties of other kinds (`spring.datasource.password=…`): a whole line, a letter and a digit, nothing of code.
_PROPERTY = re.compile(
    r"^[ \t]{0,8}[a-z0-9_.\-]{0,60}(?:password|passwd|passphrase|secret|token|api[_\-.]?key)[ \t]{0,4}=[ \t]{0,4}"
    r"((?=[^\s]{0,200}\d)(?=[^\s]{0,200}[A-Za-z])[^\s\"';,()<>]{8,200})[ \t\r]{0,4}$",
    re.IGNORECASE | re.MULTILINE,
)
_PLACEHOLDER = re.compile(
    r"^[<{\[%$]|\$\{|\*\*\*|…|\.\.\.|(?i:example|exemple|^change|^your|^votre|^mettre|placeholder|redacted|masqu|dummy|^x{4})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Kind of a secret and the line (from 1) on which it begins; never the secret."""

    kind: str
    line: int


def secrets_in(text: str) -> list[Found]:
    """What looks like a secret, in the order of the text."""
    places = sorted({(place, kind) for kind, place in _places(text)})
    return [Found(kind=kind, line=text.count("\n", 0, place) + 1) for place, kind in places[:_MOST]]


def _places(text: str) -> Iterator[tuple[str, int]]:
    for match in _KEY_BEGINS.finditer(text):
        body = _KEY_BODY.findall(text, match.end(), match.end() + _BODY_AFTER)
        if sum(map(len, body)) >= _LEAST_BODY:
            yield PRIVATE_KEY, match.start()
    for pattern, kind in ((_KNOWN_FORMS, ACCESS_KEY), (_TOKEN, BEARER)):
        yield from ((kind, match.start()) for match in pattern.finditer(text) if not _is_shown_form(match[0]))
    for pattern, kind in ((_ASSIGNED, PASSWORD), (_PROPERTY, PASSWORD), (_BEARER, BEARER), (_ADDRESS, ADDRESS)):
        yield from ((kind, match.start()) for match in pattern.finditer(text) if not _is_shown_form(match[1]))


def _is_shown_form(value: str) -> bool:
    """A value that only shows where the true one goes: `<your token>`, `AKIAIOSFODNN7EXAMPLE`, `********`."""
    plain = value.strip("\"'")
    return _PLACEHOLDER.search(plain) is not None or len(set(plain)) <= _FEW_LETTERS
