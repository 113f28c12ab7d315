"""SE-09: sessions, password, recovery codes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts import factors
from apps.accounts.models import SecurityEvent, SignInSession, StaffRole
from tests import factories
from tests.accounts.browser import actions, signed_in_rows
from tests.accounts.identifiers import PASSWORD, account, code, give_password, sign_in
from tests.cast import client_of
from tests.harness.client import PortalClient
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
PAGE = "/compte/connexion/"
NEW = "cinq mots sous la pluie fine"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def pia():
    return account(email="pia@editeur.example")


@pytest.fixture
def signed_in(client, pia):
    sign_in(client, NOON, email="pia@editeur.example")
    return client


def test_the_page_lists_sessions_and_marks_this_one(signed_in, pia):
    phone = PortalClient(headers={"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Mobile"})
    sign_in(phone, NOON, shift=1, email="pia@editeur.example")

    page = signed_in.get(PAGE).content.decode().replace("&#x27;", "'")

    assert page.count("cette session") == 1
    assert re.findall(r"<li>(Ordinateur|Téléphone)", page).count("Téléphone") == 1


def test_the_page_asks_the_same_with_1_and_20_sessions(signed_in, pia):
    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            signed_in.get(PAGE)
        return len(found)

    one = count()
    for _ in range(19):
        client_of(pia)
    assert signed_in_rows() == 20
    assert count() == one


def test_sec_15_all_other_sessions_end_at_once(signed_in, pia):
    others = [client_of(pia) for _ in range(3)]
    stranger = client_of(factories.user())

    signed_in.post(reverse("accounts:sessions_end"))

    assert [other.get(PAGE).status_code for other in others] == [302, 302, 302]
    assert signed_in.get(PAGE).status_code == stranger.get(PAGE).status_code == 200
    assert list(SecurityEvent.objects.values_list("user_id", "kind")) == [(pia.pk, "sessions_ended")]
    assert ("accounts.session.close", "") in actions()


def test_ending_nothing_tells_nobody(signed_in):
    signed_in.post(reverse("accounts:sessions_end"))

    assert "Il n'y avait pas d'autre session" in signed_in.get(PAGE).content.decode().replace("&#x27;", "'")
    assert not SecurityEvent.objects.exists()


def test_sec_15_a_change_of_password_ends_the_other_sessions_and_renews_the_key(signed_in, pia, settings, clock):
    other = client_of(pia)
    before = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
    clock.move_to(NOON + timedelta(minutes=2))

    answer = signed_in.post(reverse("accounts:password_change"), {"current": PASSWORD, "password": NEW})

    assert answer["Location"] == PAGE
    assert other.get(PAGE).status_code == 302
    assert signed_in.get(PAGE).status_code == 200
    assert signed_in.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert SignInSession.objects.get(user=pia).opened_at == NOON  # the absolute limit goes on
    pia.refresh_from_db()
    assert pia.check_password(NEW)
    assert list(SecurityEvent.objects.values_list("kind", flat=True)) == ["password_changed"]
    assert ("accounts.factor.change", "") in actions()


@pytest.mark.parametrize(
    ("current", "password", "words"),
    [
        ("faux mais long", NEW, "Ce n'est pas votre mot de passe actuel"),
        (PASSWORD, "court", "12"),
        (PASSWORD, "password1234", "trop courant"),
        (PASSWORD, "837465928374", "entièrement numérique"),
        (PASSWORD, "", "Saisissez un nouveau mot de passe"),
    ],
)
def test_sec_18_a_password_keeps_to_the_rules(signed_in, pia, current, password, words):
    answer = signed_in.post(reverse("accounts:password_change"), {"current": current, "password": password})

    assert answer.status_code == 422
    assert words in answer.content.decode().replace("&#x27;", "'")
    pia.refresh_from_db()
    assert pia.check_password(PASSWORD)


@pytest.mark.parametrize("name", ["password_change", "recovery_renew"])
def test_sec_14_factors_ask_who_is_there_after_five_minutes(signed_in, clock, name):
    assert signed_in.get(reverse(f"accounts:{name}")).status_code == 200
    clock.move_to(NOON + timedelta(minutes=5))

    assert signed_in.get(reverse(f"accounts:{name}"))["Location"].startswith("/confirmer-identite/")


def test_new_recovery_codes_are_shown_once_and_told(signed_in, pia):
    former = factors.recovery_codes(user=pia)

    answer = signed_in.post(reverse("accounts:recovery_renew"))

    shown = re.findall(
        r"<code>(\d{8})</code>", signed_in.get(answer["Location"]).content.decode().replace("&#x27;", "'")
    )
    assert len(shown) == 10
    assert not set(shown) & set(former)
    assert signed_in.get(answer["Location"])["Location"] == PAGE
    assert list(SecurityEvent.objects.values_list("kind", flat=True)) == ["codes_renewed"]


def test_people_of_franceconnect_have_no_password_here():
    browser = client_of(factories.user(person=factories.identity()))
    user = factories.user(person=factories.identity())
    user.set_unusable_password()
    user.save()

    page = client_of(user).get(PAGE).content.decode().replace("&#x27;", "'")

    assert "FranceConnect" in page
    assert "Changer le mot de passe" not in page
    assert browser.get(reverse("accounts:recovery_renew"))["Location"] == PAGE


def test_a_password_changed_elsewhere_ends_a_session_even_if_its_row_stayed(signed_in, pia):
    pia.set_password(NEW)
    pia.save()

    assert signed_in.get(PAGE).status_code == 302


def test_staff_roles_do_not_change_what_the_page_asks(client):
    account(StaffRole.SUPPORT)
    give_password(client)
    client.post(reverse("accounts:totp"), {"code": code(NOON)})

    assert "Application de codes à usage unique" in client.get(PAGE).content.decode().replace("&#x27;", "'")


def test_sec_15_another_application_ends_the_former_one_and_the_other_sessions(signed_in, pia):
    other = client_of(pia)
    path = reverse("accounts:totp_replace")
    (seed,) = re.findall(r"<code>([A-Z2-7]{32})</code>", signed_in.get(path).content.decode())
    assert signed_in.post(path, {"code": "000000"}).status_code == 422
    step = int(NOON.timestamp()) // 30
    typed = factors.code_of(secret=seed, step=step)

    assert signed_in.post(path, {"code": typed})["Location"] == PAGE

    assert other.get(PAGE).status_code == 302
    assert signed_in.get(PAGE).status_code == 200
    assert not factors.check_totp(user=pia, code=code(NOON, shift=1), at=NOON)
    assert not factors.check_totp(user=pia, code=typed, at=NOON)  # it has served
    assert factors.check_totp(user=pia, code=factors.code_of(secret=seed, step=step + 1), at=NOON)
    assert list(SecurityEvent.objects.values_list("kind", flat=True)) == ["totp_added"]
    assert signed_in.get(path).content.decode().count(seed) == 0  # another visit, another seed
