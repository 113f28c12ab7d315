"""P-05, ST-01: search, filters, order, cards, empty states, without an account and in a space."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit.models import AuditEvent
from apps.store.states import ListingStatus, Queue
from tests.cast import Who, client_of, make_cast
from tests.dmp.pages import main_of, title_of, words_of
from tests.harness.client import PortalClient
from tests.harness.clock import NOON
from tests.store.catalogue.shelf import put

pytestmark = pytest.mark.django_db
PUBLIC = "/services/"
MOST = 12


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def links_of(page) -> list[str]:
    return re.findall(r'<h2 class="fr-h6 fr-mb-0"><a href="([^"]+)">', main_of(page))


class TestPublic:
    def test_a_card_says_name_publisher_price_exchange_rate_and_date(self, client):
        put("Carnet Asthme", accessibility_rate=92, exchange="read_write")
        page = client.get(PUBLIC)
        words = words_of(page)
        for said in (
            "Carnet Asthme", "Éditeur : Pneumo Services", "Noter ses crises", "Prix Gratuit",
            "Échange de données Lecture et ajout", "Accessibilité 92 %", "Référencé le",
            "1 service, classé par nom.", "Aucun éditeur ne paie pour être mieux placé.",
        ):  # fmt: skip
            assert said in words, said
        assert page["X-Robots-Tag"] == "all"
        assert title_of(page).startswith("Services référencés")
        assert links_of(page) == ["/services/carnet-asthme/"]

    def test_sto_85_by_date_when_asked(self, client):
        put("Alpha"), put("Bêta")
        assert links_of(client.get(PUBLIC)) == ["/services/alpha/", "/services/beta/"]
        assert "le plus récent d'abord" in words_of(client.get(PUBLIC, {"tri": "date"}))

    def test_filters_stand_as_tags_that_take_them_away(self, client):
        put("Doux Réveil", needs=["sommeil"]), put("Carnet Asthme")
        page = client.get(PUBLIC, {"besoin": "sommeil", "q": "réveil"})
        assert links_of(page) == ["/services/doux-reveil/"]
        assert "Besoin : Sommeil" in words_of(page)
        assert 'href="/services/?q=r%C3%A9veil"' in main_of(page)

    def test_empty_search_says_what_was_asked_for(self, client):
        put("Carnet Asthme")
        words = words_of(client.get(PUBLIC, {"prix": "payant"}))
        assert "Aucun service pour cette recherche" in words
        assert "Prix : Payant" in words
        assert "Voir tous les services" in words

    def test_empty_catalogue_says_what_will_fill_it(self, client):
        assert "Aucun service pour le moment" in words_of(client.get(PUBLIC))

    def test_a_value_that_does_not_exist_is_told_and_filters_nothing(self, client):
        put("Carnet Asthme")
        page = client.get(PUBLIC, {"besoin": "inconnu"})
        assert (page.status_code, len(links_of(page))) == (422, 1)

    def test_sec_32_a_search_has_200_characters_at_most(self, client):
        page = client.get(PUBLIC, {"q": "a" * 201})
        assert page.status_code == 422
        assert "200 caractères au plus" in words_of(page)
        assert client.get(PUBLIC, {"q": "a" * 200}).status_code == 200

    def test_suspended_is_shown_with_its_state(self, client):
        put("Suspendu", status=ListingStatus.SUSPENDED,
            listing={"queue": Queue.DELEGATE, "due_at": NOON, "waits_since": NOON})  # fmt: skip
        assert "Suspendu depuis le" in words_of(client.get(PUBLIC))

    def test_pages_of_twelve_with_what_was_asked_for(self, client):
        for number in range(13):
            put(f"Service {number:02d}")
        first = client.get(PUBLIC, {"prix": "gratuit"})
        assert len(links_of(first)) == 12
        assert "prix=gratuit&amp;page=2" in main_of(first)
        assert links_of(client.get(PUBLIC, {"prix": "gratuit", "page": 2})) == ["/services/service-12/"]

    def test_as_many_queries_for_twelve_as_for_one(self, client):
        put("Un")
        client.get(PUBLIC)
        with CaptureQueriesContext(
            connection,
        ) as one:
            client.get(PUBLIC)
        for number in range(20):
            put(f"Service {number:02d}")
        with CaptureQueriesContext(connection) as many:
            client.get(PUBLIC, {"q": "service"})
        assert len(one) == len(many)
        assert len(many) <= MOST


class TestInASpace:
    @pytest.mark.parametrize("who", [Who.HOLDER, Who.PARENT, Who.DELEGATE])
    def test_st_01_links_stay_in_the_space_and_nothing_is_traced(self, who):
        cast = make_cast()
        put("Carnet Asthme")
        before = AuditEvent.objects.count()
        page = client_of(cast.users[who]).get(f"/e/{cast.space_for(who).id}/services/")
        assert links_of(page) == [f"/e/{cast.space_for(who).id}/services/carnet-asthme/"]
        assert "noindex" in page["X-Robots-Tag"]
        assert AuditEvent.objects.count() == before

    def test_sec_16_the_address_says_no_illness(self):
        cast = make_cast()
        put("Doux Réveil", needs=["sommeil"]), put("Carnet Asthme")
        client, url = client_of(cast.users[Who.HOLDER]), f"/e/{cast.space.id}/services/"
        answer = client.post(url, {"besoin": "sommeil", "q": ""})
        assert re.fullmatch(rf"{url}\?filtre=[\w-]+", answer["Location"])
        page = client.get(answer["Location"])
        assert links_of(page) == [f"{url}doux-reveil/"]
        assert "Besoin : Sommeil" in words_of(page)
        without = client.get(answer["Location"] + "&sans=besoin")
        assert without["Location"] == url
        assert len(links_of(client.get(url))) == 2

    def test_what_does_not_fit_is_told(self):
        cast = make_cast()
        page = client_of(cast.users[Who.HOLDER]).post(f"/e/{cast.space.id}/services/", {"q": "a" * 201})
        assert page.status_code == 422

    def test_a_strange_token_filters_nothing(self):
        cast = make_cast()
        put("Carnet Asthme")
        page = client_of(cast.users[Who.HOLDER]).get(f"/e/{cast.space.id}/services/?filtre=abc&sans=q")
        assert len(links_of(page)) == 1


class TestMenus:
    def test_visitors_holders_and_the_site_map_lead_there(self):
        cast = make_cast()
        assert 'href="/services/"' in PortalClient().get("/").content.decode()
        assert 'href="/services/"' in PortalClient().get("/plan-du-site/").content.decode()
        page = client_of(cast.users[Who.HOLDER]).get(f"/e/{cast.space.id}/services/")
        assert f'href="/e/{cast.space.id}/services/"' in page.content.decode()

    def test_pages_below_mark_their_entry(self):
        put("Carnet Asthme")
        html = PortalClient().get("/services/carnet-asthme/").content.decode()
        assert re.search(r'href="/services/" aria-current="true"', html)
