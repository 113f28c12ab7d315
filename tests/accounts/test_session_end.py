"""S-12: the end of a session is said, asking for it moves nothing, going on moves it up to the absolute limit."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.accounts.models import SignInSession
from apps.audit.models import AuditEvent
from tests.cast import client_of
from tests.factories import user
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}
END = "/session/expire-bientot/"
EXTEND = "/session/prolonger/"


@pytest.fixture
def clock():
    """NOON is 13:00 in Paris."""
    with time_machine.travel(NOON, tick=False) as travelled:
        yield travelled


@pytest.fixture
def client(clock):
    """It has seen a page: the token of forms lies in the session."""
    made = client_of(user())
    made.get("/plan-du-site/")
    return made


def ends() -> int:
    """Seconds from NOON to the end in the table."""
    return int((SignInSession.objects.get().expires_at - NOON).total_seconds())


def test_addresses_are_those_of_the_pages():
    assert (reverse("accounts:session_expiring"), reverse("accounts:session_extend")) == (END, EXTEND)


def test_s12_asking_says_the_end_and_moves_nothing(client, clock):
    clock.shift(timedelta(minutes=10))

    answer = client.get(END, headers=JSON)

    assert answer.json() == {"seconds": 300, "time": "13\u00a0h\u00a015", "last": False}
    assert ends() == 900


def test_s12_the_page_says_the_hour_and_offers_to_stay(client, clock):
    clock.shift(timedelta(minutes=10))

    shown = client.get(END, {"next": "/choisir-espace/"}).content.decode()

    assert "Vous allez être déconnecté à 13\u00a0h\u00a015 pour protéger vos données." in shown
    assert "Rester connecté" in shown
    assert 'name="next" value="/choisir-espace/"' in shown
    assert ends() == 900


def test_s12_staying_begins_the_idle_time_anew(client, clock):
    clock.shift(timedelta(minutes=14, seconds=59))

    answer = client.post(EXTEND, headers=JSON)

    assert answer.json() == {"seconds": 900, "time": "13\u00a0h\u00a029", "last": False}
    assert ends() == 899 + 900


def test_s12_without_script_one_comes_back_to_the_page(client, clock):
    answer = client.post(EXTEND, {"next": "/plan-du-site/"})

    assert answer.headers["Location"] == "/plan-du-site/"
    assert "Vous restez connecté" in client.get("/plan-du-site/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "plan"])
def test_s12_the_way_back_never_leaves_the_site(client, target):
    assert client.post(EXTEND, {"next": target}).headers["Location"] == "/choisir-espace/"


def test_s12_nothing_goes_beyond_eight_hours(client, clock):
    for _ in range(8 * 6 - 1):
        clock.shift(timedelta(minutes=10))
        client.post(EXTEND, headers=JSON)

    answer = client.post(EXTEND, headers=JSON)

    assert answer.json() == {"seconds": 600, "time": "21\u00a0h\u00a000", "last": True}
    shown = client.get(END).content.decode()
    assert "Cette session ne peut pas être prolongée." in shown
    assert "Rester connecté</button></p>\n    </form>\n  " not in shown.partition("</main>")[0]


def test_s12_a_session_that_is_over_has_no_second_left(client, clock):
    clock.shift(timedelta(minutes=15))

    assert client.get(END, headers=JSON).json() == {"seconds": 0, "time": "", "last": False}
    assert client.post(EXTEND, headers=JSON).status_code == 302
    assert client.get(END).headers["Location"].startswith("/connexion/?next=")


def test_s12_every_page_of_a_session_carries_the_notice_hidden(client, clock):
    shown = client.get("/plan-du-site/").content.decode()

    assert 'hidden class="ens-session-notice"' in shown
    assert 'data-ens-now="2026-11-25T13:00:00+01:00" data-ens-ends="2026-11-25T13:15:00+01:00"' in shown
    assert "accounts/session.js" in shown


def test_s12_visitors_have_no_notice(clock):
    shown = client_of(None).get("/plan-du-site/").content.decode()

    assert "data-ens-session" not in shown


def test_s12_leaves_no_line_in_the_trail(client):
    client.post(EXTEND)
    client.get(END)

    assert not AuditEvent.objects.exists()
