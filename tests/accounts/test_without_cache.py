"""Sign-in while the cache's server is away: discovery and keys are asked anew (SEC-09)."""

from __future__ import annotations

from tests.accounts.people import identity


def test_sec_09_people_sign_in_while_the_cache_is_away(visitor, settings):
    identity()
    before = visitor.simulator.calls("/.well-known/openid-configuration")
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "unix:///nonexistent/valkey.sock?db=0"}}

    visitor.sign_in()

    assert visitor.is_signed_in
    assert visitor.simulator.calls("/.well-known/openid-configuration") > before
