"""Which management commands need engines, and the environment they get."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ens_portal.engines.layout import state_directory
from ens_portal.engines.session import engines
from ens_portal.engines.urls import urls_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# `demo` starts its own, after it has looked at the ports. `makemigrations` is not here: it compares with the database.
WITHOUT_ENGINES = frozenset(
    {
        "check",
        "collectstatic",
        "compilemessages",
        "demo",
        "diffsettings",
        "dmp_render",
        "findstatic",
        "help",
        "makemessages",
        "sendtestemail",
        "startapp",
        "startproject",
        "version",
    }
)
# They change tables or empty them, which the application's role may not.
OWNER_COMMANDS = frozenset({"flush", "migrate"})
ANSWERS_ONLY = frozenset({"-h", "--help", "--version"})


def needs_engines(arguments: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Whether the command line (without the program) needs engines that the environment does not name."""
    if environment.get("ENS_ENV") == "production" or "DATABASE_URL" in environment:
        return False
    if not arguments or arguments[0].startswith("-") or not ANSWERS_ONLY.isdisjoint(arguments):
        return False
    return arguments[0] not in WITHOUT_ENGINES


@contextmanager
def engines_for(arguments: Sequence[str]) -> Iterator[None]:
    """Hold engines around a command that needs some, and give owner commands the owner's address."""
    if needs_engines(arguments, os.environ):
        with engines(state_directory()) as layout:
            for name, value in urls_of(layout).environment().items():
                os.environ.setdefault(name, value)
            _become_owner(arguments)
            yield
    else:
        _become_owner(arguments)
        yield


def _become_owner(arguments: Sequence[str]) -> None:
    owner = os.environ.get("DATABASE_OWNER_URL")
    if arguments and arguments[0] in OWNER_COMMANDS and owner:
        os.environ["DATABASE_URL"] = owner
