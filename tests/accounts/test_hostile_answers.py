"""Answers of a provider that lies, fails or is impersonated (SEC-17, S37): no session, one line, one neutral text."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from simulators.franceconnect.behaviours import Behaviour
from tests.accounts.browser import Browser, actions, signed_in_rows
from tests.harness.client import PortalClient

NEUTRAL = "La connexion n'a pas abouti"
CANCELLED = "Vous avez interrompu la connexion"
AWAY = "FranceConnect ne répond pas"
TOO_LOW = "Cette façon de vous connecter n'est pas assez sûre"

HOSTILE = {
    "wrong-state": ("state", NEUTRAL),
    "mix-up": ("other_issuer", NEUTRAL),
    "replayed-code": ("refused", NEUTRAL),
    "exchange-down": ("unavailable", AWAY),
    "exchange-slow": ("unavailable", AWAY),
    "exchange-not-json": ("bad_answer", NEUTRAL),
    "no-id-token": ("bad_answer", NEUTRAL),
    "wrong-nonce": ("nonce", NEUTRAL),
    "expired": ("expired", NEUTRAL),
    "from-the-future": ("claims", NEUTRAL),
    "alg-none": ("signature", NEUTRAL),
    "alg-hs256": ("signature", NEUTRAL),
    "unknown-key": ("signature", NEUTRAL),
    "bad-signature": ("signature", NEUTRAL),
    "wrong-issuer": ("claims", NEUTRAL),
    "wrong-audience": ("claims", NEUTRAL),
    "wrong-azp": ("claims", NEUTRAL),
    "lower-acr": ("level", TOO_LOW),
    "no-acr": ("level", TOO_LOW),
    "other-subject": ("subject", NEUTRAL),
    "unsigned-userinfo": ("bad_answer", NEUTRAL),
    "userinfo-alg-none": ("signature", NEUTRAL),
    "userinfo-hs256": ("signature", NEUTRAL),
    "userinfo-other-audience": ("claims", NEUTRAL),
    "userinfo-down": ("unavailable", AWAY),
    "cancelled": ("cancelled", CANCELLED),
    "no-code": ("refused", NEUTRAL),
    "error-and-code": ("refused", NEUTRAL),
    "redirected-error": ("unavailable", AWAY),
    "strange-error": ("refused", NEUTRAL),
    "exchange-drops": ("unavailable", AWAY),
    "exchange-huge": ("bad_answer", NEUTRAL),
    "exchange-bomb": ("bad_answer", NEUTRAL),
    "exchange-redirects": ("refused", NEUTRAL),
    "exchange-list": ("bad_answer", NEUTRAL),
    "exchange-deep": ("bad_answer", NEUTRAL),
    "exchange-twice": ("bad_answer", NEUTRAL),
    "exchange-error-200": ("bad_answer", NEUTRAL),
    "no-access-token": ("bad_answer", NEUTRAL),
    "alg-hs256-public-key": ("signature", NEUTRAL),
    "embedded-key": ("signature", NEUTRAL),
    "critical-header": ("signature", NEUTRAL),
    "cut-token": ("signature", NEUTRAL),
    "not-a-token": ("signature", NEUTRAL),
    "claims-are-a-list": ("signature", NEUTRAL),
    "no-exp": ("claims", NEUTRAL),
    "no-iat": ("claims", NEUTRAL),
    "issued-long-ago": ("claims", NEUTRAL),
    "not-before": ("claims", NEUTRAL),
    "no-nonce": ("nonce", NEUTRAL),
    "no-sub": ("subject", NEUTRAL),
    "long-sub": ("subject", NEUTRAL),
    "number-sub": ("subject", NEUTRAL),
    "many-audiences": ("claims", NEUTRAL),
    "unknown-acr": ("level", TOO_LOW),
    "acr-list": ("level", TOO_LOW),
    "userinfo-no-sub": ("subject", NEUTRAL),
    "userinfo-other-issuer": ("claims", NEUTRAL),
    "userinfo-unknown-key": ("signature", NEUTRAL),
    "userinfo-refused": ("refused", NEUTRAL),
    "userinfo-html": ("bad_answer", NEUTRAL),
    "userinfo-huge": ("bad_answer", NEUTRAL),
    "userinfo-redirects": ("refused", NEUTRAL),
    "userinfo-slow": ("unavailable", AWAY),
}
# Work like an honest one, or belong to other tests: sparse identities (S38), confirmations (S-10), encryption.
HARMLESS = {"honest", "sparse", "no-birth-date", "old-login", "no-auth-time"}
ENCRYPTED = {"in-clear", "other-recipient", "weak-encryption", "none-in-encrypted"}


def assert_refused(visitor, answer, *, fault: str, text: str) -> None:
    """No session, no user, one refusal line, the attempt used up, a page that says what to do and no detail."""
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("accounts:sign_in"))
    page = visitor.client.get(answer.headers["Location"])
    assert page.status_code == 200
    shown = page.content.decode().replace("&#x27;", "'")
    assert text in shown
    assert f"accounts.{fault}" not in shown
    assert not visitor.is_signed_in
    assert signed_in_rows() == 0
    assert not User.objects.exists()
    assert "ens_franceconnect" not in visitor.client.session
    refusals = [line for line in actions() if line[0] == "accounts.session.refuse"]
    assert refusals == [("accounts.session.refuse", f"accounts.{fault}")]


@pytest.mark.parametrize("behaviour", HOSTILE)
def test_s37_hostile_answer(visitor, behaviour):
    fault, text = HOSTILE[behaviour]

    answer = visitor.sign_in(behaviour=behaviour)

    assert_refused(visitor, answer, fault=fault, text=text)
    visitor.sign_in()
    assert visitor.is_signed_in, "the same person, honestly this time"


def test_sec_17_every_fault_of_the_simulator_has_its_test():
    assert set(HOSTILE) | HARMLESS | ENCRYPTED == {behaviour.value for behaviour in Behaviour}
    assert len(HOSTILE) + len(ENCRYPTED) >= 45


@pytest.mark.parametrize("asked", ["eidas2", "eidas3"])
def test_idn_20_a_level_below_the_one_asked_is_refused(visitor, settings, asked):
    settings.FRANCECONNECT = {**settings.FRANCECONNECT, "acr_values": asked}

    answer = visitor.sign_in(behaviour="lower-acr")

    assert_refused(visitor, answer, fault="level", text=TOO_LOW)


def test_idn_22_an_unknown_key_costs_one_fetch_of_keys_then_fails(visitor):
    visitor.sign_in()
    visitor.client.post(reverse("accounts:sign_out"))
    before = visitor.simulator.calls("/jwks")

    visitor.sign_in(behaviour="unknown-key")

    assert visitor.simulator.calls("/jwks") == before + 1
    assert not visitor.is_signed_in


def test_s37_a_callback_opens_once(visitor):
    back = visitor.simulator.choose(visitor.start())
    visitor.come_back(back)
    visitor.client.post(reverse("accounts:sign_out"))

    answer = visitor.come_back(back)

    assert answer.headers["Location"] == reverse("accounts:sign_in")
    assert not visitor.is_signed_in
    assert actions()[-1] == ("accounts.session.refuse", "accounts.state")


def test_s37_a_callback_of_another_browser_opens_nothing(visitor):
    back = visitor.simulator.choose(visitor.start())
    visitor.client.cookies.clear()

    answer = visitor.come_back(back)

    assert_refused(visitor, answer, fault="state", text=NEUTRAL)


def test_s37_the_state_of_an_older_tab_opens_nothing_and_uses_up_the_newer_one(visitor):
    older = visitor.simulator.choose(visitor.start())
    newer = visitor.simulator.choose(visitor.start())

    answer = visitor.come_back(older)

    assert_refused(visitor, answer, fault="state", text=NEUTRAL)
    assert visitor.come_back(newer).headers["Location"] == reverse("accounts:sign_in")
    assert not visitor.is_signed_in


@pytest.mark.parametrize("state", ["", "short", "é" * 40])
def test_s37_a_short_missing_or_strange_state_opens_nothing(visitor, state):
    back = visitor.simulator.choose(visitor.start())

    answer = visitor.come_back(back, state=state)

    assert_refused(visitor, answer, fault="state", text=NEUTRAL)


def test_s37_the_code_of_another_sign_in_is_refused(visitor):
    stolen = visitor.simulator.choose(visitor.start()).params["code"]
    own = visitor.simulator.choose(visitor.start())

    answer = visitor.come_back(own, code=stolen)

    assert_refused(visitor, answer, fault="refused", text=NEUTRAL)


def test_a_missing_issuer_is_a_mix_up_when_discovery_announces_it(visitor):
    back = visitor.simulator.choose(visitor.start())

    answer = visitor.come_back(back.copy_remove_param("iss"))

    assert_refused(visitor, answer, fault="other_issuer", text=NEUTRAL)


@pytest.mark.parametrize("name", ["state", "code", "iss"])
def test_sec_17_a_parameter_that_stands_there_twice_opens_nothing(visitor, name):
    back = visitor.simulator.choose(visitor.start())

    answer = visitor.client.get(f"{back.path}?{back.query.decode()}&{name}=x")

    assert_refused(visitor, answer, fault="repeated", text=NEUTRAL)


def test_sec_17_the_code_of_another_provider_is_a_mix_up(visitor):
    back = visitor.simulator.choose(visitor.start())

    answer = visitor.come_back(back, code="of-the-other-one", iss="https://autre-fournisseur.example/api/v2")

    assert_refused(visitor, answer, fault="other_issuer", text=NEUTRAL)


def test_s37_the_state_of_another_session_opens_nothing(visitor):
    other = Browser(client=PortalClient(), simulator=visitor.simulator)
    theirs = other.simulator.choose(other.start())
    own = visitor.simulator.choose(visitor.start())

    answer = visitor.come_back(own, state=theirs.params["state"])

    assert_refused(visitor, answer, fault="state", text=NEUTRAL)


def test_an_error_is_not_believed_without_the_state(visitor):
    back = visitor.simulator.choose(visitor.start(), behaviour="cancelled")

    answer = visitor.come_back(back, state="x" * 43)

    assert_refused(visitor, answer, fault="state", text=NEUTRAL)


def test_a_callback_without_anything_opens_nothing(visitor):
    answer = visitor.client.get(reverse("accounts:fc_callback"))

    assert_refused(visitor, answer, fault="state", text=NEUTRAL)


def test_an_attempt_ends_after_ten_minutes(visitor):
    back = visitor.simulator.choose(visitor.start())
    with time_machine.travel(timezone.now() + timedelta(minutes=10), tick=True):
        answer = visitor.come_back(back)

    assert_refused(visitor, answer, fault="expired", text=NEUTRAL)


def test_a_provider_that_is_away_is_said_at_the_start(visitor, settings):
    settings.FRANCECONNECT = {**settings.FRANCECONNECT, "issuer": "http://127.0.0.1:9/api/v2"}

    answer = visitor.client.post(reverse("accounts:fc_start"), {"next": "/plan-du-site/"})

    assert answer.headers["Location"] == f"{reverse('accounts:sign_in')}?next=%2Fplan-du-site%2F"
    assert_refused(visitor, answer, fault="unavailable", text=AWAY)


def test_another_issuer_in_the_discovery_document_is_refused(visitor, settings):
    other_name = visitor.simulator.issuer.replace("127.0.0.1", "localhost")
    settings.FRANCECONNECT = {**settings.FRANCECONNECT, "issuer": other_name}

    answer = visitor.client.post(reverse("accounts:fc_start"))

    assert_refused(visitor, answer, fault="unavailable", text=AWAY)


def test_the_answer_of_the_provider_leaves_the_address_bar(visitor):
    answer = visitor.sign_in(behaviour="wrong-nonce", next_url="/plan-du-site/")

    assert httpx.URL(answer.headers["Location"]).params == httpx.QueryParams({"next": "/plan-du-site/"})
