"""S-10 by one's own factors."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

import pytest
import time_machine

from apps.accounts.models import SignInSession, StaffRole
from tests import factories
from tests.accounts.authenticator import Device
from tests.accounts.browser import actions
from tests.accounts.identifiers import account, code, sign_in
from tests.accounts.test_passkeys import add
from tests.cast import client_of
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
ACT, CODE, KEY = "/compte/connexion/codes/nouveaux/", "/confirmer-identite/code/", "/confirmer-identite/cle-acces/"
ASKED = "/confirmer-identite/?next=%2Fcompte%2Fconnexion%2Fcodes%2Fnouveaux%2F"
LATER = NOON + timedelta(minutes=6)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sam(client):
    made = account(StaffRole.PLATFORM)
    sign_in(client, NOON)
    return made


def test_sec_14_a_code_confirms_for_five_minutes_and_leads_back(client, sam, clock, settings):
    clock.move_to(LATER)
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.get(ACT)["Location"] == ASKED
    page = client.get(ASKED).content.decode()
    assert f'href="{CODE}?next=/compte/connexion/codes/nouveaux/"' in page
    assert "FranceConnect" not in page.partition("<main")[2].partition("</main")[0]

    answer = client.post(CODE, {"code": code(LATER), "next": ACT})

    assert answer["Location"] == ASKED
    assert client.get(ASKED)["Location"] == ACT
    assert client.get(ACT).status_code == 200
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert SignInSession.objects.get(user=sam).opened_at == NOON
    assert ("accounts.session.confirm", "") in actions()
    clock.move_to(LATER + timedelta(minutes=5))
    assert client.get(ACT)["Location"] == ASKED


def test_sec_09_wrong_codes_are_counted_here_too(client, sam, clock):
    clock.move_to(LATER)
    for _ in range(5):
        assert client.post(CODE, {"code": "000000", "next": ACT}).status_code == 422

    refused = client.post(CODE, {"code": code(LATER), "next": ACT})

    assert refused.status_code == 422
    assert "Réessayez à partir de" in refused.content.decode()
    assert client.get(ACT)["Location"] == ASKED


def test_sec_18_the_code_of_the_sign_in_does_not_confirm(client, sam):
    assert client.post(CODE, {"code": code(NOON), "next": ACT}).status_code == 422


def asked_for(client):
    (found,) = re.findall(r'data-ens-options="([^"]+)"', client.get(KEY).content.decode())
    return json.loads(html.unescape(found))


def test_sec_14_a_passkey_confirms(client, sam, clock):
    device, _ = add(client)
    clock.move_to(LATER)

    answer = client.post(KEY, {"answer": device.get(asked_for(client)), "next": ACT})

    assert answer["Location"] == ASKED
    assert client.get(ACT).status_code == 200


def test_sec_14_a_passkey_of_somebody_else_does_not_confirm(client, sam, clock):
    add(client)
    stranger, _ = add(client_of(factories.user(person=factories.identity())))
    clock.move_to(LATER)

    answer = client.post(KEY, {"answer": stranger.get(asked_for(client)), "next": ACT})

    assert answer.status_code == 422
    assert ("accounts.session.confirm", "accounts.passkey") in actions()
    assert client.get(ACT)["Location"] == ASKED


def test_broken_answers_do_not_confirm(client, sam):
    add(client)

    assert client.post(KEY, {"answer": "[" * 5000, "next": ACT}).status_code == 422
    assert client.post(KEY, {"answer": Device().get(asked_for(client)), "next": ACT}).status_code == 422


def test_the_way_back_is_ours(client, sam):
    answer = client.post(CODE, {"code": code(NOON, shift=1), "next": "https://ailleurs.example/"})

    assert answer["Location"] == "/confirmer-identite/?next="
