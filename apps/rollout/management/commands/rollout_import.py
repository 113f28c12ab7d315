"""`rollout_import FILE [--dry-run] [--report CSV]`: the eligibility file of the insurer (docs/domain/roll-out.md)."""

from __future__ import annotations

from contextlib import ExitStack
from os import cpu_count
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.rollout import services
from apps.rollout.jobs.importing import Means
from apps.rollout.management.wording import Ticker, import_error


class Command(BaseCommand):
    help = "Import an eligibility file; the last line counts its lines."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check and count, write nothing")
        parser.add_argument("--cores", type=int, default=cpu_count() or 1, help="processes and connections at work")
        parser.add_argument("--report", type=Path, help="CSV file for the findings, one a line")

    def handle(self, *_args: Any, file: Path, **options: Any) -> None:  # noqa: ANN401
        report: Path | None = options["report"]
        cores = max(options["cores"], 1)
        ticker = Ticker(self.stderr.write, clock=monotonic, now=timezone.now)
        means = Means(processes=cores, lanes=cores, progress=ticker)
        try:
            with ExitStack() as opened:
                source = services.EligibilityFile(source=opened.enter_context(file.open("rb")), name=file.name)
                handle = opened.enter_context(report.open("w", encoding="utf-8", newline="")) if report else None
                counts = services.import_file(
                    file=source, at=timezone.now(), report=handle, dry_run=options["dry_run"], means=means
                )
        except (OSError, *services.IMPORT_ERRORS) as error:
            raise CommandError(import_error(error)) from error
        for code, severity, lines in counts.kinds:
            self.stdout.write(f"{severity} {code} {lines}")
        self.stdout.write(counts.line())
