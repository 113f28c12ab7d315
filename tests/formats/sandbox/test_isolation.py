"""How a child is cut off is found out once and told (decisions 19)."""

from __future__ import annotations

import pytest

from apps.formats import checks
from apps.formats.sandbox import isolation


@pytest.fixture
def fresh():
    isolation.wrapper.cache_clear()
    yield
    isolation.wrapper.cache_clear()


def test_sec_11_without_the_program_children_start_without_a_name_space_and_a_check_says_so(fresh, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")

    assert isolation.wrapper() == ()
    assert [message.id for message in checks.children_are_cut_off(app_configs=None)] == ["formats.W001"]


def test_sec_11_a_program_that_refuses_is_not_used(fresh, tmp_path, monkeypatch):
    for name, code in (("unshare", 1), ("true", 0)):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {code}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert not isolation.has_own_network()


def test_sec_11_where_the_system_allows_it_the_check_is_silent(fresh, tmp_path, monkeypatch):
    for name in ("unshare", "true"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 0\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert isolation.wrapper() == (str(tmp_path / "unshare"), "-rn")
    assert checks.children_are_cut_off(app_configs=None) == []
