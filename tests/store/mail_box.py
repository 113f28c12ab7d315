"""A relay that writes down which mails it took, one line each, in the folder of the processes of a test."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from apps.notifications.gateways.base import Letter


def _file(environment: Mapping[str, str]) -> Path:
    return Path(environment["ENS_STATE_DIR"]) / "taken.txt"


class FileBox:
    """Takes everything."""

    simulated = True

    def hand_over(self, letter: Letter) -> None:
        with _file(os.environ).open("a", encoding="utf-8") as file:
            file.write(f"{letter.message_id}\n")


def sent_by(environment: Mapping[str, str]) -> list[str]:
    """Ids of the mails that were taken, in their order."""
    file = _file(environment)
    return file.read_text(encoding="utf-8").split() if file.exists() else []
