"""`files_rotate [--state]`: closes all vault keys with the current master key, or says how far that is (SEC-28)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.files.jobs import rotation
from apps.files.keys import MasterKeyMissingError, WrongMasterKeyError, current_version


class Command(BaseCommand):
    help = "Close all vault keys with the current master key. May be stopped and started again at any time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--state", action="store_true", help="change nothing, say how far the rotation is")

    def handle(self, *_args: Any, state: bool, **_options: Any) -> None:  # noqa: ANN401  Django's signature
        if state:
            self._tell()
            return
        try:
            outcome = rotation.rotate(clock=timezone.now)
        except WrongMasterKeyError as error:
            raise CommandError(_wrong(error.version)) from error
        except MasterKeyMissingError as error:
            raise CommandError(_missing(error.version)) from error
        self.stdout.write(f"rewrapped={outcome.rewrapped} unreadable={outcome.unreadable} left={outcome.left}")
        if outcome.unreadable:
            msg = f"{outcome.unreadable} vault keys are not what was stored: restore them from a backup."
            raise CommandError(msg)
        if outcome.left:
            msg = f"{outcome.left} vault keys are held by another run: start again when it has ended."
            raise CommandError(msg)

    def _tell(self) -> None:
        now = rotation.standing()
        counts = " ".join(f"{version}:{count}" for version, count in sorted(now.counts.items()))
        done = now.rotation.finished_at if now.rotation else None
        finished = done.isoformat(timespec="seconds") if done else "-"
        self.stdout.write(f"current={current_version()} left={now.left} keys={counts or '-'} finished={finished}")


def _missing(version: int) -> str:
    return (
        f"The master key of version {version} is not there, and it closes keys of vaults. Nothing was changed. "
        f"Set ENS_FILES_SECOND_MASTER_KEY and ENS_FILES_SECOND_MASTER_KEY_VERSION={version}, then start again."
    )


def _wrong(version: int) -> str:
    return (
        f"The master key of version {version} is another one than before. Nothing was changed. "
        f"Give a new key a number of its own: ENS_FILES_MASTER_KEY_VERSION."
    )
