"""The box of mails that came back: a Maildir into which the mail system delivers (SPA-04)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

LARGEST = 1_000_000  # bytes read of one mail: what names the notice stands at the beginning


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """One mail of the box; `data` is its beginning when it is longer than `LARGEST`."""

    name: str
    data: bytes


class BounceBox:
    """The folder `new` of a Maildir. A mail that has been dealt with is deleted: it may quote what it was about."""

    def __init__(self, folder: str) -> None:
        self._new = Path(folder) / "new"
        self._aside = Path(folder) / "cur"

    def mails(self, *, at_most: int) -> Iterator[Returned]:
        """The oldest first; a folder that is not there is an empty one."""
        if not self._new.is_dir():
            return
        for path in sorted(entry for entry in self._new.iterdir() if entry.is_file())[:at_most]:
            try:
                with path.open("rb") as stored:
                    data = stored.read(LARGEST)
            except FileNotFoundError:
                continue  # another run has dealt with it since
            yield Returned(name=path.name, data=data)

    def delete(self, name: str) -> None:
        """It has had its effect, or can have none."""
        (self._new / name).unlink(missing_ok=True)

    def put_aside(self, name: str) -> None:
        """Nobody knows what it is about: kept for people, never read again by the job."""
        self._aside.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):  # another run was faster
            (self._new / name).replace(self._aside / f"{name}:2,")
