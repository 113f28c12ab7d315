"""Roles and database of the portal on a fresh server; each start makes sure that they are there."""

from __future__ import annotations

import psycopg
from psycopg import sql

from ens_portal.engines.postgres import SUPERUSER
from ens_portal.engines.urls import APPLICATION, DATABASE, OWNER

# In template1 too: default privileges belong to a database, and test databases are copies of the template.
GRANTS = (
    "ALTER DEFAULT PRIVILEGES FOR ROLE ens_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ens_app",
    "ALTER DEFAULT PRIVILEGES FOR ROLE ens_owner GRANT USAGE, SELECT ON SEQUENCES TO ens_app",
)


def ensure(socket_directory: str) -> None:
    """Make `ens_owner` (may create databases and take the role of the application), `ens_app` and `ens`; repeatable."""
    with _connect(socket_directory, "template1") as connection:
        known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
        if OWNER not in known:
            connection.execute("CREATE ROLE ens_owner LOGIN CREATEDB")
        if APPLICATION not in known:
            connection.execute("CREATE ROLE ens_app LOGIN")
        connection.execute("GRANT ens_app TO ens_owner")
        _grant(connection)
    with _connect(socket_directory, "postgres") as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            statement = sql.SQL("CREATE DATABASE {} OWNER {}")
            connection.execute(statement.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))
    with _connect(socket_directory, DATABASE) as connection:
        _grant(connection)


def _connect(socket_directory: str, database: str) -> psycopg.Connection[tuple[str]]:
    return psycopg.connect(host=socket_directory, user=SUPERUSER, dbname=database, autocommit=True)


def _grant(connection: psycopg.Connection[tuple[str]]) -> None:
    for statement in GRANTS:
        connection.execute(statement)
