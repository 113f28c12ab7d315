"""Whose request is it (SEC-09): only what our own proxies wrote is believed."""

from __future__ import annotations

import pytest
from django.test import RequestFactory, override_settings
from hypothesis import given
from hypothesis import strategies as st

from apps.common.addresses import client_address

PEER = "198.51.100.1"


def asked(*, peer: str = PEER, forwarded: str | None = None):
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)


FORGED = ["203.0.113.9", "203.0.113.9, 203.0.113.10", "203.0.113.9, 203.0.113.10, 203.0.113.11"]


@pytest.mark.parametrize("forged", FORGED)
def test_sec_09_without_a_proxy_a_forged_header_is_not_read(settings, forged):
    settings.TRUSTED_PROXY_COUNT = 0

    assert client_address(asked(forwarded=forged)) == PEER


@pytest.mark.parametrize("forged", FORGED)
def test_sec_09_behind_one_proxy_only_its_own_entry_counts(settings, forged):
    settings.TRUSTED_PROXY_COUNT = 1

    assert client_address(asked(forwarded=f"{forged}, 192.0.2.7")) == "192.0.2.7"


@pytest.mark.parametrize("forged", FORGED)
def test_sec_09_behind_two_proxies_the_outer_one_is_believed(settings, forged):
    settings.TRUSTED_PROXY_COUNT = 2

    assert client_address(asked(forwarded=f"{forged}, 192.0.2.7, 10.0.0.2")) == "192.0.2.7"


def test_who_comes_past_the_proxies_is_counted_by_the_peer(settings):
    settings.TRUSTED_PROXY_COUNT = 2

    assert client_address(asked()) == PEER
    assert client_address(asked(forwarded="203.0.113.9")) == PEER


def test_an_address_of_ipv6_counts_as_its_network(settings):
    settings.TRUSTED_PROXY_COUNT = 0

    assert client_address(asked(peer="2001:db8:1:2:aaaa::1")) == "2001:db8:1:2::/64"
    assert client_address(asked(peer="2001:db8:1:2:bbbb::9")) == "2001:db8:1:2::/64"
    assert client_address(asked(peer="fe80::1%eth0")) == "fe80::/64"
    assert client_address(asked(peer="::ffff:192.0.2.7")) == "192.0.2.7"


def test_a_peer_without_address_has_one_counter(settings):
    settings.TRUSTED_PROXY_COUNT = 1

    assert client_address(asked(peer="")) == "unknown"
    assert client_address(asked(peer="", forwarded="not an address")) == "unknown"


@given(forged=st.text(alphabet="0123456789.,:abcdef \t", max_size=60))
def test_sec_09_nothing_that_a_visitor_writes_changes_the_counter(forged):
    request = RequestFactory().get("/", REMOTE_ADDR=PEER, HTTP_X_FORWARDED_FOR=f"{forged},192.0.2.7")
    with override_settings(TRUSTED_PROXY_COUNT=1):
        assert client_address(request) == "192.0.2.7"
