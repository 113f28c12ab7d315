"""The session engine and its limits (SEC-15, security.md 4)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings as django_settings
from django.contrib.sessions.backends.base import UpdateError
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from apps.accounts.middleware import SessionRulesMiddleware
from apps.accounts.models import SecurityEvent, SignInSession, User
from apps.accounts.sessions import SessionStore, facts_of, hashed, level_of
from tests.accounts.browser import Browser, actions
from tests.harness.client import PortalClient

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def open_session(user: User) -> SessionStore:
    store = SessionStore()
    store["_auth_user_id"] = str(user.pk)
    store["_auth_user_backend"] = django_settings.AUTHENTICATION_BACKENDS[0]
    store["_auth_user_hash"] = user.get_session_auth_hash()
    store["ens_level"] = "eidas1"
    store.save()
    return store


@pytest.fixture
def user(db) -> User:
    return User.objects.create()


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def is_alive(store: SessionStore) -> bool:
    return "_auth_user_id" in SessionStore(store.session_key)


def test_sec_15_the_table_holds_no_key(user):
    store = open_session(user)

    row = SignInSession.objects.get()
    assert row.pk == hashed(store.session_key) != store.session_key
    assert store.session_key not in row.data
    assert not SessionStore(row.pk).keys()


def test_sec_15_the_row_says_whose_and_how(user):
    open_session(user)

    row = SignInSession.objects.get()
    assert (row.user, row.level) == (user, "eidas1")


def test_a_key_chosen_by_the_browser_opens_nothing(db):
    store = SessionStore("k" * 32)

    assert store.get("_auth_user_id") is None
    assert store.session_key is None


def test_sec_15_idle_for_fifteen_minutes_ends_the_session(noon, user):
    store = open_session(user)

    noon.move_to(NOON + 15 * MINUTE - SECOND)
    assert is_alive(store)
    noon.move_to(NOON + 15 * MINUTE)
    assert not is_alive(store)


def test_sec_15_a_request_starts_the_idle_time_anew(noon, user, client):
    store = open_session(user)
    client.cookies[django_settings.SESSION_COOKIE_NAME] = store.session_key
    noon.move_to(NOON + 14 * MINUTE)

    client.get(reverse("accounts:sign_in_help"))

    noon.move_to(NOON + 29 * MINUTE - SECOND)
    assert is_alive(store)
    noon.move_to(NOON + 29 * MINUTE)
    assert not is_alive(store)


def test_sec_15_eight_hours_end_the_session_whatever_is_done(noon, user, client):
    store = open_session(user)
    client.cookies[django_settings.SESSION_COOKIE_NAME] = store.session_key
    for ten_minutes in range(1, 48):
        noon.move_to(NOON + ten_minutes * 10 * MINUTE)
        client.get(reverse("accounts:sign_in_help"))

    noon.move_to(NOON + 480 * MINUTE - SECOND)
    assert is_alive(store)
    noon.move_to(NOON + 480 * MINUTE)
    assert not is_alive(store)


def test_a_change_of_data_does_not_lengthen_the_absolute_limit(noon, user):
    store = open_session(user)
    SignInSession.objects.update(opened_at=NOON - 470 * MINUTE)

    store["draft"] = "text"
    store.save()

    assert SignInSession.objects.get().expires_at == NOON + 10 * MINUTE


def test_a_visitor_has_thirty_minutes(noon, db):
    store = SessionStore()
    store["csrf"] = "token"
    store.save()

    assert SignInSession.objects.get().expires_at == NOON + 30 * MINUTE


def test_an_ended_session_cannot_be_written_again(noon, user):
    store = open_session(user)
    noon.move_to(NOON + 16 * MINUTE)
    store["draft"] = "text"

    with pytest.raises(UpdateError):
        store.save()


def test_a_new_key_takes_the_data_and_ends_the_old_one(user):
    store = open_session(user)
    before = store.session_key

    store.cycle_key()

    assert store.session_key != before
    assert store["ens_level"] == "eidas1"
    assert SignInSession.objects.get().pk == hashed(store.session_key)


def test_ended_rows_are_cleared_after_a_day(noon, user):
    store = open_session(user)
    noon.move_to(NOON + timedelta(hours=24))
    SessionStore.clear_expired()
    assert store.exists(store.session_key)

    noon.move_to(NOON + timedelta(hours=25))
    SessionStore.clear_expired()

    assert not store.exists(store.session_key)


def test_sec_34_policies_read_level_and_limits_from_the_request(noon, user):
    request = RequestFactory().get("/")
    request.session = SessionStore(open_session(user).session_key)

    assert level_of(request) == "eidas1"
    assert facts_of(request).opened_at == NOON
    assert facts_of(request).ends_at == NOON + 15 * MINUTE


def test_the_cookie_ends_with_the_browser(visitor):
    visitor.sign_in()

    cookie = visitor.client.cookies[django_settings.SESSION_COOKIE_NAME]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_s40_a_session_known_before_the_sign_in_is_of_no_use_after_it(visitor):
    visitor.client.get(reverse("accounts:sign_in"))
    planted = visitor.key
    token = visitor.client.session["_csrftoken"]

    visitor.sign_in()

    assert visitor.key != planted
    assert visitor.client.session["_csrftoken"] != token
    assert not SessionStore(planted).keys()


def test_sec_15_the_sixth_session_ends_the_oldest(visitor):
    keys = []
    for _ in range(6):
        visitor.client.cookies.clear()
        visitor.sign_in()
        keys.append(visitor.key)

    assert [SessionStore(key).exists(key) for key in keys] == [False, True, True, True, True, True]
    assert actions().count(("accounts.session.close", "accounts.sessions_per_person")) == 1


def test_sec_15_other_people_keep_their_sessions(visitor, user):
    other = open_session(user)
    for _ in range(6):
        visitor.client.cookies.clear()
        visitor.sign_in()

    assert is_alive(other)


def test_sec_15_a_signed_out_cookie_is_of_no_use(visitor):
    visitor.sign_in()
    key = visitor.key

    visitor.client.post(reverse("accounts:sign_out"))

    assert not SessionStore(key).keys()


def test_an_ended_session_is_said_on_the_way_to_the_sign_in_page(noon, user, client):
    store = open_session(user)
    client.cookies[django_settings.SESSION_COOKIE_NAME] = store.session_key
    noon.move_to(NOON + 20 * MINUTE)

    answer = client.get(reverse("journeys:choose_space"))
    page = client.get(answer.headers["Location"])

    assert answer.headers["Location"] == "/connexion/?next=/choisir-espace/&fin=1"
    assert "Votre session a pris fin" in page.content.decode()
    assert 'name="next" value="/choisir-espace/"' in page.content.decode()


def test_a_visitor_is_not_told_of_a_session_that_never_was(client, db):
    assert client.get(reverse("journeys:choose_space")).headers["Location"] == "/connexion/?next=/choisir-espace/"


def test_other_redirections_are_left_alone(rf, db):
    request = rf.get("/")
    request.COOKIES[django_settings.SESSION_COOKIE_NAME] = "k" * 32
    request.session = SessionStore("k" * 32)
    answer = HttpResponse(status=302, headers={"Location": "/elsewhere/?next=/"})

    assert SessionRulesMiddleware(lambda _: answer)(request).headers["Location"] == "/elsewhere/?next=/"


def test_sec_15_whoever_loses_a_session_to_a_newer_one_is_told(visitor, settings):
    settings.SESSIONS_PER_PERSON = 1
    visitor.sign_in()
    assert not SecurityEvent.objects.exists()

    Browser(client=PortalClient(), simulator=visitor.simulator).sign_in()

    (event,) = SecurityEvent.objects.all()
    assert (event.user, event.kind, event.told_at) == (User.objects.get(), "sessions_ended", None)
