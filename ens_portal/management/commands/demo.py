"""`manage.py demo`: the whole portal on this machine, with engines, data and a simulated outside world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management import BaseCommand, CommandError, get_commands
from rich.console import Console

from ens_portal.engines.layout import layout_of, state_directory
from ens_portal.engines.process import EngineError
from ens_portal.supervisor.demonstration import Demonstration
from ens_portal.supervisor.errors import DemonstrationError
from ens_portal.supervisor.reset import reset

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Start the demonstration: engines, tables, data, web server, workers and simulators; Ctrl-C stops all."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="throw away the stored data instead of starting")

    def handle(self, *_args: str, **options: Any) -> None:  # noqa: ANN401 - Django's signature
        state = state_directory()
        try:
            if options["reset"]:
                reset(layout_of(state))
                self.stdout.write(f"{state} is empty: the next start loads the data again.")
                return
            Demonstration(state=state, console=Console(), commands=frozenset(get_commands())).run()
        except (DemonstrationError, EngineError) as error:
            raise CommandError(str(error)) from error
