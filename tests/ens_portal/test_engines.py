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


def test_directories_are_closed_to_others(state):
    with engines(state) as layout:
        for path in (layout.run, layout.postgres_data, layout.valkey_data):
            assert path.stat().st_mode & 0o777 == 0o700
        assert layout.valkey_socket.stat().st_mode & 0o777 == 0o700


def test_application_role_writes_rows_of_the_owner_and_changes_no_table(state):
    with engines(state) as layout:
        store_one_row(layout)
        with connect(layout, "ens_app") as application:
            application.execute("UPDATE kept SET word = 'other'")
            for forbidden in ("CREATE TABLE mine (x int)", "TRUNCATE kept", "DROP TABLE kept"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    application.execute(forbidden)
        with connect(layout) as owner:
            owner.execute("SET ROLE ens_app")
            owner.execute("RESET ROLE")
            owner.execute("REVOKE UPDATE, DELETE ON kept FROM ens_app")
        with connect(layout, "ens_app") as application, pytest.raises(psycopg.errors.InsufficientPrivilege):
            application.execute("UPDATE kept SET word = 'third'")


def test_a_second_process_joins_and_the_last_one_out_stops_them(state, user_process):
    first = user_process()
    with engines(state) as layout:
        server = postmaster(layout)
        first.communicate()
        assert first.returncode == 0
        time.sleep(0.3)
        assert postmaster(layout) == server
        with connect(layout) as connection:
            connection.execute("SELECT 1")
    assert not is_process(server)


def test_they_end_with_the_only_process_that_uses_them_when_it_is_killed(state, user_process):
    user = user_process()
    server = postmaster(layout_of(state))
    user.send_signal(signal.SIGKILL)
    user.communicate()
    wait_until(lambda: not is_process(server))


@pytest.mark.parametrize("victim", ["keeper", "postgres"])
def test_after_a_kill_the_next_start_recovers(state, victim):
    with engines(state) as layout:
        store_one_row(layout)
        server, keeper = postmaster(layout), int(layout.ready_mark.read_text(encoding="ascii"))
        os.kill({"keeper": keeper, "postgres": server}[victim], signal.SIGKILL)
        wait_until(lambda: not is_process(server) and not session.are_running(layout))

    with engines(state) as layout:
        assert stored_rows(layout) == [("ÉÇŒ",)]


def test_two_checkouts_side_by_side_do_not_meet(state, other_state):
    with engines(state) as one, engines(other_state) as two:
        assert len(str(two.postgres_socket)) <= 107 < len(str(two.state / "run" / two.postgres_socket.name))
        store_one_row(one)
        with connect(two) as connection, pytest.raises(psycopg.errors.UndefinedTable):
            connection.execute("SELECT * FROM kept")
