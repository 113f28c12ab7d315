"""S-07 and `staff_add`: a password by a key."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse

from apps.accounts import services
from apps.accounts.models import SecurityEvent, StaffMembership, StaffRole
from tests.accounts.browser import actions
from tests.accounts.identifiers import PASSWORD, SAM, account, give_password
from tests.cast import client_of
from tests.harness.client import PortalClient
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
NEW = "cinq mots sous la pluie fine"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def ask(client, email=SAM):
    return client.post(reverse("accounts:password_reset"), {"email": email})


def path_in_mail() -> str:
    (path,) = re.findall(r"https?://[^/]+(/mot-de-passe/nouveau/\S+)", mail.outbox[-1].body)
    return path


def choose(client, path, password=NEW):
    client.get(path)
    return client.post(reverse("accounts:password_reset_new"), {"password": password})


def test_sec_18_a_key_gives_a_new_password_and_the_second_factor_stays(client):
    sam = account(StaffRole.PLATFORM)
    session = client_of(sam)
    ask(client)

    answer = choose(client, path_in_mail())

    assert answer["Location"] == "/connexion/identifiant/"
    assert session.get("/compte/connexion/").status_code == 302
    assert give_password(client, password=NEW)["Location"] == "/connexion/identifiant/code/"
    assert give_password(PortalClient()).status_code == 422
    assert list(SecurityEvent.objects.values_list("kind", flat=True)) == ["password_reset"]
    assert {action for action, _ in actions()} >= {
        "accounts.recovery.start",
        "accounts.factor.change",
        "accounts.recovery.finish",
    }


def test_the_mail_says_nothing_but_the_link(client):
    account(StaffRole.PLATFORM)
    ask(client)

    (sent,) = mail.outbox
    assert sent.to == [SAM]
    assert sent.subject == "Choisir un nouveau mot de passe"
    assert "30\u00a0minutes" in sent.body


def test_sec_09_known_and_unknown_addresses_get_the_same_answer(client):
    account(StaffRole.PLATFORM)
    pages = []
    for email in (SAM, "xyz@operateur.example"):
        browser = PortalClient()
        answer = ask(browser, email)
        page = browser.get(answer["Location"]).content.decode().replace("&#x27;", "'")
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page))

    assert pages[0] == pages[1]
    assert len(mail.outbox) == 1


def test_sec_09_the_sixth_request_of_an_hour_sends_nothing(client):
    account(StaffRole.PLATFORM)
    for _ in range(6):
        assert ask(client).status_code == 302

    assert len(mail.outbox) == 5


def test_sec_18_a_key_works_once(client):
    account(StaffRole.PLATFORM)
    ask(client)
    path = path_in_mail()
    choose(client, path)

    assert choose(PortalClient(), path, "six autres mots sur la mer").status_code == 422


@pytest.mark.parametrize(("minutes", "status"), [(29, 302), (31, 422)])
def test_sec_18_a_key_lives_for_half_an_hour(client, clock, minutes, status):
    account(StaffRole.PLATFORM)
    ask(client)
    clock.move_to(NOON + timedelta(minutes=minutes))

    assert choose(client, path_in_mail()).status_code == status


def test_sec_18_a_key_ends_with_a_change_of_password(client):
    sam = account(StaffRole.PLATFORM)
    ask(client)
    services.change_password(user=sam, password="six autres mots sur la mer", request=None, at=NOON)

    assert choose(client, path_in_mail()).status_code == 422


def test_the_key_does_not_stay_in_the_address_bar(client):
    account(StaffRole.PLATFORM)
    ask(client)

    assert client.get(path_in_mail())["Location"] == "/mot-de-passe/nouveau/"


@pytest.mark.parametrize("key", ["x", "zz-zz", "00000000000000000000000000000000-abc-def"])
def test_other_keys_open_nothing(client, key):
    assert services.owner_of(key) is None
    client.get(reverse("accounts:password_reset_key", args=[key]))

    assert "Ce lien ne fonctionne plus" in client.get("/mot-de-passe/nouveau/").content.decode().replace("&#x27;", "'")


def test_sec_18_a_chosen_password_keeps_to_the_rules(client):
    account(StaffRole.PLATFORM)
    ask(client)

    assert choose(client, path_in_mail(), "motdepasse").status_code == 422
    assert give_password(PortalClient(), password=PASSWORD).status_code == 302


def test_staff_add_prints_a_link_that_leads_to_the_second_factor(client):
    said = StringIO()
    call_command("staff_add", "Nora@Operateur.example", "platform", "support", stdout=said)
    path = re.sub(r"^https?://[^/]+", "", said.getvalue().strip())

    choose(client, path)

    answer = give_password(client, email="nora@operateur.example", password=NEW)
    assert answer["Location"] == "/connexion/identifiant/second-facteur/"
    assert set(StaffMembership.objects.values_list("role", flat=True)) == {"platform", "support"}
    assert ("accounts.staff.add", "") in actions()


def test_staff_add_refuses_an_address_in_use_and_unknown_roles():
    account(StaffRole.PLATFORM)

    with pytest.raises(CommandError, match="in use"):
        call_command("staff_add", SAM.upper(), "platform")
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("staff_add", "nora@operateur.example", "emperor")
