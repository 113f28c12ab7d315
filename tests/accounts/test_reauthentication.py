"""S-10 and IDN-37: important acts ask who is there, five minutes long; nothing of what was answered is lost."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import drafts
from apps.accounts.models import SignInSession
from apps.audit.models import AuditEvent
from tests.accounts import confirmed_urls
from tests.accounts.browser import actions
from tests.cast import client_of
from tests.factories import user
from tests.simulators.process import ZOE

pytestmark = pytest.mark.urls("tests.accounts.confirmed_urls")
HERE = "/confirmer-identite/?next=%2Facte%2F"
ACT = "accounts.session.confirm"


@pytest.fixture(autouse=True)
def done():
    confirmed_urls.DONE.clear()
    return confirmed_urls.DONE


@pytest.fixture
def later(visitor):
    """Signed in, and the five minutes of the sign-in are over; the clock of the provider is the true one."""
    visitor.sign_in()
    session = visitor.client.session
    session["ens_confirmed"] = (timezone.now() - timedelta(minutes=6)).isoformat()
    session.save()
    return visitor


def confirm(visitor, *, next_url="/acte/", **fields):
    start = visitor.client.post(reverse("accounts:reauthenticate_fc"), {"next": next_url})
    return visitor.come_back(visitor.simulator.choose(start.headers["Location"], **fields))


def page(visitor, address=HERE):
    return visitor.client.get(address).content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize(("seconds", "status"), [(299, 200), (300, 302), (301, 302)])
def test_idn_37_a_sign_in_counts_for_five_minutes(db, done, seconds, status):
    with time_machine.travel("2026-11-25T12:00:00+00:00", tick=False) as clock:
        client = client_of(user())
        clock.shift(timedelta(seconds=seconds))
        answer = client.get("/acte/")

    assert answer.status_code == status
    assert len(done) == (status == 200)


@pytest.mark.parametrize(("seconds", "status"), [(299, 200), (300, 302), (301, 302)])
def test_idn_37_a_confirmation_counts_for_five_minutes(later, seconds, status):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        confirm(later)
        clock.shift(timedelta(seconds=seconds))
        answer = later.client.get("/acte/")

    assert answer.status_code == status


def test_s10_the_page_names_the_waiting_act_and_the_way(later, done):
    answer = later.client.get("/acte/")

    assert answer.headers["Location"] == HERE
    shown = page(later)
    assert "Confirmez que c'est bien vous" in shown
    assert "Ce qui attend\u00a0: Fermer l'espace" in shown
    assert "Confirmer avec FranceConnect" in shown
    assert done == []


def test_s10_the_provider_is_told_to_ask_again(later):
    start = later.client.post(reverse("accounts:reauthenticate_fc"), {"next": "/acte/"})

    asked = parse_qs(urlsplit(start.headers["Location"]).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])


def test_a_sign_in_does_not_say_how_to_ask(visitor):
    asked = parse_qs(urlsplit(visitor.start()).query)

    assert not {"prompt", "max_age"} & set(asked)


def test_s10_once_confirmed_the_page_opens(later, done):
    later.client.get("/acte/")

    answer = confirm(later)

    assert answer.headers["Location"] == HERE
    assert later.client.get(HERE).headers["Location"] == "/acte/"
    assert later.client.get("/acte/").content == b"done"
    assert len(done) == 1


def test_s10_answers_are_kept_and_offered_again(later, done):
    sent = {"reason": ["je pars", "vraiment"], "word": "<b>"}
    assert later.client.post("/acte/", sent).headers["Location"] == HERE
    assert "Vos réponses sont gardées 15 minutes." in page(later)

    confirm(later)

    shown = page(later)
    assert "Rien n'est encore fait." in shown
    assert 'name="word" value="&lt;b&gt;"' in shown
    assert done == []
    assert later.client.post("/acte/", sent).content == b"done"
    assert done == [("POST", {"reason": ["je pars", "vraiment"], "word": ["<b>"]})]
    assert drafts.KEY not in later.client.session


def test_s10_answers_lie_sealed_and_without_secrets(later):
    later.client.post("/acte/", {"reason": "hépatite", "new_password": "Secret-1", "csrfmiddlewaretoken": "t"})

    held = str(later.client.session[drafts.KEY])
    assert "hépatite" not in held
    assert "patite" not in held
    confirm(later)
    shown = page(later)
    assert "hépatite" in shown
    assert "Secret-1" not in shown


def test_s10_after_fifteen_minutes_only_the_page_is_offered(later):
    later.client.post("/acte/", {"reason": "je pars"})
    session = later.client.session
    kept = {**session[drafts.KEY], "kept_at": (timezone.now() - timedelta(minutes=15)).isoformat()}
    session[drafts.KEY] = kept
    session.save()

    confirm(later)

    assert later.client.get(HERE).headers["Location"] == "/acte/"


def test_answers_too_long_to_keep_are_asked_for_again(later):
    later.client.post("/acte/", {"reason": "x" * drafts.MAX_BYTES})
    assert "sont gardées" not in page(later)

    confirm(later)

    assert later.client.get(HERE).headers["Location"] == "/acte/"


def test_answers_of_one_page_are_not_offered_at_another(later):
    later.client.post("/acte/", {"reason": "je pars"})

    confirm(later, next_url="/autre/")

    assert later.client.get("/confirmer-identite/?next=%2Fautre%2F").headers["Location"] == "/autre/"


def test_s10_outcome_is_traced(later):
    confirm(later)
    confirm(later, behaviour="cancelled")

    assert [line for line in actions() if line[0] == ACT] == [(ACT, ""), (ACT, "accounts.cancelled")]
    assert AuditEvent.objects.filter(action=ACT).first().facts == {"means": "franceconnect"}


def test_sec_15_the_key_changes_and_the_absolute_end_stays(later):
    key, before = later.key, SignInSession.objects.exclude(user=None).get()

    confirm(later)

    after = SignInSession.objects.exclude(user=None).get()
    assert later.key != key
    assert (after.opened_at, after.user, after.level) == (before.opened_at, before.user, before.level)
    assert after.pk != before.pk


def test_s10_another_person_is_refused_and_ends_nothing(later, done):
    rows = SignInSession.objects.exclude(user=None).count()

    answer = confirm(later, sub=ZOE)

    assert answer.headers["Location"] == HERE
    assert "Ce n'est pas la même personne" in page(later)
    assert later.is_signed_in
    assert SignInSession.objects.exclude(user=None).count() == rows
    assert later.client.get("/acte/").status_code == 302
    assert actions()[-1] == (ACT, "accounts.other_person")
    assert done == []


HOSTILE = {
    "old-login": ("stale", "FranceConnect ne vous a pas redemandé votre identité"),
    "no-auth-time": ("stale", "FranceConnect ne vous a pas redemandé votre identité"),
    "cancelled": ("cancelled", "Vous avez interrompu la connexion"),
    "exchange-down": ("unavailable", "FranceConnect ne répond pas"),
    "lower-acr": ("level", "Cette façon de vous connecter n'est pas assez sûre"),
    "wrong-nonce": ("nonce", "La confirmation n'a pas abouti"),
    "other-subject": ("subject", "La confirmation n'a pas abouti"),
    "wrong-state": ("state", "La confirmation n'a pas abouti"),
}


@pytest.mark.parametrize("behaviour", HOSTILE)
def test_s10_hostile_answers_confirm_nothing_and_end_nothing(later, behaviour):
    fault, text = HOSTILE[behaviour]

    answer = confirm(later, behaviour=behaviour)

    assert answer.headers["Location"] == HERE
    assert text in page(later)
    assert later.is_signed_in
    assert later.client.get("/acte/").status_code == 302
    assert actions()[-1] == (ACT, f"accounts.{fault}")


def test_idn_37_an_old_sign_in_over_there_is_no_fresh_one_here(visitor):
    visitor.sign_in(behaviour="old-login")

    assert visitor.is_signed_in
    assert visitor.client.get("/acte/").headers["Location"] == HERE


def test_a_provider_that_is_away_is_said(later, settings):
    settings.FRANCECONNECT = {**settings.FRANCECONNECT, "issuer": "http://127.0.0.1:9/api/v2"}

    answer = later.client.post(reverse("accounts:reauthenticate_fc"), {"next": "/acte/"})

    assert answer.headers["Location"] == HERE
    assert actions()[-1] == (ACT, "accounts.unavailable")


def test_an_answer_confirms_once(later):
    start = later.client.post(reverse("accounts:reauthenticate_fc"), {"next": "/acte/"})
    back = later.simulator.choose(start.headers["Location"])
    later.come_back(back)

    answer = later.come_back(back)

    assert answer.headers["Location"] == reverse("accounts:sign_in")
    assert later.is_signed_in


def test_an_answer_after_the_sign_out_opens_and_confirms_nothing(later):
    start = later.client.post(reverse("accounts:reauthenticate_fc"), {"next": "/acte/"})
    back = later.simulator.choose(start.headers["Location"])
    later.client.post(reverse("accounts:sign_out"))

    later.come_back(back)

    assert not later.is_signed_in
    assert ACT not in {action for action, _ in actions()}


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "acte"])
def test_s10_the_way_back_never_leaves_the_site(later, target):
    answer = confirm(later, next_url=target)

    assert answer.headers["Location"] == "/confirmer-identite/?next="
    direct = later.client.get("/confirmer-identite/", {"next": target})
    assert direct.headers["Location"] == "/choisir-espace/"


def test_visitors_sign_in_first(client, db, done):
    assert client.get("/acte/").headers["Location"] == "/connexion/?next=/acte/"
    assert client.get("/confirmer-identite/").headers["Location"].startswith("/connexion/?next=")
    assert client.post(reverse("accounts:reauthenticate_fc")).headers["Location"].startswith("/connexion/?next=")
    assert done == []


def test_sec_14_the_start_asks_for_the_token_of_the_form(later):
    client = Client(enforce_csrf_checks=True)
    client.cookies = later.client.cookies

    assert client.post(reverse("accounts:reauthenticate_fc")).status_code == 403
