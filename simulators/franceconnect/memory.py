"""What the provider remembers for seconds: started sign-ins, codes, access tokens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from simulators.franceconnect.behaviours import Behaviour
from simulators.franceconnect.people import Person

CODE_SECONDS = 30  # IDN-26
ACCESS_TOKEN_SECONDS = 60
START_SECONDS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """An accepted call of the authorize endpoint, waiting for a person to be chosen.

    `asks_again`: `prompt=login` or `max_age`, so the id_token must tell when the person signed in.
    """

    redirect_uri: str
    state: str
    nonce: str
    acr: str
    scopes: frozenset[str]
    code_challenge: str
    browser: str
    asks_again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Who signed in, for which start, and how the provider shall answer."""

    start: Start
    person: Person
    behaviour: Behaviour


Kept = TypeVar("Kept")


class Shelf(Generic[Kept]):
    """Values under random keys that end after a time, taken once or looked at."""

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds
        self._values: dict[str, tuple[float, Kept]] = {}
        self._lock = Lock()

    def put(self, value: Kept) -> str:
        key = secrets.token_urlsafe(32)
        now = monotonic()
        with self._lock:
            self._values = {name: pair for name, pair in self._values.items() if pair[0] > now}
            self._values[key] = (now + self._seconds, value)
        return key

    def look(self, key: str) -> Kept | None:
        with self._lock:
            until, value = self._values.get(key, (0.0, None))
        return value if until > monotonic() else None

    def take(self, key: str) -> Kept | None:
        with self._lock:
            until, value = self._values.pop(key, (0.0, None))
        return value if until > monotonic() else None


@dataclass(slots=True)
class Memory:
    """All shelves of one provider, and the number of calls of each path (read by tests)."""

    starts: Shelf[Start] = field(default_factory=lambda: Shelf[Start](START_SECONDS))
    codes: Shelf[Grant] = field(default_factory=lambda: Shelf[Grant](CODE_SECONDS))
    tokens: Shelf[Grant] = field(default_factory=lambda: Shelf[Grant](ACCESS_TOKEN_SECONDS))
    calls: dict[str, int] = field(default_factory=dict)
    last_token_form: dict[str, str] = field(default_factory=dict)
