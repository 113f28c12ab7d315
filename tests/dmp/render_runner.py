"""Runs `dmp_render` once per file in a forked child and reports what each run did; started by test_dmp_render.

Prints one JSON object: file -> exit code, both streams, seconds, peak memory in kB, paths opened, forbidden events.
A fork per file keeps the measures apart without paying for the start of Django 80 times.
"""

from __future__ import annotations

import io
import json
import os
import pickle
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ens_portal.settings.test")

import django
from django.core.management import call_command, load_command_class
from django.db import connections

FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.remove", "os.rename", "os.mkdir")


def is_locked_child(command: object) -> bool:
    """The decoder of pictures and PDF (SEC-11), or the question whether it may have a name space."""
    words = [str(word) for word in command] if isinstance(command, list | tuple) else []
    return bool(words) and (words[-1].startswith("apps.formats.sandbox.inside.") or words[-1].endswith("/true"))


def run(path: str) -> dict[str, object]:
    """Render one file in this process."""
    opened: list[str] = []
    events: list[str] = []

    def hook(event: str, args: tuple[object, ...]) -> None:
        if event == "open" and not (isinstance(args[0], int) or args[0] == os.devnull):  # pipes of a child
            opened.append(f"{args[0]!s} {args[1]!s}")
        elif event.startswith(FORBIDDEN) and not (event == "subprocess.Popen" and is_locked_child(args[1])):
            events.append(event)

    sys.addaudithook(hook)
    out, error = io.StringIO(), io.StringIO()
    code, before = 0, time.perf_counter()
    try:
        call_command("dmp_render", path, stdout=out, stderr=error)
    except SystemExit as stop:
        code = int(stop.code or 0)
    return {
        "code": code,
        "out": out.getvalue(),
        "error": error.getvalue(),
        "seconds": time.perf_counter() - before,
        "opened": opened,
        "events": events,
        "connected": [item.alias for item in connections.all() if item.connection is not None],
    }


def forked(path: str) -> dict[str, object]:
    """Render one file in a child and add its peak memory."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(run(path), pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        data = pipe.read()
    _pid, _status, usage = os.wait4(child, 0)
    return {**pickle.loads(data), "peak": usage.ru_maxrss}  # noqa: S301  written by our own child


if __name__ == "__main__":
    django.setup()
    load_command_class("apps.dmp", "dmp_render")  # imports once, before the forks
    sys.stdout.write(json.dumps({path: forked(path) for path in sys.argv[1:]}))
