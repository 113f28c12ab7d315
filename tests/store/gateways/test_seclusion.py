from __future__ import annotations

import subprocess
import sys

import pytest

from apps.store.gateways.web import seclusion

ASK = """
import os, socket
print(len(socket.if_nameindex()), len([name for name in os.listdir("/proc") if name.isdigit()]))
"""


@pytest.fixture
def fresh():
    seclusion.wrapper.cache_clear()
    yield
    seclusion.wrapper.cache_clear()


def test_sto_112_only_its_own_network_and_processes(fresh):
    """Machines that allow no namespace have an empty wrapper, and the other walls."""
    command = [*seclusion.wrapper(), sys.executable, "-c", ASK]

    interfaces, processes = map(int, subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())

    if "--net" in command:
        assert interfaces == 1
    if "--mount-proc" in command:
        assert processes == 1


def test_without_the_tool_there_is_no_wrapper(fresh, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")

    assert seclusion.wrapper() == ()


@pytest.mark.parametrize("first", [0, 1])
def test_the_strictest_that_works_is_taken(fresh, tmp_path, monkeypatch, first):
    """A machine that allows networks of their own, and no processes of their own."""
    tool = tmp_path / "unshare"
    refusal = 'case "$*" in *--pid*) exit 1;; esac\n' if first else ""
    tool.write_text(f"#!/bin/sh\n{refusal}exit 0\n", encoding="utf-8")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    assert ("--pid" in seclusion.wrapper()) is (first == 0)
    assert seclusion.wrapper()[0] == str(tool)
    assert "--net" in seclusion.wrapper()
