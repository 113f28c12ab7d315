#!/usr/bin/env python
"""Command line of the portal; outside production it joins the engines of this checkout or starts them."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

from ens_portal.engines.commands import engines_for
from ens_portal.engines.process import EngineError


def main() -> None:
    """Run one management command, between start and stop of the engines where it needs them (docs/running.md)."""
    os.environ.setdefault("ENS_ENV", "demo")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ens_portal.settings")
    try:
        with engines_for(sys.argv[1:]):
            execute_from_command_line(sys.argv)
    except EngineError as error:
        sys.exit(f"The engines are not there: {error}")


if __name__ == "__main__":
    main()
