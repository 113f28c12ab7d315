"""The operator as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import httpx
import pytest

from tests.simulators.process import ROOT, free_port

COMMAND = [sys.executable, "-m", "simulators.mssante_operator"]


def environment(state, **more):
    ports = {"ENS_MSS_OPERATOR_PORT": str(free_port()), "ENS_MSS_OPERATOR_SMTP_PORT": str(free_port())}
    return {**os.environ, "ENS_STATE_DIR": str(state), "ENS_HTTP_PORT": "8000", **ports, **more}


def get(environ):
    return httpx.get(f"http://127.0.0.1:{environ['ENS_MSS_OPERATOR_PORT']}/", trust_env=False)


@pytest.fixture
def running(tmp_path):
    environ = environment(tmp_path)
    process = subprocess.Popen(COMMAND, cwd=ROOT, env=environ, stderr=subprocess.DEVNULL)
    for _ in range(200):
        try:
            get(environ)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            break
    yield environ
    process.terminate()
    assert process.wait(timeout=10) == 0


def test_it_serves_pages_and_mail_and_ends_in_order(running, tmp_path):
    assert "anne.lefort@pro.mssante.example" in get(running).text
    assert (tmp_path / "certificates" / "operator.pem").is_file()


def test_a_port_in_use_ends_with_its_name(running):
    done = subprocess.run(COMMAND, cwd=ROOT, env=running, capture_output=True, text=True, timeout=20, check=False)

    assert done.returncode == 1
    assert "Address already in use" in done.stderr


def test_a_variable_that_is_no_number_is_named(tmp_path):
    environ = environment(tmp_path, ENS_SMTP_PORT="mail")

    done = subprocess.run(COMMAND, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=20, check=False)

    assert (done.returncode, done.stderr) == (2, "mssante_operator ENS_SMTP_PORT must be a number, not 'mail'\n")
