"""Rate limits (SEC-09, security.md 5): how often an act may be tried, by account, by address, by session.

The table is `settings.LIMITS`; the counters are in the cache's server, under keyed hashes: neither accounts nor
addresses can be read there (SEC-22). A counter holds the instants of the tries of its window: at no moment more tries
than the table says lie within the window behind it. Refused tries do not count: who waits until `retry_at` is let in.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from http import HTTPStatus
from math import ceil
from typing import Any

import redis
import structlog
from django.conf import settings
from django.http import HttpResponse
from redis.backoff import NoBackoff
from redis.retry import Retry

from apps.common.ids import uuid7

SECONDS = 0.5  # a limiter that answers later than this is away
AWAY = timedelta(minutes=1)
logger = structlog.get_logger(__name__)

# KEYS: counters. ARGV: now (ms), mark of this try, « 1 » to count it, then tries and window (ms) of each counter.
SCRIPT = """
local now, until_ms = tonumber(ARGV[1]), 0
for i, key in ipairs(KEYS) do
  local most, window = tonumber(ARGV[2 + 2 * i]), tonumber(ARGV[3 + 2 * i])
  if redis.call('ZCOUNT', key, '(' .. string.format('%.0f', now - window), '+inf') >= most then
    local freed = redis.call('ZRANGE', key, -most, -most, 'WITHSCORES')[2]
    until_ms = math.max(until_ms, tonumber(freed) + window)
  end
end
if until_ms == 0 and ARGV[3] == '1' then
  for i, key in ipairs(KEYS) do
    local window = tonumber(ARGV[3 + 2 * i])
    redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.0f', now - window))
    redis.call('ZADD', key, ARGV[1], ARGV[2])
    redis.call('PEXPIRE', key, window)
  end
end
return string.format('%.0f', until_ms)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`retry_at` is known for refusals only; `away`: the counters did not answer."""

    allowed: bool
    retry_at: datetime | None = None
    away: bool = False


def allow(*, act: str, key: str, at: datetime) -> Verdict:
    """Count one try of `act` for `key` (an id, an address: it is hashed) and say whether it may go on."""
    return allow_all(keys={act: key}, at=at)


def allow_all(*, keys: Mapping[str, str], at: datetime) -> Verdict:
    """Count one try under several acts at once, as account **and** address; refused by one, it counts for none."""
    return _ask(keys, at, counts=True)


def look(*, keys: Mapping[str, str], at: datetime) -> Verdict:
    """What `allow_all` would say, without counting: for acts of which only failures count."""
    return _ask(keys, at, counts=False)


def forget(*, act: str, key: str) -> None:
    """Start a counter anew, as after a right password."""
    try:
        _server(str(settings.CACHES["default"]["LOCATION"])).delete(_name(act, key))
    except redis.RedisError:
        logger.warning("limits.away", state="forget")


def refusal(*, verdict: Verdict, at: datetime) -> HttpResponse:
    """429 with `Retry-After`; the page of ER-01 is put around it by the middleware."""
    seconds = ceil((verdict.retry_at - at).total_seconds()) if verdict.retry_at else 60
    return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": str(max(seconds, 1))})


def _ask(keys: Mapping[str, str], at: datetime, *, counts: bool) -> Verdict:
    rates = [settings.LIMITS[act] for act in keys]
    numbers = [number for most, seconds in rates for number in (most, seconds * 1000)]
    arguments = [int(at.timestamp() * 1000), uuid7().hex, "1" if counts else "0", *numbers]
    try:
        server = _server(str(settings.CACHES["default"]["LOCATION"]))
        answer = server.eval(SCRIPT, len(keys), *[_name(act, key) for act, key in keys.items()], *arguments)
    except redis.RedisError as error:
        logger.warning("limits.away", reason=type(error).__name__)
        is_open = settings.LIMITS_OPEN_WHEN_AWAY.issuperset(keys)
        return Verdict(allowed=is_open, retry_at=None if is_open else at + AWAY, away=True)
    until = int(answer)
    if not until:
        return Verdict(allowed=True)
    return Verdict(allowed=False, retry_at=datetime.fromtimestamp(until / 1000, tz=UTC))


def _name(act: str, key: str) -> str:
    said = f"{act}\n{key}".encode()
    return f"limit:{hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).hexdigest()}"


@cache
def _server(address: str) -> Any:  # noqa: ANN401  its stubs mix answers now and answers later
    return redis.Redis.from_url(
        address, socket_timeout=SECONDS, socket_connect_timeout=SECONDS, retry=Retry(NoBackoff(), 0)
    )
