"""PU-03: the list of dossiers and a new one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.common.ids import uuid7
from apps.store.models import Candidacy, CandidacyEvent
from apps.store.states import ListingStatus, Status
from tests.cast import client_of
from tests.dmp.pages import title_of, words_of
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.candidacy.writing import LIST, form_in, page_of

pytestmark = pytest.mark.django_db


def named(by, name, status=Status.DRAFT, **values) -> Candidacy:
    return factories.candidacy(status, by=by, service=factories.service(by.publisher, name=name), **values)


class TestList:
    def test_pu_03_empty(self, desk):
        words = words_of(desk.get(LIST))
        assert "Aucune candidature" in words
        assert "Nouvelle candidature" in words

    def test_pu_03_state_turn_and_last_event_of_each(self, desk, pia):
        made = named(pia, "Équilibre Sucre", Status.INCOMPLETE, number="2026-0147")
        CandidacyEvent.objects.create(
            candidacy=made, sequence=1, event="ask", after="incomplet", by="guichet", actor="x", at=NOON
        )
        page = desk.get(LIST)
        words = words_of(page)
        assert title_of(page).startswith("Mes candidatures – Espace éditeurs")
        assert "À vous d'agir : 1 candidature" in words
        assert "Équilibre Sucre N° 2026-0147," in words
        assert "À vous d'agir jusqu'au 24 décembre 2026 : donnez ce qui manque." in words
        assert "le 25 novembre 2026 à 13 h 00." in words

    def test_what_waits_for_the_publisher_comes_first_by_its_day(self, desk, pia):
        named(pia, "Chez nous", Status.ADMISSIBILITY)
        named(pia, "Plus tard", Status.CONNECTION)
        named(pia, "Bientôt", Status.INCOMPLETE)
        named(pia, "À écrire", created_at=NOON - timedelta(days=400))
        words = words_of(desk.get(LIST))
        places = [words.index(name) for name in ("Bientôt", "Plus tard", "À écrire", "Chez nous")]
        assert places == sorted(places)

    def test_the_filter_shows_those_that_wait_for_the_publisher(self, desk, pia):
        named(pia, "Chez nous", Status.ADMISSIBILITY)
        named(pia, "Brouillon un")
        named(pia, "À compléter", Status.COMPLEMENT)
        words = words_of(desk.get(LIST, {"tour": "nous"}))
        assert "Chez nous" not in words
        assert "Brouillon un" in words
        assert "À compléter" in words
        assert "Toutes (3)" in words
        assert "À vous d'agir (2)" in words

    def test_the_filter_without_anything(self, desk, pia):
        named(pia, "Chez nous", Status.ADMISSIBILITY)
        words = words_of(desk.get(LIST, {"tour": "nous"}))
        assert "Rien ne vous attend" in words
        assert "Aucune candidature ne vous attend" in words

    def test_sto_13_nothing_of_another_publisher(self, desk):
        named(factories.member(), "Autre éditeur")
        assert "Autre éditeur" not in words_of(desk.get(LIST))

    def test_twenty_a_page(self, desk, pia):
        for place in range(21):
            named(pia, f"Service {place}")
        assert desk.get(LIST).content.decode().count("ens-list__title") == 20
        assert desk.get(LIST, {"page": "2"}).content.decode().count("ens-list__title") == 1

    def test_same_queries_for_one_and_for_twenty(self, desk, pia):
        named(pia, "Service")
        desk.get(LIST)
        with CaptureQueriesContext(connection) as for_one:
            desk.get(LIST)
        for place in range(19):
            named(pia, f"Service {place}")
        with CaptureQueriesContext(connection) as for_twenty:
            desk.get(LIST)
        assert len(for_one) == len(for_twenty) <= 12


class TestNew:
    def answers(self, **values):
        return {
            "token": str(uuid7()), "name": "Équilibre Sucre", "service_kind": "suivi", "exchange": "none",
            "lane": "ordinaire", **values,
        }  # fmt: skip

    def send(self, desk, **values):
        return desk.post(f"{LIST}nouvelle/", self.answers(**values))

    def test_a_draft_begins_and_its_page_says_so(self, desk):
        response = self.send(desk)
        made = Candidacy.objects.get()
        assert response["Location"] == page_of(made)
        words = words_of(desk.get(page_of(made)))
        assert "Candidature 2026-0001 commencée" in words
        assert "Équilibre Sucre" in words

    def test_sto_22_for_a_service_that_has_left_it_says_what_to_do(self, desk, pia):
        gone = factories.listing(ListingStatus.WITHDRAWN, by=pia, ended_at=NOON)
        answer = self.send(desk, name=gone.service.name)
        assert answer.status_code == 422
        assert "commencez un dossier sous un autre nom" in words_of(answer)

    def test_the_form_of_the_page_sent_twice_makes_one(self, desk):
        sent = form_in(desk.get(f"{LIST}nouvelle/")) | {"name": "Sucre", "service_kind": "suivi"}
        places = {desk.post(f"{LIST}nouvelle/", sent)["Location"] for _ in range(2)}
        assert len(places) == Candidacy.objects.count() == 1

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"name": ""}, "Nom du service : Écrivez le nom du service."),
            ({"name": " - "}, "Nom du service : Écrivez un nom avec des lettres."),
            ({"name": "x" * 81}, "Nom du service"),
            ({"name": "œ" * 50}, "Nom du service : Écrivez un nom plus court."),
            ({"service_kind": ""}, "Type de service : Choisissez le type de service."),
            ({"service_kind": "bien_etre", "exchange": "read"}, "ne reçoit jamais de données de l'espace."),
            ({"lane": "vite"}, "Voie"),
        ],
    )
    def test_faults_are_said_and_what_was_typed_is_kept(self, desk, wrong, words):
        page = self.send(desk, **wrong)
        assert page.status_code == 422
        assert title_of(page).startswith("Erreur\u00a0: Nouvelle candidature")
        assert words in words_of(page)
        assert Candidacy.objects.count() == 0

    def test_s32_a_second_one_for_the_same_service_shows_the_first(self, desk, pia):
        first = factories.candidacy(
            by=pia, service=factories.service(pia.publisher, name="Équilibre Sucre", folded_name="EQUILIBRE SUCRE")
        )
        page = self.send(desk, name="equilibre sucre")
        assert page.status_code == 422
        assert "Votre organisme a déjà un dossier pour ce service." in words_of(page)
        assert page_of(first) in page.content.decode()

    def test_s32_not_that_of_another_publisher(self, desk):
        other = factories.member()
        service = factories.service(other.publisher, name="Équilibre Sucre", folded_name="EQUILIBRE SUCRE")
        theirs = factories.candidacy(by=other, service=service)
        response = self.send(desk)
        assert response.status_code == 302
        assert str(theirs.id) not in response["Location"]

    def test_the_id_of_a_dossier_of_another_publisher_does_not_exist(self, desk):
        assert self.send(desk, token=str(factories.candidacy().id)).status_code == 404

    def test_sto_47_an_address_that_nobody_has_confirmed_is_said_before_and_after(self):
        desk = client_of(factories.member().user)
        assert "Personne n'a encore confirmé l'adresse de contact" in words_of(desk.get(f"{LIST}nouvelle/"))
        page = self.send(desk)
        assert page.status_code == 422
        assert "Confirmez d'abord l'adresse de contact de votre organisme." in words_of(page)
        assert Candidacy.objects.count() == 0

    def test_somebody_without_an_organisation_is_led_to_register(self):
        response = client_of(factories.publisher_user()).get(LIST)
        assert response["Location"] == "/editeurs/organisme/nouveau/"
