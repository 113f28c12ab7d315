"""What of the answers of a dossier the checks look at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from apps.store.checks.base import Subject
from apps.store.gateways.web.base import Reason, RefusedUrlError

MAX_VALUES = 50  # of one field: a form takes no more
_HOST = re.compile(r"[a-z0-9\u00a1-\uffff](?:[a-z0-9.\u00a1-\uffff-]{0,251}[a-z0-9\u00a1-\uffff])?", re.IGNORECASE)

Places = tuple[tuple[str, str], ...]
# Fields that name a place on the web where the service is; shelves of application stores belong to others.
PLACES = (
    ("CRI-ELI-02", "url"), ("CRI-LEG-04", "url"), ("CRI-LEG-05", "url"), ("CRI-RGP-01", "url"), ("CRI-RGP-06", "url"),
    ("CRI-INT-02", "uris"), ("CRI-INT-05", "url"), ("CRI-INT-07", "url"), ("CRI-SEC-01", "hosts"),
    ("CRI-SEC-02", "hosts"), ("CRI-SEC-03", "url"), ("CRI-SEC-04", "host"), ("CRI-ACC-01", "url"),
    ("CRI-ACC-02", "url"), ("CRI-FIC-04", "web_url"),
)  # fmt: skip
# Those that belong to the service itself: an issuer, terms or a server of data may stand at a supplier or a group.
OWN_PLACES = (
    ("CRI-ELI-02", "url"), ("CRI-FIC-04", "web_url"), ("CRI-SEC-01", "hosts"), ("CRI-SEC-02", "hosts"),
    ("CRI-SEC-03", "url"), ("CRI-SEC-04", "host"),
)  # fmt: skip


def answers(subject: Subject, *fields: tuple[str, str]) -> tuple[str, ...]:
    """What these fields hold, (criterion, name) each, as it was written, once each, empty ones left out."""
    return tuple(dict.fromkeys(text for field in fields for text in _texts(subject, *field)))


def hosts(subject: Subject, *fields: tuple[str, str]) -> tuple[str, ...]:
    """The same for names of hosts, in one spelling."""
    return tuple(dict.fromkeys(text.lower().rstrip(".") for text in answers(subject, *fields)))


def plain_host(target: str) -> str:
    """The name of a host. Raises `RefusedUrlError` for what would change the address around it."""
    if not _HOST.fullmatch(target):
        raise RefusedUrlError(Reason.HOST)
    return target


def list_of(value: object) -> list[str]:
    """The texts of a list that came from a form."""
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _texts(subject: Subject, criterion: str, name: str) -> Iterator[str]:
    value = subject.answers.get(criterion, {}).get(name)
    given: Iterable[object] = value if isinstance(value, list) else (value,)
    texts = (each.strip() for each in given if isinstance(each, str))
    return islice(filter(None, texts), MAX_VALUES)
