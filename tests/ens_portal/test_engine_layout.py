"""Places and accounts of the engines; nothing is started."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import pytest

from ens_portal.engines import addresses, binaries
from ens_portal.engines.account import Account, engine_account
from ens_portal.engines.layout import LONGEST_RUN_DIRECTORY, Layout, layout_of, state_directory
from ens_portal.engines.process import EngineError

# An account that is surely neither this user nor a member of its groups.
STRANGER = Account(uid=54_321, gid=54_321, dropped=True)


def test_sockets_stay_beside_the_data_where_the_path_is_short(tmp_path):
    state = Path("/srv/ens")
    assert layout_of(state).postgres_socket == Path("/srv/ens/run/.s.PGSQL.5432")
    assert layout_of(state).valkey_socket == Path("/srv/ens/run/valkey.sock")


@pytest.mark.parametrize("state", [Path("/srv") / ("x" * 90), Path("/srv/a place with blanks"), Path("/srv/été")])
def test_sockets_go_to_a_short_plain_place_of_their_own_otherwise(state):
    run = layout_of(state).run
    assert run.parent == Path(tempfile.gettempdir())
    assert len(bytes(run)) <= LONGEST_RUN_DIRECTORY
    assert run != layout_of(state / "other").run
    assert run == layout_of(state).run


def test_state_directory_can_be_chosen(monkeypatch):
    monkeypatch.setenv("ENS_STATE_DIR", "/srv/ens")
    assert state_directory() == Path("/srv/ens")
    assert addresses() == {
        "DATABASE_URL": "postgresql:///ens?host=/srv/ens/run&user=ens_app",
        "DATABASE_OWNER_URL": "postgresql:///ens?host=/srv/ens/run&user=ens_owner",
        "BROKER_URL": "unix:///srv/ens/run/valkey.sock?db=0",
        "CACHE_URL": "unix:///srv/ens/run/valkey.sock?db=1",
    }


def test_an_account_does_not_reach_what_lies_below_a_closed_home(tmp_path):
    inside = tmp_path / "home" / "checkout"
    inside.mkdir(parents=True)
    for folder in (inside, inside.parent):
        folder.chmod(0o755)
    base = tmp_path.parent
    while not STRANGER.may_reach(base):  # pytest's own directories are closed
        base = base.parent
    assert STRANGER.may_reach(base)
    inside.parent.chmod(0o700)
    assert not STRANGER.may_reach(inside)


def test_the_engines_run_as_this_user_or_not_as_root(tmp_path):
    assert engine_account(tmp_path / "missing").uid != 0


def test_a_state_directory_that_cannot_be_written_is_named_with_the_way_out(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    state = tmp_path / "file" / "state"
    account = engine_account(tmp_path)
    with pytest.raises(EngineError, match=r"file/state cannot be written .* ENS_STATE_DIR"):
        Layout(state=state, home=state, run=state / "run", account=account).prepare()


def test_programs_work_from_a_copy_aside(tmp_path):
    """Decision 20: the programs and their libraries keep their places to each other."""
    account = Account(uid=0, gid=0, dropped=False)
    programs = binaries.copy_postgres(tmp_path, account)
    for name in ("initdb", "postgres"):
        done = subprocess.run([programs / name, "--version"], capture_output=True, text=True, check=True)
        assert "18." in done.stdout
    assert programs.is_relative_to(tmp_path)
