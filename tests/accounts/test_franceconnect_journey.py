"""Sign-in through a real provider process: S-01, S-02, IDN-18 to 29."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client
from django.urls import reverse

from apps.accounts.models import SignInSession, User
from apps.audit.models import AuditEvent
from tests.accounts.browser import actions, signed_in_rows
from tests.accounts.people import identity
from tests.simulators.process import ANGELA, LOGOUT_URI, REDIRECT_URI, ZOE

CHOOSE = "/choisir-espace/"


def test_idn_25_the_start_asks_with_long_one_time_values_and_pkce(visitor):
    asked = {name: values[0] for name, values in parse_qs(urlsplit(visitor.start()).query).items()}

    assert len(asked["state"]) >= 32
    assert len(asked["nonce"]) >= 32
    assert asked["code_challenge_method"] == "S256"
    assert asked["acr_values"] == "eidas1"
    assert asked["redirect_uri"] == REDIRECT_URI
    assert "email" not in asked["scope"]


def test_idn_25_no_two_starts_share_a_value(visitor):
    first, second = (parse_qs(urlsplit(visitor.start()).query) for _ in range(2))

    assert not {first[name][0] for name in ("state", "nonce", "code_challenge")} & {
        second[name][0] for name in ("state", "nonce", "code_challenge")
    }


def test_the_start_is_a_post(visitor):
    assert visitor.client.get(reverse("accounts:fc_start")).status_code == 405


def test_sec_14_the_start_asks_for_the_token_of_the_form(simulator, db):

    assert Client(enforce_csrf_checks=True).post(reverse("accounts:fc_start")).status_code == 403


def test_a_known_person_is_signed_in_linked_and_traced(visitor):
    martin = identity()

    answer = visitor.sign_in()

    user = User.objects.get()
    assert answer.status_code == 302
    assert answer.headers["Location"] == CHOOSE
    assert user.identity == martin
    assert actions() == [
        ("accounts.session.start", ""),
        ("accounts.identity.link", "accounts.five_traits"),
        ("accounts.session.open", ""),
    ]
    opened = AuditEvent.objects.get(action="accounts.session.open")
    assert (opened.actor_id, opened.level, opened.facts) == (
        str(user.pk),
        "eidas1",
        {"means": "franceconnect", "link": "linked"},
    )


def test_sec_34_the_session_row_holds_level_means_and_role(visitor):
    visitor.sign_in()

    row = SignInSession.objects.get()
    assert (row.level, row.means, row.role, row.user) == ("eidas1", "franceconnect", "holder", User.objects.get())


def test_idn_28_only_sub_and_level_are_kept(visitor):
    visitor.sign_in(sub=ANGELA)

    account = SocialAccount.objects.get()
    assert (account.provider, account.uid) == (visitor.simulator.issuer, ANGELA)
    assert account.extra_data == {"acr": "eidas1"}
    assert User.objects.get().email == ""
    assert not EmailAddress.objects.exists()
    assert not SocialToken.objects.exists()


def test_the_same_person_comes_back_to_the_same_user(visitor):
    martin = identity()
    visitor.sign_in()
    visitor.client.post(reverse("accounts:sign_out"))

    visitor.sign_in()

    assert User.objects.get().identity == martin
    assert [action for action, _ in actions()].count("accounts.identity.link") == 1


def test_two_people_are_two_users(visitor):
    visitor.sign_in(sub=ANGELA)
    visitor.client.post(reverse("accounts:sign_out"))
    visitor.sign_in(sub=ZOE)

    assert User.objects.count() == 2


def test_next_is_followed_within_the_site(visitor):
    identity()

    assert visitor.sign_in(next_url="/plan-du-site/").headers["Location"] == "/plan-du-site/"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_next_never_leaves_the_site(visitor, target):
    identity()

    assert visitor.sign_in(next_url=target).headers["Location"] == CHOOSE


def test_s_09_a_person_without_identity_is_signed_in_and_told_by_the_choice_of_a_space(visitor):
    answer = visitor.sign_in(next_url="/plan-du-site/")

    assert visitor.is_signed_in
    assert answer.headers["Location"] == CHOOSE
    assert User.objects.get().identity is None
    assert AuditEvent.objects.get(action="accounts.session.open").facts["link"] == "none"


def test_a_space_that_opens_later_is_found_at_the_next_sign_in(visitor):
    visitor.sign_in()
    visitor.client.post(reverse("accounts:sign_out"))
    martin = identity()

    visitor.sign_in()

    assert User.objects.get().identity == martin


def test_a_stopped_user_gets_no_session(visitor):
    visitor.sign_in()
    visitor.client.post(reverse("accounts:sign_out"))
    User.objects.update(is_active=False)

    answer = visitor.sign_in()

    assert answer.headers["Location"] == reverse("accounts:sign_in_help")
    assert not visitor.is_signed_in
    assert actions()[-1] == ("accounts.session.refuse", "accounts.inactive")


def test_idn_22_a_rotated_key_is_fetched_once(visitor):
    visitor.sign_in()
    visitor.client.post(reverse("accounts:sign_out"))
    visitor.simulator.rotate(forget_old=True)
    before = visitor.simulator.calls("/jwks")

    visitor.sign_in()

    assert visitor.is_signed_in
    assert visitor.simulator.calls("/jwks") == before + 1


def test_discovery_is_asked_once_an_hour(visitor):
    before = visitor.simulator.calls("/.well-known/openid-configuration")
    for _ in range(3):
        visitor.sign_in()

    assert visitor.simulator.calls("/.well-known/openid-configuration") == before + 1


def test_idn_18_sign_out_ends_both_sessions(visitor):
    visitor.sign_in()

    answer = visitor.client.post(reverse("accounts:sign_out"))

    assert answer.headers["Location"].startswith(f"{visitor.simulator.issuer}/session/end?id_token_hint=")
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert not visitor.is_signed_in
    assert signed_in_rows() == 0
    assert actions()[-1] == ("accounts.session.close", "")
    back = httpx.get(answer.headers["Location"], trust_env=False)
    assert back.headers["Location"].startswith(f"{LOGOUT_URI}?state=")


def test_idn_18_sign_out_does_not_wait_for_a_provider_that_is_away(visitor, settings):
    visitor.sign_in()
    settings.FRANCECONNECT = {**settings.FRANCECONNECT, "issuer": "http://127.0.0.1:9/api/v2"}

    answer = visitor.client.post(reverse("accounts:sign_out"))

    assert answer.headers["Location"] == reverse("accounts:signed_out")
    assert signed_in_rows() == 0


def test_sign_out_of_a_visitor_changes_nothing(client, db):
    assert client.post(reverse("accounts:sign_out")).headers["Location"] == reverse("accounts:signed_out")
    assert actions() == []


def test_sign_out_is_a_post(client, db):
    assert client.get(reverse("accounts:sign_out")).status_code == 405


def test_a_signed_in_person_needs_no_sign_in_page(visitor):
    visitor.sign_in()

    assert visitor.client.get(reverse("accounts:sign_in")).headers["Location"] == CHOOSE
