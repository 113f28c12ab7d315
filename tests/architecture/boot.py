"""Reads the settings under many environments, each in a fork of one process that has the libraries loaded.

Run as `python -m tests.architecture.boot`: environments as a JSON list on standard input, outcomes on standard output.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path

import csp.constants
import psycopg.conninfo
import structlog

import ens_portal.engines  # loads no settings, but the libraries beside them

LOADED = (csp.constants, psycopg.conninfo, structlog, ens_portal.engines)


def outcomes(environments: list[dict[str, str]]) -> Iterator[str]:
    """The last line of the error, or `started` with three settings."""
    for environment in environments:
        with tempfile.NamedTemporaryFile() as answer:
            child = os.fork()
            if child == 0:
                os.environ.clear()
                os.environ.update(environment)
                Path(answer.name).write_text(start(), encoding="utf-8")
                os._exit(0)
            os.waitpid(child, 0)
            yield Path(answer.name).read_text(encoding="utf-8")


def start() -> str:
    try:
        import ens_portal.settings as read  # noqa: PLC0415  this import is what is tried
    except Exception:  # noqa: BLE001  whatever stops the start is the answer
        return traceback.format_exc().strip().splitlines()[-1]
    return f"started {read.ENS_ENV} {read.SESSION_COOKIE_NAME} {read.DEBUG}"


if __name__ == "__main__":
    json.dump(list(outcomes(json.load(sys.stdin))), sys.stdout)
