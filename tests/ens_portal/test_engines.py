"""Start, stop, join, kill and recovery of real engines."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import redis

from ens_portal.engines import session
from ens_portal.engines.layout import Layout, layout_of
from ens_portal.engines.session import engines
from ens_portal.engines.urls import urls_of
from tests.ens_portal.conftest import connect, postmaster


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def is_process(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def store_one_row(layout: Layout) -> None:
    with connect(layout) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('éçœ')")


def stored_rows(layout: Layout) -> list[tuple[str]]:
    with connect(layout) as connection:
        return connection.execute("SELECT upper(word) FROM kept").fetchall()


def test_they_start_answer_and_keep_their_data_over_a_stop(state):
    with engines(state) as layout:
        urls = urls_of(layout)
        with psycopg.connect(urls.database) as connection:
            assert connection.execute("SELECT current_user, current_database()").fetchone() == ("ens_app", "ens")
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        store_one_row(layout)
        with redis.Redis.from_url(urls.broker) as broker, redis.Redis.from_url(urls.cache) as cache:
            broker.set("queued", "1")
            assert cache.get("queued") is None
            assert broker.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        server = postmaster(layout)
    assert not is_process(server)
    assert not session.are_running(layout)

    # What a power cut leaves behind: sockets, and a process number that now belongs to somebody else.
    layout.postgres_socket.touch()
    layout.valkey_socket.touch()
    (layout.postgres_data / "postmaster.pid").write_text(f"{os.getpid()}\n{layout.postgres_data}\n", encoding="ascii")

    with engines(state) as layout:
        assert stored_rows(layout) == [("ÉÇŒ",)]
        with redis.Redis.from_url(urls.broker) as broker:
            assert broker.get("queued") == b"1"


def test_directories_are_closed_to_others(running):
    for path in (running.run, running.postgres_data, running.valkey_data):
        assert path.stat().st_mode & 0o777 == 0o700
    assert running.valkey_socket.stat().st_mode & 0o777 == 0o700


def test_application_role_writes_rows_of_the_owner_and_changes_no_table(running):
    with connect(running) as owner, connect(running, "ens_app") as application:
        owner.execute("CREATE TABLE line (word text)")
        application.execute("INSERT INTO line VALUES ('one')")
        application.execute("UPDATE line SET word = 'two'")
        for forbidden in ("CREATE TABLE mine (x int)", "TRUNCATE line", "DROP TABLE line"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute(forbidden)
        owner.execute("REVOKE UPDATE, DELETE ON line FROM ens_app")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("UPDATE line SET word = 'three'")
        owner.execute("SET ROLE ens_app")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("DELETE FROM line")


def test_two_checkouts_side_by_side_do_not_meet(running, state):
    with engines(state) as other:
        assert len(str(running.postgres_socket)) <= 107 < len(str(running.state / "run" / running.postgres_socket.name))
        store_one_row(other)
        with connect(running) as connection, pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("SELECT * FROM kept")


def test_the_last_one_out_stops_them_even_when_it_is_killed(state, user_process):
    first, second = user_process(), user_process()
    layout = layout_of(state)
    server = postmaster(layout)
    first.communicate()
    assert first.returncode == 0
    time.sleep(0.3)
    assert postmaster(layout) == server
    with connect(layout) as connection:
        connection.execute("SELECT 1")

    second.send_signal(signal.SIGKILL)
    second.communicate()
    wait_until(lambda: not is_process(server))


def test_after_a_kill_the_next_start_recovers(state):
    for victim in ("keeper", "postgres"):
        with engines(state) as layout:
            if victim == "keeper":
                store_one_row(layout)
            server, keeper = postmaster(layout), int(layout.ready_mark.read_text(encoding="ascii"))
            os.kill({"keeper": keeper, "postgres": server}[victim], signal.SIGKILL)
            wait_until(lambda: not is_process(server) and not session.are_running(layout))  # noqa: B023 - called here

    with engines(state) as layout:
        assert stored_rows(layout) == [("ÉÇŒ",)]
