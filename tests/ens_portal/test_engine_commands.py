"""Which commands of manage.py start engines."""

from __future__ import annotations

import os

import pytest

from ens_portal.engines.commands import engines_for, needs_engines

DEMONSTRATION = {"ENS_ENV": "demo"}


@pytest.mark.parametrize(
    "line",
    [
        [],
        ["--version"],
        ["help"],
        ["help", "migrate"],
        ["version"],
        ["check"],
        ["check", "--deploy"],
        ["diffsettings"],
        ["makemessages", "-l", "fr"],
        ["compilemessages"],
        ["collectstatic", "--no-input"],
        ["dmp_render", "document.xml"],
        ["migrate", "--help"],
        ["demo"],
        ["demo", "--reset"],
    ],
    ids=" ".join,
)
def test_commands_without_rows_start_none(line):
    assert not needs_engines(line, DEMONSTRATION)


@pytest.mark.parametrize(
    "line",
    [
        ["migrate"],
        ["shell"],
        ["makemigrations", "--check"],
        ["rollout_import", "people.csv"],
        ["dmp_deposit", "document.xml"],
    ],
    ids=" ".join,
)
def test_commands_with_rows_start_engines(line):
    assert needs_engines(line, DEMONSTRATION)


def test_none_where_the_address_is_given_and_none_in_production():
    assert not needs_engines(["migrate"], DEMONSTRATION | {"DATABASE_URL": "postgresql://database.example/ens"})
    assert not needs_engines(["migrate"], {"ENS_ENV": "production"})


@pytest.mark.parametrize(("command", "expected"), [("migrate", "owner"), ("flush", "owner"), ("shell", "application")])
def test_only_commands_that_change_tables_get_the_owner(command, expected, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "application")
    monkeypatch.setenv("DATABASE_OWNER_URL", "owner")
    with engines_for([command]):
        assert os.environ["DATABASE_URL"] == expected
