"""`rollout_rehearse --population N`: a whole pilot on an empty database, with time as an argument (decisions 32)."""

from __future__ import annotations

import tempfile
from os import cpu_count
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.models import InsIdentity
from apps.rollout.rehearsal import promises, reconciling
from apps.rollout.rehearsal.days import Rehearsal
from apps.rollout.rehearsal.plans import Plan


class Command(BaseCommand):
    help = "Rehearse the roll-out of a pilot; the last line is 'reconciliation: ok', or the differences stand there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--population", type=int, default=1_000, help="lines of the first file")
        parser.add_argument("--days", type=int, default=60, help="days from the first notices on")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same figures")
        parser.add_argument("--letters", type=int, default=0, help="how many letters are really printed")
        parser.add_argument(
            "--mails", choices=("real", "counting"), default="counting", help="whether mails are really made"
        )
        parser.add_argument("--cores", type=int, default=cpu_count() or 1, help="processes and connections at work")

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401  Django's signature
        if settings.ENS_ENV == "production":
            msg = "A rehearsal invents people: it never runs in production."
            raise CommandError(msg)
        if InsIdentity.objects.exists():
            msg = "This database has people already. 'make rehearse' makes an empty one, and throws it away at the end."
            raise CommandError(msg)
        plan = Plan(
            population=options["population"],
            days=options["days"],
            seed=options["seed"],
            letters=options["letters"],
            makes_mails=options["mails"] == "real",
            cores=max(options["cores"], 1),
        )
        with tempfile.TemporaryDirectory() as folder:
            rehearsal = Rehearsal(plan, folder=Path(folder), says=self.stderr.write)
            rehearsal.run()
        for name, number in reconciling.figures(rehearsal.tally):
            self.stdout.write(f"{name}: {number}")
        self._reconcile(rehearsal)

    def _reconcile(self, rehearsal: Rehearsal) -> None:
        found = [*reconciling.differences(rehearsal.tally), *promises.broken(rehearsal.plan, rehearsal.told)]
        for line in found:
            self.stdout.write(line)
        if found:
            msg = f"{len(found)} differences"
            raise CommandError(msg)
        self.stdout.write("reconciliation: ok")
