"""The system account that runs the engines: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """User and group of the engine processes. `dropped` says that it is not the account of this process."""

    uid: int
    gid: int
    dropped: bool

    def may_reach(self, path: Path) -> bool:
        """Whether the account may enter every directory down to `path`, itself included when it is a directory.

        Mode bits only: with access lists the answer may be a needless no, which costs a copy and nothing else.
        """
        if not self.dropped:
            return True
        folders = [*path.parents, path] if path.is_dir() else list(path.parents)
        return all(self._may_enter(folder) for folder in folders if folder.exists())

    def _may_enter(self, folder: Path) -> bool:
        status = folder.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.gid:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)

    def own(self, path: Path) -> None:
        """Give `path` and all below it to the account."""
        if not self.dropped:
            return
        for item in [path, *path.rglob("*")]:
            os.chown(item, self.uid, self.gid, follow_symlinks=False)

    def folder(self, path: Path) -> Path:
        """Make `path` (mode 0700) where it is missing and give it to the account."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.dropped:
            os.chown(path, self.uid, self.gid)
        return path


def engine_account(data: Path) -> Account:
    """The account for engines whose data lie in `data`: this one, or for root the owner of the data, else nobody."""
    if os.geteuid() != 0:
        return Account(uid=os.geteuid(), gid=os.getegid(), dropped=False)
    owner = data.stat().st_uid if data.exists() else 0
    # initdb looks the user up by number, so an owner without a name cannot be used.
    entry = _entry(owner) if owner else None
    entry = entry or pwd.getpwnam(NOBODY)
    return Account(uid=entry.pw_uid, gid=entry.pw_gid, dropped=True)


def _entry(uid: int) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return None
