"""PostgreSQL and a broker of the test's own, which it may crash; the test's connection and processes use them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import redis
from django.db import connection
from psycopg import sql

from ens_portal.celery import app
from ens_portal.engines import postgres, roles, valkey
from ens_portal.engines.account import engine_account
from ens_portal.engines.layout import Layout
from ens_portal.engines.process import Running
from ens_portal.engines.urls import DATABASE, OWNER, urls_of
from ens_portal.settings.parts.background import celery_broker
from ens_portal.supervisor.plan import CELERY
from tests.architecture.sources import ROOT
from tests.faults.processes import SECONDS, environment_of_test

POLL_SECONDS = 0.01
STOP_SECONDS = 30.0
FRESH = "fresh"


@dataclass(kw_only=True)
class Job:
    """A process at work; its output goes to a file, so that nobody waits for a reader."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def ends(self) -> int:
        """Its exit code."""
        return self.process.wait(timeout=SECONDS)

    def stop(self) -> None:
        """In good order, then by force, with its children."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self.is_alive:
                with suppress(subprocess.TimeoutExpired):
                    self.process.send_signal(number)
                    self.process.wait(timeout=STOP_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


@dataclass(kw_only=True)
class OwnEngines:
    """`restarts` of the database, by what was at work, for the table at the end."""

    layout: Layout
    environment: dict[str, str] = field(default_factory=dict)
    restarts: dict[str, int] = field(default_factory=dict)
    _database: Running | None = None
    _broker: Running | None = None
    _jobs: list[Job] = field(default_factory=list)

    def start_database(self) -> None:
        """With the care for the disk that production takes."""
        self._database = postgres.start(postgres.PostgresStart(layout=self.layout))

    def start_broker(self) -> None:
        self._broker = valkey.start(layout=self.layout, throwaway=True)

    def stop_broker(self) -> None:
        """Killed: with the throwaway settings nothing of its memory is left."""
        assert self._broker is not None
        self._broker.process.kill()
        self._broker.process.wait()

    def crash_database(self) -> None:
        """What `pg_ctl stop -m immediate` does: no session ends in good order, nothing is written to the disk."""
        assert self._database is not None
        self._database.process.send_signal(signal.SIGQUIT)
        self._database.process.wait(timeout=STOP_SECONDS)
        connection.close()

    def restart_database(self, name: str) -> None:
        self.crash_database()
        self.start_database()
        self.restarts[name] = self.restarts.get(name, 0) + 1

    def use(self, environment: dict[str, str]) -> None:
        """The environment of processes to come, but for the addresses of these engines."""
        own = urls_of(self.layout).environment()
        self.environment = {**environment, **own, "CACHE_URL": environment["CACHE_URL"]}

    def flush_broker(self) -> None:
        with redis.Redis(unix_socket_path=str(self.layout.valkey_socket)) as broker:
            broker.flushall()

    def stop_jobs(self) -> None:
        for job in self._jobs:
            job.stop()

    def stop(self) -> None:
        self.stop_jobs()
        for engine in (self._database, self._broker):
            if engine is not None:
                engine.stop()

    def start(self, *arguments: str, **more: str) -> Job:
        """A process of the portal in a session of its own."""
        log = self.layout.logs / f"job-{len(self._jobs)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env={**self.environment, **more},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        job = Job(process=process, log=log)
        self._jobs.append(job)
        return job

    def worker(self, queues: str = "default,mail,scan") -> Job:
        """The demonstration's worker, ready for its first task."""
        options = ("--queues", queues, "--concurrency", "2", "--pool", "prefork")
        quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO")
        job = self.start("-m", *CELERY, "worker", *options, *quiet, ENS_PROCESS="worker")
        until(lambda: "ready" in job.output, job=job)
        return job

    def beat(self) -> Job:
        """The clock with its real schedule."""
        schedule = str(self.layout.state / "beat")
        options = ("--schedule", schedule, "--pidfile", "", "--loglevel", "INFO")
        return self.start("-m", *CELERY, "beat", *options, ENS_PROCESS="worker")

    def turn(self, name: str) -> None:
        """One task of the schedule, sent as the clock sends it: some turns are too far apart to be waited for."""
        entry = app.conf.beat_schedule[name]
        with app.connection_for_write(url=celery_broker(self.environment["BROKER_URL"])) as link:
            app.send_task(entry["task"], connection=link, **entry.get("options", {}))

    def runs(self, *arguments: str, **more: str) -> str:
        """Output of a process that comes to its end."""
        job = self.start(*arguments, **more)
        assert job.ends() == 0, job.output
        return job.output

    def copy_database(self, source: str, target: str) -> None:
        """`target` becomes what `source` is now."""
        connection.close()
        with self.as_superuser("template1") as session:
            names = sql.Identifier(target), sql.Identifier(source)
            session.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(names[0]))
            owner = sql.Identifier(OWNER)
            session.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(*names, owner))

    @contextmanager
    def as_superuser(self, database: str = DATABASE) -> Iterator[psycopg.Connection]:
        """A session of its own that sees what everybody does."""
        where = {"host": str(self.layout.run), "user": postgres.SUPERUSER, "dbname": database}
        session = psycopg.connect(**where, autocommit=True)
        try:
            yield session
        finally:
            session.close()


def until(condition: Callable[[], bool], *, seconds: float = SECONDS, job: Job | None = None) -> float:
    """Wait for the condition; returns how long it took. With a job: it must not end before."""
    start = time.monotonic()
    while not condition():
        assert job is None or job.is_alive, job.output
        assert time.monotonic() - start < seconds, f"waited {seconds:.0f} s"
        time.sleep(POLL_SECONDS)
    return time.monotonic() - start


@contextmanager
def own_engines() -> Iterator[OwnEngines]:
    """Engines with a migrated database, `FRESH`, in a folder that is thrown away."""
    state = Path(tempfile.mkdtemp(prefix="ens-faults-", dir="/tmp"))  # socket paths must be short
    layout = Layout(state=state, home=state, run=state / "run", account=engine_account(state / "postgres"))
    layout.prepare()
    engines = OwnEngines(layout=layout)
    try:
        engines.start_database()
        with engines.as_superuser("template1") as session:
            session.execute("ALTER SYSTEM SET track_commit_timestamp = on")  # says when a row could be seen
        engines.crash_database()
        engines.start_database()
        roles.ensure(str(layout.run))
        engines.start_broker()
        engines.use(environment_of_test(state))
        engines.runs("manage.py", "migrate", "--verbosity", "0")
        engines.copy_database(DATABASE, FRESH)
        yield engines
    finally:
        engines.stop()
        shutil.rmtree(state, ignore_errors=True)


@contextmanager
def used_by_test(engines: OwnEngines, environment: dict[str, str]) -> Iterator[OwnEngines]:
    """An empty database, an empty broker, no process left behind; the cache is the one of the test."""
    engines.use(environment)
    engines.copy_database(FRESH, DATABASE)
    engines.flush_broker()
    try:
        with _connection_of_test(engines.layout):
            yield engines
    finally:
        engines.stop_jobs()


@contextmanager
def _connection_of_test(layout: Layout) -> Iterator[None]:
    connection.close()
    before = dict(connection.settings_dict)
    connection.settings_dict.update(NAME=DATABASE, USER=OWNER, HOST=str(layout.run), PASSWORD="", PORT="")
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.clear()
        connection.settings_dict.update(before)
