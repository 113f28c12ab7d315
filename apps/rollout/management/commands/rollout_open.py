"""`rollout_open [--at ISO]`: opens every space that is due, once and only once (ROL-21)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from apps.rollout import services
from apps.rollout.management.wording import instant


class Command(BaseCommand):
    help = "Open the spaces that are due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at", type=instant, help="instant of the opening, ISO 8601; without a zone it is Paris time"
        )

    def handle(self, *_args: Any, at: datetime | None, **_options: Any) -> None:  # noqa: ANN401  Django's signature
        result = services.open_spaces(at=at or timezone.now())
        self.stdout.write(f"opened={result.opened} already={result.already} not_opened={result.not_opened}")
