"""`spaces_close <space_id> --reason … --agent …`: an operator closes a space and reads out its number (SPA-30)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.access import Actor, Role
from apps.spaces import services
from apps.spaces.models import HealthSpace

_REASONS = HealthSpace.ClosureReason
BY_OPERATOR = (_REASONS.HELPED, _REASONS.LATE_OPPOSITION, _REASONS.EX_OFFICIO, _REASONS.DEATH)


class Command(BaseCommand):
    help = "Close a space. A late-entered opposition destroys the key of its files for good."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("space_id", type=UUID)
        parser.add_argument("--reason", required=True, choices=[reason.value for reason in BY_OPERATOR])
        parser.add_argument("--agent", required=True, help="account of the operator, for the trail; no name")

    def handle(self, *_args: Any, space_id: UUID, reason: str, agent: str, **_options: Any) -> None:  # noqa: ANN401  Django's signature
        now = timezone.now()
        actor = Actor(role=Role.SYSTEM, at=now, space_id=space_id)
        try:
            closure = services.close_space(
                actor=actor, space_id=space_id, reason=_REASONS(reason), at=now, agent=f"operator:{agent}"[:64]
            )
        except services.SpaceNotFoundError as error:
            message = f"no space {space_id}"
            raise CommandError(message) from error
        self.stdout.write(f"{closure.reference} {closure.closed_at:%Y-%m-%dT%H:%M:%S%z} {closure.reason.value}")
