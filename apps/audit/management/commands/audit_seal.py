"""`manage.py audit_seal`: seals every line that waits, as the task does every ten seconds."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.audit import jobs
from apps.audit.heads import HeadsAheadError


class Command(BaseCommand):
    help = "Seal the lines of the trail that wait and export the heads of the chains."

    def handle(self, *_args: object, **_options: object) -> None:
        lines = 0
        try:
            while (done := jobs.seal(at=timezone.now())).more:
                lines += done.lines
        except HeadsAheadError as error:
            msg = f"The exported heads know checkpoint {error}, the database does not: run audit_verify."
            raise CommandError(msg) from error
        if done.busy:
            msg = "Another sealer is at work."
            raise CommandError(msg)
        self.stdout.write(f"sealed={lines + done.lines}")
