"""What must work before the portal may take requests: database, broker, and tables of this very version."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import cache

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

BROKER_SECONDS = 2


class Part(StrEnum):
    DATABASE = "database"
    BROKER = "broker"
    MIGRATIONS = "migrations"


class NotReadyError(Exception):
    """`part` is not there."""

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        self.part = part


def require_ready() -> None:
    """Raise `NotReadyError` for the first part that is not there."""
    _require_database()
    _require_broker()
    require_migrations()


def missing_parts() -> frozenset[Part]:
    """All parts that are not there; without a database nothing can be said of its tables, so they are missing too."""
    checks: dict[Part, Callable[[], None]] = {
        Part.DATABASE: _require_database,
        Part.BROKER: _require_broker,
        Part.MIGRATIONS: require_migrations,
    }
    return frozenset(part for part, check in checks.items() if not _passes(check))


def _passes(check: Callable[[], None]) -> bool:
    try:
        check()
    except NotReadyError:
        return False
    return True


def _require_database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        raise NotReadyError(Part.DATABASE) from error


def _require_broker() -> None:
    client = redis.Redis.from_url(
        settings.BROKER_URL, socket_timeout=BROKER_SECONDS, socket_connect_timeout=BROKER_SECONDS
    )
    try:
        client.ping()
    except redis.RedisError as error:
        raise NotReadyError(Part.BROKER) from error
    finally:
        client.close()


@cache  # an exception is not kept: asked again until the tables fit, then never more in this process
def require_migrations() -> None:
    """Raise `NotReadyError` while a migration of this version is not applied."""
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError as error:
        raise NotReadyError(Part.MIGRATIONS) from error
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReadyError(Part.MIGRATIONS)
