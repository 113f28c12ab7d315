"""Who does what: a number drawn from the seed and the INS number of a person, in Python and in SQL alike."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

# About `accounts_insidentity AS i`.
DRAWN = "('x' || left(md5(%(seed)s || ':' || i.ins_number), 8))::bit(32)::bigint"
SHARES = 10_000
_DELAYS = 36  # an act comes between the second and the thirty-seventh day of the six weeks


class Act(StrEnum):
    """What somebody does, or what becomes of them."""

    ONLINE = "oppositions online"
    ACCOUNT = "oppositions signed in"
    PHONE = "oppositions by phone"
    POST = "oppositions by post"
    COUNTER = "oppositions at a counter"
    ASK = "openings asked for"
    ACTIVATE = "activations in the six weeks"
    LATE = "oppositions entered late"
    DEATH = "deaths"
    MOVE = "moves"
    LEAVE = "no longer insured"


# In ten thousand people. Oppositions are 0.69 % as in the pilot (ROL-02).
RATES = {
    Act.ONLINE: 45,
    Act.ACCOUNT: 4,
    Act.PHONE: 8,
    Act.POST: 8,
    Act.COUNTER: 4,
    Act.ASK: 10,
    Act.ACTIVATE: 50,
    Act.LATE: 3,
    Act.DEATH: 12,
    Act.MOVE: 60,
    Act.LEAVE: 5,
}
OPPOSITIONS = (Act.ONLINE, Act.ACCOUNT, Act.PHONE, Act.POST, Act.COUNTER)
ACTIVE = sum(RATES.values())  # shares below do something


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """`act` of a person and the day of their six weeks on which it happens; `rest` decides what is left to chance."""

    act: Act | None
    day: int
    rest: int


def drawn(seed: int, number: str) -> int:
    """The same as `DRAWN`."""
    return int(hashlib.md5(f"{seed}:{number}".encode(), usedforsecurity=False).hexdigest()[:8], 16)


def fate_of(value: int) -> Fate:
    """What a drawn number means."""
    share, rest = value % SHARES, value // SHARES
    return Fate(act=_act(share), day=2 + rest % _DELAYS, rest=rest // _DELAYS)


def _act(share: int) -> Act | None:
    for act, rate in RATES.items():
        if share < rate:
            return act
        share -= rate
    return None
