"""Where an instance keeps its state: data below one directory, sockets in a short path."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ens_portal.engines.account import Account, engine_account
from ens_portal.engines.process import EngineError

STATE_DIRECTORY = "ENS_STATE_DIR"
PROJECT = Path(__file__).resolve().parents[2]
# A socket address has room for 107 bytes; the longest name put behind the directory is ".s.PGSQL.5432".
LONGEST_RUN_DIRECTORY = 107 - len("/.s.PGSQL.5432")
PLAIN_PATH = re.compile(r"[A-Za-z0-9/._-]+")
SYSTEM_STATE = Path("/var/lib/ens-portal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """`state` belongs to the person who starts; `home` (engine data) and `run` (sockets) to the engines' account."""

    state: Path
    home: Path
    run: Path
    account: Account

    @property
    def postgres_data(self) -> Path:
        return self.home / "postgres"

    @property
    def valkey_data(self) -> Path:
        return self.home / "valkey"

    @property
    def logs(self) -> Path:
        return self.state / "log"

    @property
    def postgres_socket(self) -> Path:
        return self.run / ".s.PGSQL.5432"

    @property
    def valkey_socket(self) -> Path:
        return self.run / "valkey.sock"

    @property
    def users_lock(self) -> Path:
        """Shared by every process that uses the engines, taken alone by the keeper that stops them."""
        return self.state / "users.lock"

    @property
    def start_lock(self) -> Path:
        """Held by the one command that looks for the keeper or starts it."""
        return self.state / "start.lock"

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper as long as it lives."""
        return self.state / "keeper.lock"

    @property
    def engines_lock(self) -> Path:
        """Held by the keeper and by every process of the engines."""
        return self.state / "engines.lock"

    @property
    def ready_mark(self) -> Path:
        """Exists while the engines take connections; holds the keeper's process number."""
        return self.state / "engines.ready"

    def prepare(self) -> None:
        """Make the directories. Raises `EngineError` when the state directory is not ours to write."""
        try:
            self.state.mkdir(parents=True, exist_ok=True)
            self.logs.mkdir(exist_ok=True)
            if self.account.dropped:
                self.state.chmod(0o711)
            if self.home != self.state:
                self.home.mkdir(parents=True, exist_ok=True)
                (self.state / "home").write_text(f"{self.home}\n", encoding="utf-8")
            if self.run.parent != self.state:
                (self.state / "run").write_text(f"{self.run}\n", encoding="utf-8")
            self._make_run_directory()
        except OSError as error:
            msg = (
                f"{self.state} cannot be written ({error.strerror}: {error.filename}). "
                f"Start as the user who owns it, or choose another directory with {STATE_DIRECTORY}."
            )
            raise EngineError(msg) from error

    def _make_run_directory(self) -> None:
        self.account.folder(self.run)
        status = self.run.lstat()
        # Below /tmp anybody could have made the name first.
        if status.st_uid != self.account.uid or self.run.is_symlink():
            msg = f"{self.run} belongs to somebody else; remove it."
            raise EngineError(msg)
        self.run.chmod(0o700)


def state_directory() -> Path:
    """`.ens` of this checkout, or the directory named by ENS_STATE_DIR (relative names start at the checkout)."""
    return (PROJECT / os.environ.get(STATE_DIRECTORY, ".ens")).resolve()


def layout_of(state: Path) -> Layout:
    """The directories that belong to `state`; nothing is made yet."""
    account = engine_account(state / "postgres")
    # Below a home that only root may enter, the engines' account cannot reach its own data.
    home = state if account.may_reach(state.parent) else SYSTEM_STATE / digest(state)
    return Layout(state=state, home=home, run=_run_directory(home, account), account=account)


def _run_directory(home: Path, account: Account) -> Path:
    beside = home / "run"
    if len(bytes(beside)) <= LONGEST_RUN_DIRECTORY and PLAIN_PATH.fullmatch(str(beside)):
        return beside
    return Path(tempfile.gettempdir()).resolve() / f"ens-{account.uid}-{digest(home)}"


def digest(path: Path) -> str:
    """A short name that two checkouts do not share."""
    return hashlib.sha256(bytes(path)).hexdigest()[:12]
