"""`manage.py audit_reconcile`: every reading of a content has its line in the trail; exit 1 when one is missing."""

from __future__ import annotations

import sys

from django.core.management.base import BaseCommand

from apps.journeys.reconciliation import unexplained_readings


class Command(BaseCommand):
    help = "Compare the readings counted at the files' door with the lines of the trail, space by space (SEC-13)."

    def handle(self, *_args: object, **_options: object) -> None:
        missing = 0
        for found in unexplained_readings():
            self.stdout.write(f"space={found.space_id} read={found.read} lines={found.lines}")
            missing += found.missing
        self.stdout.write(f"missing={missing}")
        if missing:
            sys.exit(1)
