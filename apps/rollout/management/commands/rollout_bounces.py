"""`manage.py rollout_bounces`: reads the mails that came back, as the job does every minute."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.rollout.gateways.bounces import BounceBox
from apps.rollout.jobs.returns import Effect, read_bounces


class Command(BaseCommand):
    help = (
        "Read the mails that came back to the sender's address (Maildir ENS_BOUNCES_DIR); letters follow by themselves."
    )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002  Django's own signature
        """One line with the counts."""
        counts = read_bounces(box=BounceBox(settings.BOUNCES_DIR), at=timezone.now())
        self.stdout.write(" ".join(f"{effect.value}={counts[effect]}" for effect in Effect))
