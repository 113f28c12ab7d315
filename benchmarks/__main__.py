"""`python -m benchmarks [--people N] [--notices N] [--visits N] [--extract N] [--lines N] [--dossiers N] [--found N]
[--no-misses] [--no-door] [--no-filing] [--no-inbox] [--no-documents]`: import and opening of invented people, notices
for them, pages of opposition during an opening of N people, misses of codes, import of an extract of the directory, the
door of the mailbox, the filing of what it took, the list of a full box, rendering of documents, finding them among N,
dossiers of the store, then sealing and proving of lines of the trail, on engines of their own. 0 leaves a part out.

Prints rows a second and two ratios: to a plain COPY of the same lines into one table (the floor), and to making the
same rows one by one through the ORM.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import date
from importlib import import_module
from pathlib import Path

import django

from ens_portal.engines.session import engines
from ens_portal.engines.urls import urls_of

ROOT = Path(__file__).resolve().parents[1]
# Parts that need nothing but the engines.
PLAIN = {
    "misses": "benchmarks.opposition",
    "door": "benchmarks.door",
    "filing": "benchmarks.filing",
    "documents": "benchmarks.documents",
}
TODAY = date(2026, 1, 1)  # fixed, so that every run has the same people


def main() -> None:
    """Start the engines in a folder that is thrown away, migrate, measure, print."""
    parser = argparse.ArgumentParser(prog="benchmarks", description="Measures of imports, opening, documents, trail.")
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--notices", type=int, default=100_000)
    parser.add_argument("--visits", type=int, default=100_000)
    parser.add_argument("--extract", type=int, default=200_000)
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--dossiers", type=int, default=10_000)
    parser.add_argument("--found", type=int, default=200_000)
    for part in (*PLAIN, "inbox"):
        parser.add_argument(f"--{part}", action=argparse.BooleanOptionalAction, default=True)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ens-bench-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)  # the engines may run under another account
        with engines(Path(folder) / "state") as layout:
            _use({**urls_of(layout).environment(), "ENS_STATE_DIR": str(Path(folder) / "portal")})
            if wanted.people:
                _rollout(Path(folder) / "people.csv", wanted.people)
            if wanted.notices:
                _notices(Path(folder) / "notices.csv", wanted.notices)
            if wanted.visits:
                _visits(Path(folder), wanted.visits)
            _plain(wanted, "misses")
            if wanted.extract:
                _print(import_module("benchmarks.directory").measure(Path(folder), wanted.extract))
            _plain(wanted, "door", "filing", "documents")
            if wanted.inbox:
                _print(import_module("benchmarks.inbox").measure(Path(folder) / "portal"))
            _counted(wanted.found, "benchmarks.finding")
            _counted(wanted.dossiers, "benchmarks.store")
            _counted(wanted.lines, "benchmarks.audit")


def _plain(wanted: argparse.Namespace, *parts: str) -> None:
    for part in parts:
        if getattr(wanted, part):
            _print(import_module(PLAIN[part]).measure())


def _counted(number: int, module: str) -> None:
    if number:
        _print(import_module(module).measure(number))


def _rollout(file: Path, people: int) -> None:
    measures = import_module("benchmarks.rollout")  # reads models: Django must be set up before
    measures.write_people(path=file, people=people, today=TODAY)
    _print(measures.measure(file))


def _notices(file: Path, people: int) -> None:
    import_module("benchmarks.rollout").write_people(path=file, people=people, today=TODAY)
    _print(import_module("benchmarks.notices").measure(file))


def _visits(folder: Path, people: int) -> None:
    file = folder / "visits.csv"
    import_module("benchmarks.rollout").write_people(path=file, people=people, today=TODAY)
    _print(import_module("benchmarks.pages").measure(file=file, folder=folder))


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


def _use(addresses: dict[str, str]) -> None:
    os.environ.update({**addresses, "ENS_ENV": "demo", "DJANGO_SETTINGS_MODULE": "ens_portal.settings"})
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, check=True)
    django.setup()


if __name__ == "__main__":
    main()
