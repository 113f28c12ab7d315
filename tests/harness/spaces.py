"""Guard: a page reads rows of people inside one space only (SEC-03).

Every SELECT that a request sends and that names a table of `SpaceOwned` compares the `space_id` of that table. Rights
of the person who asks are the exception: they say which spaces there are for them, and are found by `person_id`. Jobs
and commands walk over many spaces and are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from django.apps import apps

from apps.spaces.models import SpaceOwned

# Of the reader, from any address: by person instead of by space.
BY_PERSON = frozenset({"spaces_representation", "spaces_delegation", "spaces_delegationinvitation"})
_TABLE = re.compile(r'(?:FROM|JOIN)\s+"(\w+)"(?:\s+(?!WHERE|ON|INNER|LEFT|ORDER|GROUP|LIMIT|FOR)"?(\w+)"?)?')


class QueryWithoutSpaceError(AssertionError):
    """A SELECT on rows of people does not say in which space; the message holds the statement, without its values."""


@cache
def space_tables() -> frozenset[str]:
    return frozenset(model._meta.db_table for model in apps.get_models() if issubclass(model, SpaceOwned))


def tables_without_space(statement: str) -> list[str]:
    """Tables of people's rows whose space the statement does not compare, in the order of the text."""
    found = []
    for table, alias in _TABLE.findall(statement):
        if table not in space_tables():
            continue
        wanted = ["space_id"] + (["person_id"] if table in BY_PERSON else [])
        name = alias or table
        if not any(_compares(statement, name, column) for column in wanted):
            found.append(table)
    return found


def _compares(statement: str, name: str, column: str) -> bool:
    at = rf'"?\b{re.escape(name)}"?\."{column}"'
    return re.search(rf"{at} (?:=|IN) ?|= \(?{at}", statement) is not None


def refuse_without_space(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
    """Wrapper for `connection.execute_wrapper`."""
    statement = str(sql)
    if statement.lstrip("(").startswith("SELECT") and (tables := tables_without_space(statement)):
        msg = f"{', '.join(tables)}: {statement[:600]}"
        raise QueryWithoutSpaceError(msg)
    return execute(sql, params, many, context)
