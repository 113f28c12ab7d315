"""pytest plugin: real engines for the run.

Loaded by `-p tests.engines`, so that they are up before Django's settings are read. The controller starts one
PostgreSQL and one Valkey in a short temporary directory; workers of xdist inherit the addresses and take Valkey
databases of their own. An address that is already in the environment is used as it is.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from ens_portal.engines import postgres, roles, valkey
from ens_portal.engines.account import engine_account
from ens_portal.engines.layout import Layout
from ens_portal.engines.urls import EngineUrls, urls_of

SOCKET_OF_RUN = "ENS_TEST_VALKEY_SOCKET"
ANSWERS_WITHOUT_TESTS = {"-h", "--help", "-V", "--version", "--markers", "--fixtures"}
NOWHERE = "/nonexistent"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    os.environ["ENS_ENV"] = "test"
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is not None:
        _use_databases_of(int(worker.removeprefix("gw")))
    elif ANSWERS_WITHOUT_TESTS.isdisjoint(args):
        _start_missing(early_config)
    else:
        _export(_placeholder())


def _start_missing(config: pytest.Config) -> None:
    needs_postgres = "DATABASE_URL" not in os.environ
    needs_valkey = "BROKER_URL" not in os.environ
    if not (needs_postgres or needs_valkey):
        _export_given()
        return
    layout = _temporary_layout()
    config.add_cleanup(lambda: shutil.rmtree(layout.state, ignore_errors=True))
    if needs_postgres:
        config.add_cleanup(postgres.start(postgres.PostgresStart(layout=layout, throwaway=True)).stop)
        roles.ensure(str(layout.run))
    if needs_valkey:
        config.add_cleanup(valkey.start(layout=layout, throwaway=True).stop)
        os.environ[SOCKET_OF_RUN] = str(layout.valkey_socket)
    _export(urls_of(layout))


def _export(urls: EngineUrls) -> None:
    """Tests run as owner of the database; the test database itself is made by pytest-django."""
    os.environ.setdefault("DATABASE_URL", urls.database_owner)
    os.environ.setdefault("DATABASE_OWNER_URL", os.environ["DATABASE_URL"])
    os.environ.setdefault("BROKER_URL", urls.broker)
    os.environ.setdefault("CACHE_URL", urls.cache)


def _export_given() -> None:
    os.environ.setdefault("DATABASE_OWNER_URL", os.environ["DATABASE_URL"])
    os.environ.setdefault("CACHE_URL", os.environ["BROKER_URL"])


def _use_databases_of(number: int) -> None:
    """Databases 0 and 1 belong to the controller, 2 and 3 to the first worker, and so on."""
    socket = os.environ.get(SOCKET_OF_RUN)
    if socket is not None:
        first = 2 * (number + 1)
        os.environ["BROKER_URL"] = f"unix://{socket}?db={first}"
        os.environ["CACHE_URL"] = f"unix://{socket}?db={first + 1}"


def _temporary_layout() -> Layout:
    state = Path(tempfile.mkdtemp(prefix="ens-test-", dir="/tmp"))  # socket paths must be short
    account = engine_account(state / "postgres")
    layout = Layout(state=state, home=state, run=state / "run", account=account)
    layout.prepare()
    return layout


def _placeholder() -> EngineUrls:
    """Settings can be read with these; nothing is there."""
    place = Path(NOWHERE)
    return urls_of(Layout(state=place, home=place, run=place, account=engine_account(place)))
