"""Children of the demonstration: logs, ends, last words."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ens_portal.engines.layout import PROJECT
from ens_portal.supervisor import plan
from ens_portal.supervisor.children import ChildSpec
from ens_portal.supervisor.errors import DemonstrationError
from ens_portal.supervisor.ports import Ports
from ens_portal.supervisor.watch import is_ready, refuse_dead
from tests.ens_portal.test_engines import is_process, wait_until


def spec(code: str) -> ChildSpec:
    return ChildSpec(name="sample", command=(sys.executable, "-c", code), process_kind="worker")


def test_output_goes_to_a_log_of_its_own_and_the_one_before_is_kept(tmp_path):
    for word in ("first", "second"):
        child = spec(f"print('{word}')").start(environment=dict(os.environ), logs=tmp_path)
        child.process.wait()
    assert (tmp_path / "sample.log").read_text(encoding="utf-8") == "second\n"
    assert (tmp_path / "sample.log.1").read_text(encoding="utf-8") == "first\n"


def test_a_dead_child_is_reported_with_its_last_twenty_lines(tmp_path):
    child = spec("for n in range(30): print('line', n)\nraise SystemExit(3)").start(
        environment=dict(os.environ), logs=tmp_path
    )
    child.process.wait()
    with pytest.raises(DemonstrationError) as death:
        refuse_dead([child])
    head, *lines = str(death.value).splitlines()
    assert head == f"sample ended with code 3. Last lines of {child.log}:"
    assert lines == [f"line {number}" for number in range(10, 30)]


def test_stop_ends_the_child_and_what_it_started(tmp_path):
    code = "import subprocess, time; print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"
    child = spec(code).start(environment=dict(os.environ), logs=tmp_path)
    wait_until(lambda: child.log.read_text(encoding="utf-8").endswith("\n"))
    grandchild = int(child.log.read_text(encoding="utf-8"))

    child.stop()

    assert not child.is_alive
    wait_until(lambda: not is_process(grandchild))


def test_a_child_ends_with_a_supervisor_that_is_killed(tmp_path):
    code = (
        "import os, sys, time; from pathlib import Path; from ens_portal.supervisor.children import ChildSpec\n"
        "child = ChildSpec(name='sample', command=('sleep', '60'), process_kind='worker')"
        ".start(environment=dict(os.environ), logs=Path(sys.argv[1]))\n"
        "print(child.process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as supervisor:
        assert supervisor.stdout is not None
        child = int(supervisor.stdout.readline())
        assert is_process(child)
        supervisor.send_signal(signal.SIGKILL)
        wait_until(lambda: not is_process(child))


def test_pages_start_before_what_carries_on_and_queues_are_shared_out():
    children = [*plan.front(Ports(web=8000, franceconnect=8001)), *plan.back(Path("/srv/ens"))]
    simulators = ["franceconnect", "mailbox", "mssante_operator", "candidate_site"]
    assert [child.name for child in children] == [*simulators, "web", "worker", "worker-review", "door", "beat"]
    by_name = {child.name: " ".join(child.command) for child in children}
    assert "--queues default,mail,scan --concurrency 2 --pool prefork" in by_name["worker"]
    assert "--queues review --concurrency 1" in by_name["worker-review"]
    assert "--host 127.0.0.1 --port 8000 --workers 2 --blocking-threads 4" in by_name["web"]
    assert {child.name: child.process_kind for child in children}["web"] == "web"


def test_nothing_at_the_port_is_not_ready():
    start = time.monotonic()
    assert not is_ready(Ports(web=1, franceconnect=2))
    assert time.monotonic() - start < 5
