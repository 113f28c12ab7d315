"""`directory_import FILE [--force]`: an extract of the national directories (docs/domain/roll-out.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.directory import registers, services
from apps.directory.management.wording import import_error


class Command(BaseCommand):
    help = "Import an extract of RPPS (activities, diplomas, skills) or FINESS; the last line counts its lines."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="import even when many professionals are gone")

    def handle(self, *_args: Any, file: Path, force: bool, **_options: Any) -> None:  # noqa: ANN401  Django's signature
        try:
            with file.open("rb") as source:
                extract = services.Extract(source=source, name=file.name)
                counts = registers.import_extract(extract=extract, at=timezone.now(), force=force)
        except (OSError, *services.IMPORT_ERRORS) as error:
            raise CommandError(import_error(error)) from error
        for fault, lines in counts.faults:
            self.stdout.write(f"refused {fault} {lines}")
        self.stdout.write(counts.line())
