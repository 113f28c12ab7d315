"""`manage.py audit_verify`: proves the trail; the last line counts, exit 1 when anything is wrong (SEC-13)."""

from __future__ import annotations

import sys

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.audit.heads import UnreadableHeadsError
from apps.audit.verification import Proof, faults

SHOWN = 100


class Command(BaseCommand):
    help = "Verify every seal, every chain and every exported head. Each fault is one line that names the line."

    def handle(self, *_args: object, **_options: object) -> None:
        proof, count = Proof(), 0
        try:
            for count, fault in enumerate(faults(proof=proof, at=timezone.now()), start=1):
                if count <= SHOWN:
                    self.stdout.write(str(fault))
        except UnreadableHeadsError as error:
            msg = f"The file {error} of the exported heads holds what no sealer wrote."
            raise CommandError(msg) from error
        self.stdout.write(
            f"lines={proof.lines} chains={proof.chains} checkpoints={proof.checkpoints} heads={proof.heads} "
            f"faults={count}"
        )
        if count:
            sys.exit(1)
