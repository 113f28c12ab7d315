"""`directory_import FILE [--kind trusted-domains] [--force]`: an extract of the directories, or the white list.

Shapes: docs/domain/roll-out.md, docs/domain/mss.md.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.directory import registers, services
from apps.directory.management.wording import import_error, trust_error
from apps.directory.services import Imported
from apps.directory.trust_list import TrustListError
from apps.directory.trusting import import_trusted_domains

EXTRACT, TRUSTED_DOMAINS = "extract", "trusted-domains"


class Command(BaseCommand):
    help = (
        "Import an extract of RPPS (activities, diplomas, skills) or FINESS, or, by --kind trusted-domains, the white "
        "list of the trust space MSSanté; the last line counts its lines."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        # Never guessed: whoever is believed at the door of the mailbox is nothing that a wrong file may decide.
        parser.add_argument("--kind", choices=(EXTRACT, TRUSTED_DOMAINS), default=EXTRACT)
        parser.add_argument("--force", action="store_true", help="import even when much is gone")

    def handle(self, *_args: Any, file: Path, kind: str, force: bool, **_options: Any) -> None:  # noqa: ANN401  Django's signature
        try:
            counts = _import(file, kind, at=timezone.now(), force=force)
        except TrustListError as error:
            raise CommandError(trust_error(error)) from error
        except (OSError, *services.IMPORT_ERRORS) as error:
            raise CommandError(import_error(error)) from error
        for fault, lines in counts.faults:
            self.stdout.write(f"refused {fault} {lines}")
        self.stdout.write(counts.line())


def _import(file: Path, kind: str, *, at: datetime, force: bool) -> Imported:
    with file.open("rb") as source:
        if kind == TRUSTED_DOMAINS:
            return import_trusted_domains(source=source, at=at, force=force)
        return registers.import_extract(extract=services.Extract(source=source, name=file.name), at=at, force=force)
