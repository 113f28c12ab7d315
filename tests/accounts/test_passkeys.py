"""S-05 and the passkeys of SE-09, with a device made of software."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse
from django.utils.http import urlencode

from apps.accounts import factors
from apps.accounts.models import SecurityEvent, SignInSession, StaffRole
from tests import factories
from tests.accounts.authenticator import Device
from tests.accounts.browser import actions
from tests.accounts.identifiers import account, sign_in
from tests.cast import client_of
from tests.harness.client import PortalClient
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
ADD, SIGN_IN, PAGE = "/compte/connexion/cles/ajouter/", "/connexion/cle-acces/", "/compte/connexion/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def alice():
    made = factories.user(person=factories.identity())
    made.set_unusable_password()
    made.save()
    factories.space(person=made.identity)
    return made


def options(client, path):
    (found,) = re.findall(r'data-ens-options="([^"]+)"', client.get(path).content.decode())
    return json.loads(html.unescape(found))


def add(client, device=None, name="Mon téléphone"):
    device = device or Device()
    answer = client.post(ADD, {"name": name, "answer": device.create(options(client, ADD))})
    return device, answer


def enter(device, client=None, **changes):
    browser = client or PortalClient()
    return browser, browser.post(SIGN_IN, {"answer": device.get(options(browser, SIGN_IN)), **changes})


def test_a_holder_adds_a_passkey_and_comes_in_with_it(alice):
    device, added = add(client_of(alice, level="eidas2"))

    browser, answer = enter(device)

    assert (added["Location"], answer["Location"]) == (PAGE, reverse("journeys:choose_space"))
    row = SignInSession.objects.get(user=alice, means="passkey")
    assert (row.level, row.role) == ("eidas2", "holder")
    assert list(SecurityEvent.objects.values_list("user_id", "kind")) == [(alice.pk, "passkey_added")]
    assert {("accounts.factor.add", ""), ("accounts.session.open", "")} <= set(actions())
    assert "Mon téléphone" in browser.get(PAGE).content.decode()


@pytest.mark.parametrize("level", ["eidas1", "eidas2", "eidas3"])
def test_sec_34_a_passkey_gives_the_level_of_the_session_that_made_it(alice, level):
    device, _ = add(client_of(alice, level=level))

    enter(device)

    assert SignInSession.objects.get(means="passkey").level == level


def test_sec_34_a_passkey_of_the_staff_gives_two_factors_and_one_session(client):
    sam = account(StaffRole.PLATFORM)
    sign_in(client, NOON)
    device, _ = add(client)

    browser, answer = enter(device)

    assert answer["Location"] == reverse("journeys:choose_space")
    row = SignInSession.objects.get(user=sam)
    assert (row.level, row.role, row.means) == ("factors", "staff", "passkey")
    assert client.get(PAGE).status_code == 302
    assert browser.get(PAGE).status_code == 200


def test_sec_15_a_sign_in_by_passkey_has_a_new_key(alice, settings):
    device, _ = add(client_of(alice))
    browser = PortalClient()
    asked = options(browser, SIGN_IN)
    before = browser.cookies[settings.SESSION_COOKIE_NAME].value

    browser.post(SIGN_IN, {"answer": device.get(asked)})

    assert browser.cookies[settings.SESSION_COOKIE_NAME].value != before


def test_sec_18_an_answer_serves_once(alice):
    device, _ = add(client_of(alice))
    browser = PortalClient()
    answer = device.get(options(browser, SIGN_IN))
    assert browser.post(SIGN_IN, {"answer": answer}).status_code == 302

    assert PortalClient().post(SIGN_IN, {"answer": answer}).status_code == 422


@pytest.mark.parametrize(
    "device",
    [Device(origin="https://localhost.example"), Device(verified=False), Device()],
    ids=["another site", "not verified", "unknown key"],
)
def test_sec_18_other_answers_open_nothing(alice, device):
    known, _ = add(client_of(alice))
    device.user_handle = known.user_handle
    if device.origin or not device.verified:
        device.key, device.key_id = known.key, known.key_id

    _browser, answer = enter(device)

    assert answer.status_code == 422
    assert not SignInSession.objects.filter(means="passkey").exists()
    assert ("accounts.session.refuse", "accounts.passkey") in actions()


@pytest.mark.parametrize(
    "answer", ["", "[]", "{}", "x", '{"id": 1, "response": []}', '{"response": {"userHandle": 7}}']
)
def test_broken_answers_are_refused(answer):
    browser = PortalClient()
    browser.get(SIGN_IN)

    assert browser.post(SIGN_IN, {"answer": answer}).status_code == 422


def test_a_closed_account_stays_closed(alice):
    device, _ = add(client_of(alice))
    alice.is_active = False
    alice.save()

    assert enter(device)[1].status_code == 422


@pytest.mark.parametrize("device", [Device(origin="https://localhost.example"), Device(verified=False)])
def test_sec_18_a_passkey_that_proves_nothing_is_not_kept(alice, device):
    _, answer = add(client_of(alice), device)

    assert answer.status_code == 422
    assert not Authenticator.objects.exists()
    assert not SecurityEvent.objects.exists()


def test_a_passkey_has_a_name(alice):
    _, answer = add(client_of(alice), name=" ")

    assert answer.status_code == 422
    assert not Authenticator.objects.exists()


def test_sec_14_adding_a_passkey_asks_who_is_there_after_five_minutes(alice, clock):
    browser = client_of(alice)
    clock.move_to(NOON + timedelta(minutes=5))

    assert browser.get(ADD)["Location"].startswith("/confirmer-identite/")


def test_sec_15_removing_a_passkey_ends_the_other_sessions_and_is_told(alice):
    SocialAccount.objects.create(user=alice, provider="issuer", uid="alice")
    browser = client_of(alice)
    device, _ = add(browser)
    other, _ = enter(device)
    (key,) = Authenticator.objects.all()

    answer = browser.post(reverse("accounts:passkey_remove", args=[key.pk]))

    assert answer["Location"] == PAGE
    assert other.get(PAGE).status_code == 302
    assert enter(device)[1].status_code == 422
    assert set(SecurityEvent.objects.values_list("kind", flat=True)) == {"passkey_added", "passkey_removed"}


def test_the_last_way_in_cannot_be_removed(alice):
    browser = client_of(alice)
    add(browser)
    (key,) = Authenticator.objects.all()
    path = reverse("accounts:passkey_remove", args=[key.pk])

    assert "seul moyen de connexion" in browser.get(path).content.decode()
    assert browser.post(path)["Location"] == path
    assert Authenticator.objects.filter(pk=key.pk).exists()
    add(browser, name="Une autre")
    assert browser.post(path)["Location"] == PAGE


def test_password_and_application_are_another_way_in(client):
    account(StaffRole.PLATFORM)
    sign_in(client, NOON)
    add(client)
    key = Authenticator.objects.get(type="webauthn")

    assert client.post(reverse("accounts:passkey_remove", args=[key.pk]))["Location"] == PAGE


def test_sec_01_passkeys_of_others_do_not_exist(alice):
    add(client_of(alice))
    (key,) = Authenticator.objects.all()
    stranger = client_of(factories.user())

    assert stranger.post(reverse("accounts:passkey_remove", args=[key.pk])).status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_ten_passkeys_are_enough(alice):
    browser = client_of(alice)
    for number in range(10):
        assert add(browser, name=f"Clé {number}")[1].status_code == 302

    assert add(browser)[1].status_code == 422
    assert Authenticator.objects.count() == 10


def test_the_page_says_that_it_needs_javascript_and_where_to_go_without(client):
    page = client.get(f"{SIGN_IN}?next=/compte/connexion/").content.decode()

    assert "demande JavaScript" in page
    assert 'href="/connexion/identifiant/?next=/compte/connexion/"' in page


def test_a_passkey_is_a_means_of_its_owner(alice):
    add(client_of(alice))

    assert factors.means_of(alice) == {factors.Factor.PASSKEY}


def test_the_device_is_told_neither_name_nor_number(alice):
    asked = options(client_of(alice), ADD)["publicKey"]

    assert asked["rp"]["id"] == "localhost"
    assert asked["user"]["name"] == "Espace santé"
    assert asked["authenticatorSelection"]["userVerification"] == "required"


@pytest.mark.parametrize(
    ("target", "back"),
    [("/activation/", "/activation/"), ("https://ailleurs.example/", PAGE), ("//ailleurs.example/", PAGE), ("", PAGE)],
)
def test_s08_after_adding_one_leads_back_to_where_it_was_asked_for(alice, target, back):
    client = client_of(alice, level="eidas2")
    address = f"{ADD}?{urlencode({'next': target})}"
    answer = Device().create(options(client, address))

    added = client.post(address, {"name": "Mon téléphone", "answer": answer})

    assert added["Location"] == back
