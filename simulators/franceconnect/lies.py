"""Whole answers of the token and userinfo endpoints that no honest provider gives."""

from __future__ import annotations

import gzip
from collections.abc import Callable

from simulators.franceconnect.behaviours import Behaviour
from simulators.franceconnect.web import Answer, as_json, oauth_error, redirect

HUGE = 200_000
ELSEWHERE = "http://127.0.0.1:9/ailleurs"
JSON, JWT, GZIP = "application/json", "application/jwt", {"Content-Encoding": "gzip"}

AT_EXCHANGE: dict[Behaviour, Callable[[], Answer]] = {
    Behaviour.EXCHANGE_DOWN: lambda: oauth_error("server_error", 500),
    Behaviour.EXCHANGE_NOT_JSON: lambda: Answer(body=b"<html>502 Bad Gateway</html>"),
    Behaviour.EXCHANGE_DROPS: lambda: Answer(body=b" " * 1000, media_type=JSON, seconds_between_bytes=0.1),
    Behaviour.EXCHANGE_HUGE: lambda: as_json({"id_token": "x" * HUGE}),
    Behaviour.EXCHANGE_BOMB: lambda: Answer(body=gzip.compress(b" " * 50_000_000), media_type=JSON, headers=GZIP),
    Behaviour.EXCHANGE_REDIRECTS: lambda: redirect(ELSEWHERE),
    Behaviour.EXCHANGE_LIST: lambda: as_json(["id_token", "access_token"]),
    Behaviour.EXCHANGE_DEEP: lambda: Answer(body=b"[" * 20_000 + b"]" * 20_000, media_type=JSON),
    Behaviour.EXCHANGE_ERROR_200: lambda: oauth_error("invalid_grant", 200),
}
AT_USERINFO: dict[Behaviour, Callable[[], Answer]] = {
    Behaviour.USERINFO_DOWN: lambda: oauth_error("server_error", 500),
    Behaviour.USERINFO_REFUSED: lambda: oauth_error("invalid_token", 401),
    Behaviour.USERINFO_HTML: lambda: Answer(body=b"<html>Bonjour</html>"),
    Behaviour.USERINFO_HUGE: lambda: Answer(body=b"x" * HUGE, media_type=JWT),
    Behaviour.USERINFO_REDIRECTS: lambda: redirect(ELSEWHERE),
}


def twice(answer: Answer) -> Answer:
    """The same object with a second id_token under the same name."""
    return Answer(body=answer.body[:-1] + b', "id_token": "another.one.here"}', media_type=answer.media_type)
