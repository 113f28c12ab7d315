"""A page as a browser shows it before anybody clicks, by a Chromium that has no network of its own (STO-93, STO-112).

The child process drives Chromium and asks its parent for every address; the parent asks the web through the guard. What
the page asked for is therefore known here, whatever runs in the page.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.util import find_spec
from os import kill, killpg
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from apps.formats.sandbox.frames import FrameError, Message, receive, send
from apps.store.gateways.web.base import Reason, UnreachableError, Visit, Web, make_web
from apps.store.gateways.web.client import GuardedWeb
from apps.store.gateways.web.deadlines import Deadline
from apps.store.gateways.web.seclusion import wrapper
from apps.store.gateways.web.supply import Supply

CHROMIUM = Path("/usr/bin/chromium")
SECONDS = 30.0
_ROOT = Path(__file__).resolve().parents[4]
_PACKAGES = ("playwright", "axe_playwright_python")  # of the development group: absent where nobody installed them
# `-I` leaves out the working folder and the environment: the child is told where the code of the portal lies.
_START = "import sys, runpy; sys.path.insert(0, sys.argv[1]); runpy.run_module(sys.argv[2], run_name='__main__')"
_MODULE = "apps.store.gateways.web.browsing"
_AT_ONCE = 6  # what browsers ask for at the same time of one host
_MOST = 200  # cookies and rules that are believed


class ChromiumBrowser:
    """One Chromium for one page: new profile, no downloads, ended as a whole after 30 seconds."""

    def __init__(self, *, web: GuardedWeb, chromium: Path = CHROMIUM, seconds: float = SECONDS) -> None:
        self._web = web
        self._chromium = chromium
        self._seconds = seconds

    def visit(self, url: str) -> Visit:
        """Raises what `Web.get` raises for the page; `UnreachableError` (`timeout`, `broken`) for the browser too."""
        deadline = Deadline(seconds=self._seconds)
        supply = Supply(web=self._web, page=self._web.ask(url), deadline=deadline)
        with TemporaryDirectory(prefix="ens-browser-") as home, _child(home, deadline) as child:
            report = _converse(child, supply, chromium=self._chromium, home=home)
        if "failed" in report:
            raise UnreachableError(Reason.BROKEN, "browser")
        return Visit(
            url=supply.url,
            status=supply.page.answer.status,
            requests=supply.requests,
            refused=supply.refused,
            cookies=_cookies(report.get("cookies")),
            violations=_violations(report.get("violations")),
        )


def find_browser(*, web: Web | None = None) -> ChromiumBrowser | None:
    """None where Chromium or what drives it is not installed: the checks that want it are skipped."""
    is_there = CHROMIUM.is_file() and all(find_spec(name) is not None for name in _PACKAGES)
    made = web or make_web()
    return ChromiumBrowser(web=made) if is_there and isinstance(made, GuardedWeb) else None


@contextmanager
def _child(home: str, deadline: Deadline) -> Iterator[subprocess.Popen[bytes]]:
    """The child and all its processes; none of them is left afterwards."""
    command = [*wrapper(), sys.executable, "-I", "-B", "-c", _START, str(_ROOT), _MODULE]
    child = subprocess.Popen(  # noqa: S603  fixed words, no shell
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"HOME": home, "TMPDIR": home, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        cwd=home,
        start_new_session=True,
    )
    timer = threading.Timer(deadline.left(), _kill, [child])
    timer.daemon = True
    timer.start()
    try:
        yield child
    finally:
        timer.cancel()
        _kill(child)
        child.wait()
        for pipe in (child.stdin, child.stdout):
            _close(pipe)


def _converse(child: subprocess.Popen[bytes], supply: Supply, *, chromium: Path, home: str) -> Mapping[str, Any]:
    """Answer what the child asks for until it reports."""
    writing = threading.Lock()
    stdin, stdout = _pipe(child.stdin), _pipe(child.stdout)

    def say(message: Message) -> None:
        with writing:
            send(stdin, message)

    def answer(question: Mapping[str, Any]) -> None:
        try:
            say(supply.answer(question))
        except (BrokenPipeError, ValueError):  # the child has ended, its pipe is closed: nobody waits for this any more
            return

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            say(Message(facts={"url": supply.url, "chromium": str(chromium), "home": home}))
            while "report" not in (facts := receive(stdout).facts):
                pool.submit(answer, facts)
        except (FrameError, BrokenPipeError) as error:
            supply.deadline.left()
            raise UnreachableError(Reason.BROKEN, "browser") from error
        finally:
            supply.close()
            pool.shutdown(wait=False, cancel_futures=True)
    report: Mapping[str, Any] = facts["report"]
    return report


def _cookies(found: object) -> tuple[tuple[str, str], ...]:
    pairs = found if isinstance(found, list) else []
    return tuple(sorted({(str(host)[:253], str(name)[:200]) for host, name in pairs[:_MOST]}))


def _violations(found: object) -> Mapping[str, int] | None:
    """Rules of axe and how often they are broken; anything else that a page made of them is left out."""
    if not isinstance(found, dict):
        return None
    return {str(rule)[:80]: count for rule, count in list(found.items())[:_MOST] if type(count) is int and count > 0}


def _kill(child: subprocess.Popen[bytes]) -> None:
    """The first process of a namespace takes the others with it, and its parent waits for that: it is killed alone."""
    if child.poll() is not None:
        return
    firsts = _children_of(child.pid) if "--fork" in wrapper() else ()
    for pid in firsts:
        kill(pid, signal.SIGKILL)
    if not firsts:
        killpg(child.pid, signal.SIGKILL)


def _children_of(pid: int) -> tuple[int, ...]:
    try:
        return tuple(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()))
    except OSError:
        return ()


def _close(pipe: Any) -> None:  # noqa: ANN401
    try:
        pipe.close()
    except BrokenPipeError:  # what was still to be sent has no reader any more
        return


def _pipe(pipe: Any) -> Any:  # noqa: ANN401  BinaryIO, which IO[bytes] is not to mypy
    return pipe
