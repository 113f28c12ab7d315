"""PU-02, STO-106, S34: the page of one's organisation, its changes, its addresses."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.store.models import AddressProof, Member, Publisher
from tests.cast import client_of
from tests.harness.client import PortalClient
from tests.harness.clock import NOON
from tests.store.factories import member
from tests.store.publishers.people import typed

pytestmark = pytest.mark.django_db
OWN, CHANGE, ADDRESSES = "/editeurs/organisme/", "/editeurs/organisme/modifier/", "/editeurs/organisme/adresses/"
CONFIRM = "/editeurs/adresses/confirmer/"
TECH = "technique@editeur.example"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def pia():
    return member()


@pytest.fixture
def browser(pia):
    return client_of(pia.user)


def text(answer) -> str:
    return answer.content.decode().replace("&#x27;", "'").replace("\u00a0", " ").replace("\u202f", " ")


def form(of, **values):
    own = {name: value for name, value in typed(siret=of.publisher.siret).items() if name != "person"}
    return {**own, "seen": "0", **values}


def test_a_member_reads_it_an_administrator_changes_it(pia, browser):
    assert "Pneumo Services" in text(browser.get(OWN))
    assert CHANGE in text(browser.get(OWN))
    marc = client_of(member(publisher=pia.publisher, roles=["technical"]).user)
    assert CHANGE not in text(marc.get(OWN))

    assert browser.post(CHANGE, form(pia, name="Pneumo Nouveau"))["Location"] == OWN
    refused = marc.post(CHANGE, form(pia, name="Autre", seen="1"))

    assert "Organisme modifié" in text(browser.get(OWN))
    assert refused.status_code == 403
    assert "Vos rôles ne suffisent pas" in text(refused)
    assert Publisher.objects.get().name == "Pneumo Nouveau"


def test_s34_two_people_at_once(pia, browser, clock):
    ana = client_of(member(publisher=pia.publisher, name="Ana Kerguelen", roles=["owner"]).user)
    assert 'name="seen" value="0"' in text(browser.get(CHANGE))
    clock.shift(timedelta(minutes=2))
    ana.post(CHANGE, form(pia, name="Nom d'Ana"))

    late = browser.post(CHANGE, form(pia, name="Nom de Pia"))

    page = text(late)
    assert late.status_code == 409
    assert "Modifié par Ana Kerguelen à" in page
    assert "Nom d'Ana" in page  # what stands there
    assert 'value="Nom de Pia"' in page  # what was typed
    assert 'name="seen" value="1"' in page
    assert Publisher.objects.get().name == "Nom d'Ana"

    assert browser.post(CHANGE, form(pia, name="Nom de Pia", seen="1"))["Location"] == OWN
    assert Publisher.objects.get().name == "Nom de Pia"


@pytest.mark.parametrize("seen", ["", "x", "-1", "99999999999999999999"])
def test_a_forged_sequence_changes_nothing(pia, browser, seen):
    assert browser.post(CHANGE, form(pia, name="Autre", seen=seen)).status_code == 409
    assert Publisher.objects.get().name == "Pneumo Services"


def test_s34_a_page_shown_again_for_a_fault_has_not_shown_the_other_state(pia, browser):
    ana = client_of(member(publisher=pia.publisher, name="Ana Kerguelen", roles=["owner"]).user)
    ana.post(CHANGE, form(pia, name="Nom d'Ana"))

    wrong = browser.post(CHANGE, form(pia, name=""))

    assert wrong.status_code == 422
    assert 'name="seen" value="0"' in text(wrong)
    assert browser.post(CHANGE, form(pia, name="Nom de Pia")).status_code == 409
    assert Publisher.objects.get().name == "Nom d'Ana"


def test_a_fault_stands_beside_its_field(pia, browser):
    answer = browser.post(CHANGE, form(pia, siret="35600000049837"))

    assert answer.status_code == 422
    assert "celui d'une autre entreprise" in text(answer)


def test_s41_who_has_left_loses_the_page_at_the_next_request(pia, browser):
    assert browser.get(OWN).status_code == 200
    Member.objects.filter(pk=pia.pk).update(ended_at=NOON, ended_by=pia.user)

    assert browser.get(OWN)["Location"] == "/editeurs/organisme/nouveau/"
    assert browser.post(CHANGE, form(pia, name="Autre"))["Location"] == "/editeurs/organisme/nouveau/"
    assert Publisher.objects.get().name == "Pneumo Services"


class TestAddresses:
    def key(self):
        return re.findall(r"https?://[^/]+(/editeurs/adresses/\S+/)", mail.outbox[-1].body)[0]

    def test_sto_106_asked_by_a_member_confirmed_without_an_account(self, browser):
        assert browser.post(ADDRESSES, {"email": TECH})["Location"] == OWN
        assert "En attente" in text(browser.get(OWN))
        path, reader = self.key(), PortalClient()

        assert reader.get(path)["Location"] == CONFIRM
        assert AddressProof.objects.get().confirmed_at is None  # following the link is not enough
        assert TECH in text(reader.get(CONFIRM))
        assert reader.post(CONFIRM)["Location"] == "/editeurs/adresses/confirmee/"
        assert "Adresse confirmée" in text(reader.get("/editeurs/adresses/confirmee/"))

        assert "Confirmée le" in text(browser.get(OWN))
        assert reader.post(CONFIRM).status_code == 422

    def test_sto_106_after_48_hours_the_link_says_so(self, browser, clock):
        browser.post(ADDRESSES, {"email": TECH})
        clock.shift(timedelta(hours=48))
        reader = PortalClient()
        reader.get(self.key())

        assert "Ce lien ne fonctionne plus" in text(reader.get(CONFIRM))
        assert reader.post(CONFIRM).status_code == 422
        assert AddressProof.objects.get().confirmed_at is None

    def test_a_wrong_address_is_told(self, browser):
        answer = browser.post(ADDRESSES, {"email": "technique"})

        assert answer.status_code == 422
        assert mail.outbox == []

    def test_sec_09_the_page_says_when_to_try_again(self, browser):
        for place in range(20):
            browser.post(ADDRESSES, {"email": f"boite{place}@editeur.example"})

        answer = browser.post(ADDRESSES, {"email": TECH})

        assert answer.status_code == 422
        assert "Réessayez à partir de" in text(answer)


def test_as_many_queries_with_1_and_20_addresses(pia, browser):
    counts = []
    for first, last in ((0, 1), (1, 20)):
        for place in range(first, last):
            AddressProof.objects.create(
                publisher=pia.publisher, email=f"boite{place}@editeur.example", key_hash=f"{place}", asked_by=pia.user,
                asked_at=NOON, ends_at=NOON + timedelta(hours=48),
            )  # fmt: skip
        browser.get(OWN)
        with CaptureQueriesContext(connection) as queries:
            browser.get(OWN)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
