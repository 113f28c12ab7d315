"""`manage.py check_invariants`: runs every check of every app; the last line is the number of broken rows."""

from __future__ import annotations

import sys

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.common.invariants import findings


class Command(BaseCommand):
    help = "Print each invariant with the number of rows that break it, then their sum; exit 1 unless it is 0."

    def handle(self, *_args: object, **_options: object) -> None:
        total = 0
        for finding in findings(at=timezone.now()):
            self.stdout.write(f"{finding.name} {finding.count}")
            total += finding.count
        self.stdout.write(str(total))
        if total:
            sys.exit(1)
