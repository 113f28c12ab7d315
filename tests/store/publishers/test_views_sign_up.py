"""PU-01, SEC-09, SEC-18: an account for a publisher; the same answer whoever asks; the second factor is compulsory."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail

from apps.accounts import factors
from apps.accounts.models import SignInSession, StaffRole, User
from apps.audit.models import AuditEvent
from tests.accounts.identifiers import SEED, account, give_code, give_password
from tests.cast import client_of
from tests.harness.client import PortalClient
from tests.harness.clock import NOON
from tests.store.factories import publisher_user

pytestmark = pytest.mark.django_db
SIGN_UP, SENT = "/editeurs/inscription/", "/editeurs/inscription/envoyee/"
NEW = "nadia@souffle.example"
WORDS = "cinq mots sous la pluie fine"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def ask(email=NEW, client=None):
    return (client or PortalClient()).post(SIGN_UP, {"email": email})


def key_path() -> str:
    (path,) = re.findall(r"https?://[^/]+(/mot-de-passe/nouveau/\S+)", mail.outbox[-1].body)
    return path


def choose(client):
    client.get(key_path())
    return client.post("/mot-de-passe/nouveau/", {"password": WORDS})


def test_from_the_address_to_the_home_of_publishers(client):
    assert ask(client=client)["Location"] == SENT
    assert mail.outbox[-1].to == [NEW]
    assert choose(client)["Location"] == "/connexion/identifiant/"

    assert give_password(client, email=NEW, password=WORDS)["Location"] == "/connexion/identifiant/second-facteur/"
    assert not SignInSession.objects.filter(user__email=NEW).exists()  # no session without a second factor
    assert client.get("/editeurs/organisme/")["Location"].startswith("/connexion/")

    seed = re.search(r"[A-Z2-7]{32}", client.get("/connexion/identifiant/second-facteur/").content.decode())
    code = factors.code_of(secret=seed.group(), step=int(NOON.timestamp()) // 30)
    answer = client.post("/connexion/identifiant/second-facteur/", {"code": code})

    assert answer["Location"] == "/compte/connexion/codes/"
    assert SignInSession.objects.get(user__email=NEW).role == "publisher"
    assert client.get("/editeurs/organisme/")["Location"] == "/editeurs/organisme/nouveau/"


def test_sec_18_the_second_sign_in_asks_for_the_code_too(client):
    account(email=NEW)
    give_password(client, email=NEW)

    assert client.get("/editeurs/organisme/")["Location"].startswith("/connexion/")
    assert give_code(client, factors.code_of(secret=SEED, step=int(NOON.timestamp()) // 30))["Location"] == "/editeurs/"


def test_sec_09_known_and_unknown_addresses_get_the_same_answer():
    account(email="connu@souffle.example")
    answers = [ask("connu@souffle.example"), ask(NEW), ask("Connu@Souffle.example ")]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, SENT)}
    page = PortalClient().get(SENT).content.decode()
    assert NEW not in page
    assert "connu" not in page


def test_sec_09_a_known_address_gets_another_mail_and_keeps_its_account():
    known = account(email="connu@souffle.example")
    before = known.password

    ask("connu@souffle.example")

    (sent,) = mail.outbox
    assert sent.subject == "Vous avez déjà un compte"
    assert "/mot-de-passe/" not in sent.body
    assert "/connexion/identifiant/" in sent.body
    known.refresh_from_db()
    assert known.password == before
    assert User.objects.count() == 1


def test_sec_09_members_of_the_staff_look_like_anybody():
    account(StaffRole.PLATFORM, email="connu@souffle.example")

    assert ask("connu@souffle.example")["Location"] == SENT
    assert mail.outbox[-1].subject == "Vous avez déjà un compte"


def test_who_chose_no_password_in_time_gets_another_key(client, clock):
    ask()
    first = key_path()
    clock.shift(timedelta(minutes=31))

    ask()

    client.get(first)
    assert "ne fonctionne plus" in client.get("/mot-de-passe/nouveau/").content.decode()
    assert choose(client)["Location"] == "/connexion/identifiant/"
    assert User.objects.count() == 1


def test_a_closed_account_gets_nothing():
    User.objects.filter(pk=account(email=NEW).pk).update(is_active=False)

    assert ask()["Location"] == SENT
    assert mail.outbox == []


def test_sec_09_three_links_an_hour(clock):
    for _ in range(4):
        assert ask()["Location"] == SENT
    assert len(mail.outbox) == 3

    clock.shift(timedelta(hours=1))
    ask()

    assert len(mail.outbox) == 4


@pytest.mark.parametrize("email", ["", "nadia", "nadia@", "a@b\nBcc: tous@x.example"])
def test_a_wrong_address_is_told(email):
    answer = ask(email)

    assert answer.status_code == 422
    assert "Erreur" in answer.content.decode()
    assert mail.outbox == []
    assert User.objects.count() == 0


def test_the_trail_knows_without_the_address():
    ask()

    line = AuditEvent.objects.get(action="store.account.ask")
    assert line.facts == {"known": "no"}
    assert line.target == f"user:{User.objects.get().pk}"


def test_who_has_signed_in_goes_home():
    assert client_of(publisher_user()).get(SIGN_UP)["Location"] == "/editeurs/"
