"""What stops the demonstration before anything is started, and what it forgets on demand."""

from __future__ import annotations

import os
import signal
import socket

import pytest
from rich.console import Console

from ens_portal.engines import locks
from ens_portal.engines.layout import layout_of
from ens_portal.supervisor.demonstration import ENDING, Demonstration
from ens_portal.supervisor.errors import DemonstrationError
from ens_portal.supervisor.reset import reset
from ens_portal.supervisor.steps import STATIC_SOURCES, Steps, fingerprint


@pytest.fixture
def demonstration(state, clean_environment):
    handlers = {number: signal.getsignal(number) for number in ENDING}
    yield Demonstration(state=state, console=Console(quiet=True), commands=frozenset())
    for number, handler in handlers.items():
        signal.signal(number, handler)


def test_a_taken_port_stops_it_before_anything_starts(demonstration, state, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setenv("ENS_HTTP_PORT", str(port))
        with pytest.raises(DemonstrationError, match=f"Port {port} is taken"):
            demonstration.run()
    assert not layout_of(state).postgres_data.exists()


def test_a_second_start_of_the_same_checkout_names_the_address_of_the_first(demonstration, state):
    with locks.opened(state / "demo.lock") as lock:
        assert locks.try_exclusive(lock)
        (state / "demo.lock").write_text("http://localhost:8000", encoding="ascii")
        with pytest.raises(DemonstrationError, match="already runs: open http://localhost:8000, or stop it"):
            demonstration.run()
    assert not layout_of(state).postgres_data.exists()


def test_reset_takes_only_what_the_demonstration_made(state):
    for name in ("files", "static", "log", "postgres", "other"):
        (state / name).mkdir()
    (state / "demo.lock").touch()
    reset(layout_of(state))
    assert sorted(path.name for path in state.iterdir()) == ["other"]


def test_reset_refuses_while_engines_are_used(running):
    with pytest.raises(DemonstrationError, match="are in use: stop the demonstration"):
        reset(running)
    assert running.postgres_data.exists()


def test_static_files_are_collected_again_when_one_changes(tmp_path):
    (tmp_path / "static").mkdir()
    sheet = tmp_path / "static" / "ens.css"
    sheet.write_text("a {}", encoding="utf-8")
    before = fingerprint(tmp_path, STATIC_SOURCES)
    assert fingerprint(tmp_path, STATIC_SOURCES) == before
    sheet.write_text("a { color: red }", encoding="utf-8")
    assert fingerprint(tmp_path, STATIC_SOURCES) != before


def test_tables_are_made_once_and_again_after_a_new_migration(tmp_path):
    calls = []

    class Counted(Steps):
        def _run(self, command, *arguments):
            calls.append(command)

    own = Counted(environment={}, state=tmp_path, logs=tmp_path, own=True)
    own.migrate()
    own.migrate()
    assert calls == ["migrate"]
    (tmp_path / "tables.mark").write_text("of another day", encoding="ascii")
    own.migrate()
    assert calls == ["migrate"] * 2


def test_marks_are_not_believed_with_a_database_of_somebody_else(tmp_path):
    calls = []

    class Counted(Steps):
        def _run(self, command, *arguments):
            calls.append(command)

    for _ in range(2):
        Counted(environment={}, state=tmp_path, logs=tmp_path, own=False).migrate()
    assert calls == ["migrate"] * 2


def test_mss_04_certificates_are_made_once(tmp_path):
    steps = Steps(environment=dict(os.environ), state=tmp_path, logs=tmp_path, own=True)

    steps.certificates()
    first = (tmp_path / "certificates" / "portal.pem").read_bytes()
    steps.certificates()

    assert (tmp_path / "certificates" / "portal.pem").read_bytes() == first
    assert (tmp_path / "certificates.log").read_bytes() == b""


def test_a_step_that_fails_says_which(tmp_path):
    (tmp_path / "certificates").write_text("no folder", encoding="ascii")

    with pytest.raises(DemonstrationError, match=r"simulators\.certificates .* failed"):
        Steps(environment=dict(os.environ), state=tmp_path, logs=tmp_path, own=True).certificates()
