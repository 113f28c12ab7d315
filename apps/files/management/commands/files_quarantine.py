"""`files_quarantine`: one line for each file that nobody may read and that waits for an operator (REL-23)."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from apps.access import SYSTEM
from apps.files import services


class Command(BaseCommand):
    help = "List the files in quarantine: vault, file, state, reason, received, size, tries."

    def handle(self, *_args: Any, **_options: Any) -> None:  # noqa: ANN401  Django's signature
        count = 0
        for file in services.in_quarantine(actor=SYSTEM).iterator(chunk_size=1000):
            received = file.received_at.isoformat(timespec="seconds")
            reason = file.finding if file.is_blocked else file.problem
            self.stdout.write(
                f"{file.vault_id} {file.id} {file.state} {reason!r} {received} {file.size} {file.attempts}"
            )
            count += 1
        self.stdout.write(f"count={count}")
