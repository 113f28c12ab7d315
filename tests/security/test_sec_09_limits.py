"""SEC-09 through pages: the 31st sign-in of a minute, forged addresses, downloads, counters that are away."""

from __future__ import annotations

import socket
from datetime import timedelta
from time import monotonic

import pytest
import time_machine
from django.urls import reverse

from apps.common import limits
from tests import factories
from tests.dmp.factories import delegate_of, filed, holder_of, prepared, with_file
from tests.dmp.paper import pdf_of
from tests.harness.client import PortalClient
from tests.harness.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
NOWHERE = "unix:///nonexistent/valkey.sock?db=0"


def start(client, **headers):
    """No provider listens: back to the choice of a way in, which is all that matters here."""
    return client.post(reverse("accounts:fc_start"), headers=headers)


def test_sec_09_the_thirty_first_sign_in_of_a_minute_waits(client):
    assert {start(client).status_code for _ in range(30)} == {302}

    refused = start(client)

    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "60"
    shown = refused.content.decode()
    assert "Trop d'essais" in shown
    assert "Réessayez à partir de 13\u00a0h\u00a001." in shown  # NOON is 13:00 in Paris


def test_sec_09_at_the_hour_that_the_page_says_it_goes_on(client):
    for _ in range(31):
        start(client)
    with time_machine.travel(NOON + timedelta(seconds=59), tick=False):
        assert start(client).status_code == 429
    with time_machine.travel(NOON + timedelta(seconds=60), tick=False):
        assert start(client).status_code == 302


def test_sec_09_an_answer_of_a_provider_is_counted_too(client):
    answers = [client.get(reverse("accounts:fc_callback")).status_code for _ in range(31)]

    assert answers == [302] * 30 + [429]


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_sec_09_three_forged_addresses_change_nothing(client, settings, proxies):
    settings.TRUSTED_PROXY_COUNT = proxies
    true = ["192.0.2.7", "10.0.0.2"][:proxies]
    settings.LIMITS = {**settings.LIMITS, "sign_in_address": (2, 60)}
    forged = ["203.0.113.9", "203.0.113.9, 203.0.113.10", "203.0.113.9, 203.0.113.10, 203.0.113.11"]

    answers = [start(client, **{"X-Forwarded-For": ", ".join([lie, *true])}).status_code for lie in forged]

    assert answers == [302, 302, 429]


def test_sec_09_another_browser_behind_the_same_proxy_has_its_own_counter(client, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    settings.LIMITS = {**settings.LIMITS, "sign_in_address": (1, 60)}

    answers = [start(client, **{"X-Forwarded-For": address}).status_code for address in ("192.0.2.7", "192.0.2.8")]

    assert answers == [302, 302]
    assert start(client, **{"X-Forwarded-For": "192.0.2.7"}).status_code == 429


def test_sec_09_and_20_downloads_of_a_session_end_at_the_limit(settings):
    settings.LIMITS = {**settings.LIMITS, "download_session": (2, 3600)}
    space = factories.space()
    row = filed(space)
    address = reverse("dmp:document_file", args=[space.id, row.id])
    holder = holder_of(space).client

    answers = [holder.get(address) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "Réessayez à partir de 14\u00a0h\u00a000." in answers[2].content.decode()
    assert holder.get(reverse("dmp:document_detail", args=[space.id, row.id])).status_code == 200
    assert delegate_of(space).client.get(address).status_code == 200


def test_sec_09_pictures_of_pages_of_a_session_end_at_a_limit_of_their_own(settings):
    settings.LIMITS = {**settings.LIMITS, "picture_session": (2, 3600), "download_session": (1, 3600)}
    space = factories.space()
    row = prepared(with_file(space, "application/pdf", pdf_of("Page une")))
    address = reverse("dmp:page_picture", args=[space.id, row.id, 0, 1, 1440])
    holder = holder_of(space).client

    assert [holder.get(address).status_code for _ in range(3)] == [200, 200, 429]
    assert holder.get(reverse("dmp:document_file", args=[space.id, row.id])).status_code == 200


def away(settings, location=NOWHERE):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": location}}


def test_sec_09_with_valkey_stopped_people_read_and_download(settings):
    space = factories.space()
    row = filed(space)
    holder = holder_of(space).client
    away(settings)

    for name in ("dmp:document_detail", "dmp:document_file"):
        assert holder.get(reverse(name, args=[space.id, row.id])).status_code == 200
    assert holder.get(reverse("dmp:document_list", args=[space.id])).status_code == 200


def test_sec_09_with_valkey_stopped_a_sign_in_begins_and_a_password_is_refused(settings):
    away(settings)

    assert start(PortalClient()).status_code == 302
    refused = limits.allow_all(keys={"password_account": "alice", "password_address": "192.0.2.7"}, at=NOON)
    assert (refused.allowed, refused.away) == (False, True)


def test_sec_09_a_limiter_that_hangs_is_away_within_a_second(settings, tmp_path):
    path = tmp_path / "deaf.sock"
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(path))
        deaf.listen(1)
        away(settings, f"unix://{path}?db=0")
        started = monotonic()
        verdict = limits.allow(act="password_account", key="alice", at=NOON)

    assert verdict.away
    assert monotonic() - started < 2
