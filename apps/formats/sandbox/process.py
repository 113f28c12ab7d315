"""One child for one file: started with nothing, killed at its limits, at most a few at a time (SEC-11)."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import IO, Any

from apps.formats.sandbox.frames import READY, FrameError, Message, receive, send
from apps.formats.sandbox.isolation import wrapper
from apps.formats.sandbox.refusal import DecoderLostError, Reason, RefusedFileError

ROOT = Path(__file__).resolve().parents[3]
WALL_SECONDS = 60.0  # the child's own limit is 30 s of processor
GRACE = 1.0  # between the end of what a child says and its own end
CHILDREN = 2  # at a time in one process of the portal
# `-I` leaves out the working folder and the environment: the child is told where the code of the portal lies.
_START = "import sys, runpy; sys.path.insert(0, sys.argv[1]); runpy.run_module(sys.argv[2], run_name='__main__')"
_INSIDE = "apps.formats.sandbox.inside."

# A service that stops, a terminal that closes, a machine without memory: no fault of the file.
_FROM_OUTSIDE = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL})

_slots = threading.BoundedSemaphore(CHILDREN)


def ask(
    worker: str, facts: dict[str, Any], data: bytes, *, seconds: float | None = None, package: str = _INSIDE
) -> Generator[Message]:
    """Answers of a child that runs `inside.<worker>` on the bytes, one by one; close the iterator to end it early.

    Raises `RefusedFileError` when the child refuses the file or does not come to an end: it is killed, and what it
    answered before stands. Raises `DecoderLostError` when something else than the portal and the file ended it.
    """
    with _slots:
        child = _started(package + worker)
        killed = threading.Event()
        timer = threading.Timer(WALL_SECONDS if seconds is None else seconds, _kill, [child, killed])
        timer.daemon = True
        timer.start()
        try:
            yield from _conversation(child, Message(facts=facts, payloads=(data,)), killed)
        finally:
            timer.cancel()
            _end(child)


def _started(module: str) -> subprocess.Popen[bytes]:
    command = [*wrapper(), sys.executable, "-I", "-B", "-c", _START, str(ROOT), module]
    return subprocess.Popen(  # noqa: S603  fixed words, no shell
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/"
    )


def _conversation(child: subprocess.Popen[bytes], request: Message, killed: threading.Event) -> Iterator[Message]:
    is_ready = False
    try:
        send(_pipe(child.stdin), request)
        while True:
            answer = receive(_pipe(child.stdout))
            if READY in answer.facts:
                is_ready = True
                continue
            if "end" in answer.facts:
                return
            if "refused" in answer.facts:
                raise RefusedFileError(_reason(answer.facts["refused"]))
            yield answer
    except (FrameError, BrokenPipeError) as error:
        raise _why_it_ended(child, killed, is_ready=is_ready) from error


def _why_it_ended(
    child: subprocess.Popen[bytes], killed: threading.Event, *, is_ready: bool
) -> RefusedFileError | DecoderLostError:
    """A child that was not ready has seen nothing of the file: a signal that finds Python starting leaves no trace."""
    try:
        code = child.wait(GRACE)
    except subprocess.TimeoutExpired:  # it sent nonsense and still runs
        return RefusedFileError(Reason.DAMAGED)
    if killed.is_set() or code == -signal.SIGXCPU:
        return RefusedFileError(Reason.TOO_SLOW)
    return DecoderLostError() if -code in _FROM_OUTSIDE or not is_ready else RefusedFileError(Reason.DAMAGED)


def _reason(word: object) -> Reason:
    return next((reason for reason in Reason if reason.value == word), Reason.DAMAGED)


def _kill(child: subprocess.Popen[bytes], killed: threading.Event) -> None:
    killed.set()
    child.kill()


def _end(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:  # what was still to be sent has no reader any more
                continue


def _pipe(pipe: IO[bytes] | None) -> Any:  # noqa: ANN401  BinaryIO, which IO[bytes] is not to mypy
    return pipe
