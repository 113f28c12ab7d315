"""`rollout_open [--at ISO]`: opens every space that is due, once and only once (ROL-21)."""

from __future__ import annotations

from datetime import datetime
from os import cpu_count
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.rollout import services
from apps.rollout.management.wording import Ticker, instant, opening_error


class Command(BaseCommand):
    help = "Open the spaces that are due: window over, wave let open by two people, nothing held or stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at", type=instant, help="instant of the opening, ISO 8601; without a zone it is Paris time"
        )

        parser.add_argument("--cores", type=int, default=cpu_count() or 1, help="connections at work")

    def handle(self, *_args: Any, at: datetime | None, cores: int, **_options: Any) -> None:  # noqa: ANN401  Django's signature
        ticker = Ticker(self.stderr.write, clock=monotonic, now=timezone.now)
        try:
            result = services.open_spaces(at=at or timezone.now(), lanes=max(cores, 1), progress=ticker)
        except services.OPENING_ERRORS as error:
            raise CommandError(opening_error(error)) from error
        counts = f"opened={result.opened} already={result.already} not_opened={result.not_opened}"
        self.stdout.write(f"{counts} failed={result.failed}")
