"""SE-10: another address, checked before it counts."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from apps.accounts.models import SecurityEvent, SignInSession, StaffRole
from tests import factories
from tests.accounts.browser import actions
from tests.accounts.identifiers import SAM, account, give_password, sign_in
from tests.cast import client_of
from tests.harness.client import PortalClient
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
NEW = "nouvelle@exemple.fr"
PAGE, CHANGE, CHECK = "/compte/coordonnees/", "/compte/coordonnees/adresse/", "/compte/coordonnees/verifier/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def alice():
    return factories.user(person=factories.identity(), email="avant@exemple.fr")


def code_in_mail() -> str:
    (code,) = re.findall(r"^\d{8}$", mail.outbox[-1].body, re.MULTILINE)
    return code


def test_sec_18_an_address_counts_once_its_code_is_right_and_the_former_one_is_told(alice):
    browser = client_of(alice)
    assert browser.post(CHANGE, {"email": "Nouvelle@exemple.fr"})["Location"] == CHECK
    alice.refresh_from_db()
    assert (alice.email, mail.outbox[0].to) == ("avant@exemple.fr", [NEW])

    assert browser.post(CHECK, {"code": code_in_mail()})["Location"] == PAGE

    alice.refresh_from_db()
    assert alice.email == NEW
    event = SecurityEvent.objects.get()
    assert (event.kind, event.former_address) == ("address_changed", "avant@exemple.fr")
    assert {action for action, _ in actions()} == {"accounts.address.start", "accounts.address.finish"}
    assert browser.get(CHECK)["Location"] == PAGE


def test_the_code_is_not_readable_in_the_session(alice):
    browser = client_of(alice)
    browser.post(CHANGE, {"email": NEW})

    assert code_in_mail() not in str(browser.session["ens_address"])
    assert code_in_mail() not in SignInSession.objects.get(user=alice).data


def test_wrong_codes_end_after_five(alice):
    browser = client_of(alice)
    browser.post(CHANGE, {"email": NEW})
    for _ in range(5):
        assert browser.post(CHECK, {"code": "x"}).status_code == 422

    assert browser.post(CHECK, {"code": code_in_mail()}).status_code == 422
    alice.refresh_from_db()
    assert alice.email == "avant@exemple.fr"


@pytest.mark.parametrize(("minutes", "there"), [(9, PAGE), (10, PAGE)])
def test_idn_33_a_code_lives_for_ten_minutes(alice, clock, minutes, there):
    browser = client_of(alice)
    browser.post(CHANGE, {"email": NEW})
    clock.move_to(NOON + timedelta(minutes=minutes))

    assert browser.post(CHECK, {"code": code_in_mail()})["Location"] == there

    alice.refresh_from_db()
    assert (alice.email == NEW) is (minutes < 10)


def test_sec_09_the_sixth_mail_of_an_hour_is_not_sent(alice):
    browser = client_of(alice)
    for _ in range(6):
        assert browser.post(CHANGE, {"email": NEW})["Location"] == CHECK

    assert len(mail.outbox) == 5


def test_sec_14_a_change_of_address_asks_who_is_there(alice, clock):
    browser = client_of(alice)
    clock.move_to(NOON + timedelta(minutes=5))

    assert browser.post(CHANGE, {"email": NEW})["Location"].startswith("/confirmer-identite/")
    assert mail.outbox == []


def test_sec_18_no_key_goes_to_a_new_identifier_for_24_hours(client, clock):
    account(StaffRole.PLATFORM)
    sign_in(client, NOON)
    client.post(CHANGE, {"email": NEW})
    client.post(CHECK, {"code": code_in_mail()})
    assert give_password(PortalClient(), email=SAM).status_code == 422
    assert give_password(PortalClient(), email=NEW).status_code == 302
    mail.outbox.clear()

    for hours, sent in ((0, 0), (23, 0), (24, 1)):
        clock.move_to(NOON + timedelta(hours=hours))
        PortalClient().post(reverse("accounts:password_reset"), {"email": NEW})
        assert len(mail.outbox) == sent, hours


def test_sec_09_an_identifier_of_somebody_else_looks_the_same_and_gets_no_mail(client):
    account(StaffRole.PLATFORM)
    account(email="pia@editeur.example")
    sign_in(client, NOON)

    assert client.post(CHANGE, {"email": "pia@editeur.example"})["Location"] == CHECK
    assert mail.outbox == []


def test_two_people_may_be_written_to_at_one_address(alice):
    factories.user(person=factories.identity(), email=NEW)
    browser = client_of(alice)
    browser.post(CHANGE, {"email": NEW})

    assert browser.post(CHECK, {"code": code_in_mail()})["Location"] == PAGE


def test_traits_are_shown_and_lead_to_who_corrects_them(alice):
    page = client_of(alice).get(PAGE).content.decode()

    assert "MOREL" in page
    assert "14\u00a0juin 1984" in page
    assert "Corriger mon identité" in page
    assert "<input" not in page.partition("<main")[2].partition("</main")[0]
