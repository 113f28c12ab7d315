"""`manage.py dmp_deposit FILE --ins NUMBER`: file a CDA document in the space of one person."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation

from apps.access import SYSTEM, Rights
from apps.dmp import services
from apps.dmp.refusals import deposit_refusal_words
from apps.spaces.models import HealthSpace

INS_LENGTH = 13
LANGUAGE = "fr"


class Command(BaseCommand):
    """Uses the same door as professionals (DMP-83).

    Exit 0 with the id, or 1 with one line that says why it is refused.
    """

    help = "Deposits a CDA document in the open space of the person with this INS number."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--ins", required=True, help="number of 13 characters, with or without its key")

    def handle(self, *_args: object, file: Path, ins: str, **_options: object) -> None:
        number = "".join(ins.split()).upper()[:INS_LENGTH]
        space = (
            HealthSpace.objects.filter(
                identity__ins_number=number,
                identity__authority__in=settings.INS_AUTHORITIES,
                status=HealthSpace.Status.OPEN,
            )
            .order_by("pk")
            .first()
        )
        if space is None:
            msg = "There is no open space with this number."
            raise CommandError(msg)
        now = timezone.now()
        actor = replace(SYSTEM, at=now, space_id=space.id, rights=Rights(space_open=True))
        try:
            row = services.deposit_document(actor=actor, deposit=services.Deposit(data=file.read_bytes()), at=now)
        except services.DepositRefusedError as error:
            with translation.override(LANGUAGE):
                self.stderr.write(deposit_refusal_words(error.refusal))
            sys.exit(1)
        except OSError as error:
            msg = f"The file cannot be read: {error.strerror}"
            raise CommandError(msg) from error
        self.stdout.write(f"document {row.id}")
