"""The limiter (SEC-09): never more than the table says, never less for who waits, nothing readable in its counters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import redis
from django.conf import settings as project
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from apps.common import limits
from apps.common.ids import uuid7
from tests.harness.clock import NOON

NOWHERE = "unix:///nonexistent/valkey.sock?db=0"


@pytest.fixture
def table(settings):
    settings.LIMITS = {"few": (3, 60), "fewer": (2, 60)}
    settings.LIMITS_OPEN_WHEN_AWAY = frozenset()
    return settings


def seconds(count: float) -> datetime:
    return NOON + timedelta(seconds=count)


def test_three_of_a_minute_then_the_instant_of_the_next(table):
    given_out = [limits.allow(act="few", key="alice", at=seconds(second)) for second in (0, 10, 20, 30)]

    assert [verdict.allowed for verdict in given_out] == [True, True, True, False]
    assert given_out[3].retry_at == seconds(60)


@pytest.mark.parametrize(("second", "allowed"), [(59.999, False), (60, True)])
def test_the_oldest_try_leaves_the_window_at_its_second(table, second, allowed):
    for earlier in (0, 10, 20):
        limits.allow(act="few", key="alice", at=seconds(earlier))

    assert limits.allow(act="few", key="alice", at=seconds(second)).allowed is allowed


def test_keys_and_acts_are_counted_apart(table):
    for _ in range(3):
        limits.allow(act="few", key="alice", at=NOON)

    assert limits.allow(act="few", key="bob", at=NOON).allowed
    assert limits.allow(act="fewer", key="alice", at=NOON).allowed
    assert not limits.allow(act="few", key="alice", at=NOON).allowed


def test_account_and_address_count_together_or_not_at_all(table):
    for _ in range(2):
        assert limits.allow_all(keys={"few": "alice", "fewer": "192.0.2.7"}, at=NOON).allowed

    refused = limits.allow_all(keys={"few": "alice", "fewer": "192.0.2.7"}, at=NOON)

    assert (refused.allowed, refused.retry_at) == (False, seconds(60))
    assert limits.allow(act="few", key="alice", at=NOON).allowed, "the refused try did not count for the account"
    assert not limits.allow(act="few", key="alice", at=NOON).allowed


def test_looking_does_not_count_and_forgetting_starts_anew(table):
    for _ in range(5):
        assert limits.look(keys={"few": "alice"}, at=NOON).allowed
    for _ in range(3):
        limits.allow(act="few", key="alice", at=NOON)
    assert not limits.look(keys={"few": "alice"}, at=NOON).allowed

    limits.forget(act="few", key="alice")

    assert limits.look(keys={"few": "alice"}, at=NOON).allowed


def test_a_lowered_limit_holds_for_tries_already_counted(table):
    for second in (0, 10, 20):
        limits.allow(act="few", key="alice", at=seconds(second))
    table.LIMITS = {"few": (1, 60)}

    assert limits.allow(act="few", key="alice", at=seconds(30)).retry_at == seconds(80)


@given(st.lists(st.integers(0, 400), min_size=1, max_size=40))
def test_sec_09_in_every_window_at_most_the_limit_and_who_waits_is_let_in(instants):
    """`instants` in seconds; three a minute."""
    key = f"property {uuid7()}"
    taken: list[int] = []
    with override_settings(LIMITS={"few": (3, 60)}):
        for instant in sorted(instants):
            verdict = limits.allow(act="few", key=key, at=seconds(instant))
            recent = [second for second in taken if second > instant - 60]
            assert verdict.allowed is (len(recent) < 3)
            if verdict.allowed:
                taken.append(instant)
            else:
                assert verdict.retry_at == seconds(recent[0] + 60)
                assert limits.look(keys={"few": key}, at=verdict.retry_at).allowed


def test_sec_22_counters_hold_neither_accounts_nor_addresses(table):
    limits.allow_all(keys={"few": "alice@example.test", "fewer": "192.0.2.7"}, at=NOON)

    server = redis.Redis.from_url(table.CACHES["default"]["LOCATION"])
    names = list(server.scan_iter())
    assert len(names) == 2
    for name in names:
        assert name.startswith(b"limit:")
        held = name + b"".join(server.zrange(name, 0, -1))
        assert b"alice" not in held
        assert b"192.0.2.7" not in held


def test_counters_leave_the_server_by_themselves(table):
    limits.allow(act="few", key="alice", at=NOON)

    server = redis.Redis.from_url(table.CACHES["default"]["LOCATION"])
    (name,) = server.scan_iter()
    assert 0 < server.pttl(name) <= 60_000


def test_sec_09_without_the_limiter_acts_of_risk_are_refused(table):
    table.CACHES = {"default": {**table.CACHES["default"], "LOCATION": NOWHERE}}

    verdict = limits.allow(act="few", key="alice", at=NOON)

    assert (verdict.allowed, verdict.away, verdict.retry_at) == (False, True, seconds(60))


def test_sec_09_without_the_limiter_reading_goes_on(table):
    table.CACHES = {"default": {**table.CACHES["default"], "LOCATION": NOWHERE}}
    table.LIMITS_OPEN_WHEN_AWAY = frozenset({"few"})

    assert limits.allow(act="few", key="alice", at=NOON) == limits.Verdict(allowed=True, away=True)
    assert not limits.allow_all(keys={"few": "alice", "fewer": "x"}, at=NOON).allowed, "one act of risk is enough"
    limits.forget(act="few", key="alice")


def test_a_refusal_says_when():
    at = datetime(2026, 11, 25, 12, tzinfo=UTC)

    response = limits.refusal(verdict=limits.Verdict(allowed=False, retry_at=at + timedelta(seconds=89.2)), at=at)

    assert (response.status_code, response.headers["Retry-After"], response.content) == (429, "90", b"")


@pytest.mark.parametrize(
    ("act", "rate"),
    [
        ("sign_in_address", (30, 60)),
        ("password_account", (5, 900)),
        ("password_address", (20, 900)),
        ("recovery_account", (5, 3600)),
        ("recovery_address", (20, 3600)),
        ("download_session", (300, 3600)),
        ("picture_session", (600, 600)),
    ],
)
def test_sec_09_the_table_is_the_one_of_the_promise(act, rate):
    assert project.LIMITS[act] == rate


def test_sec_09_what_goes_on_without_counters_needs_no_guess():
    pages = {"sign_in_address", "download_session", "picture_session", "open_data_address"}
    assert (
        pages | {"mss_send", "mss_door_domain", "mss_door_sender", "publisher_upload"} == project.LIMITS_OPEN_WHEN_AWAY
    )
