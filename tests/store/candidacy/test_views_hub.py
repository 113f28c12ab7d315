"""PU-04: the hub as a list of tasks, whose turn it is, what comes next, what happened."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.files.models import StoredFile
from apps.store.models import Answer, Candidacy, CandidacyEvent, CandidacyStep, Session
from apps.store.states import Status
from tests.dmp.pages import title_of, words_of
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.candidacy.writing import consent_text, later, page_of, whole

pytestmark = pytest.mark.django_db


def failed(candidacy, kind="security_txt", *, at=NOON, **values) -> CandidacyStep:
    return CandidacyStep.objects.create(
        candidacy=candidacy, kind=kind, target="x", round=values.pop("round", 1), cause="demand", state="done",
        outcome="fail", due_at=at, asked_at=at, finished_at=at, **values,
    )  # fmt: skip


def happened(of, event, *, by, queue="", at=NOON, **values) -> CandidacyEvent:
    return of.events.create(
        sequence=of.events.count() + 1, event=event, after=of.status, by=by, actor="x", at=at, queue=queue, **values
    )


class TestDraft:
    def test_pu_04_each_part_with_its_state_and_what_to_do_next(self, desk, pia):
        draft = factories.candidacy(by=pia, orientation={"web": "yes"})
        page = desk.get(page_of(draft))
        words = words_of(page)
        assert title_of(page).startswith(f"Candidature {draft.number} – Espace éditeurs")
        assert draft.service.name in words
        assert "Brouillon. À vous d'agir : complétez le dossier, puis envoyez-le." in words
        assert "Continuer : Orientation" in words
        assert "1 réponse sur 16" in words
        assert "Sécurité 0 critère sur 8 renseigné À faire" in words
        assert "Contenu de la fiche publique 0 champ sur 12 À faire" in words
        assert "Information des titulaires" not in words  # nothing is exchanged

    def test_the_first_task_that_is_not_done_is_the_next_one(self, desk, pia):
        draft = whole(pia)
        Answer.objects.filter(candidacy=draft, criterion="CRI-SEC-06").update(comment="")
        words = words_of(desk.get(page_of(draft)))
        assert "Continuer : Sécurité" in words
        assert "Sécurité 7 critères sur 8 renseignés Dernier enregistrement par Pia Lormont" in words

    def test_a_whole_draft_may_be_sent(self, desk, pia):
        words = words_of(desk.get(page_of(whole(pia))))
        assert "Vérifier et envoyer" in words
        assert "parties complètes sur" in words
        assert "À faire" not in words

    def test_a_check_that_contradicts_an_answer_asks_for_a_correction(self, desk, pia):
        draft = whole(pia)
        failed(draft, at=later(1))
        assert "Un contrôle contredit 1 réponse. À corriger" in words_of(desk.get(page_of(draft)))

    def test_not_once_the_answer_is_newer_than_the_check(self, desk, pia):
        draft = whole(pia)
        failed(draft, at=NOON - timedelta(minutes=1))
        assert "À corriger" not in words_of(desk.get(page_of(draft)))

    def test_nor_when_a_later_round_found_nothing(self, desk, pia):
        draft = whole(pia)
        failed(draft, at=later(1))
        CandidacyStep.objects.create(
            candidacy=draft, kind="tls", target="x", round=2, cause="demand", state="done", outcome="pass",
            due_at=NOON, asked_at=NOON, finished_at=later(2),
        )  # fmt: skip
        assert "À corriger" not in words_of(desk.get(page_of(draft)))

    def test_nor_when_people_have_set_it_aside(self, desk, pia):
        draft = whole(pia)
        failed(draft, at=later(1), override="pass", override_by=pia.user, override_at=later(2))
        assert "À corriger" not in words_of(desk.get(page_of(draft)))

    def test_rv_05_but_when_people_have_confirmed_it(self, desk, pia):
        draft = whole(pia)
        failed(draft, at=later(1), override="fail", override_by=pia.user, override_at=later(2))
        assert "À corriger" in words_of(desk.get(page_of(draft)))

    def test_an_infected_piece_asks_for_a_correction(self, desk, pia):
        draft = whole(pia)
        factories.evidence(draft, state=StoredFile.State.INFECTED, title="Autre")
        assert "Pièces 2 pièces À corriger" in words_of(desk.get(page_of(draft)))

    def test_sto_30_so_does_a_piece_that_has_ended(self, desk, pia):
        draft = whole(pia)
        factories.evidence(draft, title="Certificat", valid_until=NOON.date() - timedelta(days=1))
        assert "Pièces 2 pièces À corriger" in words_of(desk.get(page_of(draft)))

    def test_sto_04_an_exchange_asks_for_texts(self, desk, pia):
        draft = factories.candidacy(by=pia, exchange="read")
        assert "Information des titulaires 0 catégorie de données décrite" in words_of(desk.get(page_of(draft)))
        consent_text(draft)
        assert "1 catégorie de données décrite Complet" in words_of(desk.get(page_of(draft)))
        Candidacy.objects.filter(pk=draft.pk).update(exchange="read_write")
        assert "1 catégorie de données décrite En cours" in words_of(desk.get(page_of(draft)))

    def test_s34_the_page_says_who_works_on_what(self, desk, pia, marc):
        draft = factories.candidacy(by=pia)
        Answer.objects.create(
            candidacy=draft, criterion="CRI-SEC-06", value="en_cours", declared_by=marc.user, declared_at=NOON
        )
        words = words_of(desk.get(page_of(draft)))
        assert "Dernier enregistrement par Marc Delmas, le 25 novembre 2026 à 13 h 00." in words
        assert "« Sécurité » : réponses enregistrées (Marc Delmas)" in words

    def test_sto_47_it_says_when_an_idle_draft_is_given_up(self, desk, pia):
        draft = factories.candidacy(by=pia, wakes_at=NOON + timedelta(days=300))
        assert "Sans aucune modification, ce brouillon sera abandonné après le" in words_of(desk.get(page_of(draft)))

    def test_what_lies_ahead_with_the_next_session(self, desk, pia):
        Session.objects.create(held_on=date(2027, 1, 14), planned_by=pia.user, planned_at=NOON)
        Session.objects.create(held_on=date(2026, 12, 1), planned_by=pia.user, planned_at=NOON, state="cancelled")
        words = words_of(desk.get(page_of(factories.candidacy(by=pia))))
        assert "Ce qui vous attend Dossier Vous êtes ici Recevabilité 10 jours ouvrés" in words
        assert "Commission Prochaine séance : 14 janvier 2027" in words


class TestAfterwards:
    def test_sent_it_shows_its_pages_and_no_tasks(self, desk, pia):
        sent = factories.candidacy(Status.ADMISSIBILITY, by=pia)
        words = words_of(desk.get(page_of(sent)))
        assert "Recevabilité. Nous examinons la recevabilité" in words
        assert "Récépissé" in words
        assert "Envoyer" not in words
        assert "Recevabilité Vous êtes ici" in words

    def test_what_goes_round_inside_the_back_office_is_no_event_of_the_publisher(self, desk, pia):
        sent = factories.candidacy(Status.ASSESSMENT, by=pia)
        happened(sent, "accept", by="guichet", queue="instructeur")
        for _ in range(7):
            happened(sent, "hand_over", by="instructeur", queue="instructeur", reason="Congé de Sam")
        happened(sent, "hand_over", by="instructeur", queue="editeur")
        page = desk.get(page_of(sent))
        words = words_of(page)
        assert "Congé de Sam" not in words
        assert words.count("Remis") == 1
        assert "recevable" in words.split("Derniers événements")[1].lower()
        happened(sent, "hand_over", by="instructeur", queue="instructeur", at=later(9))
        assert "22 h 00" not in words_of(desk.get("/editeur/candidatures/"))

    def test_sto_65_it_says_what_failed_in_the_connection_tests(self, desk, pia):
        sent = factories.candidacy(Status.CONNECTION, by=pia, exchange="read")
        happened(sent, "tests_failed", by="guichet", reason="Jeton refusé.", facts={"build": "4.2.0"})
        assert "4.2.0 : Jeton refusé." in words_of(desk.get(page_of(sent)))

    def test_sto_58_it_says_why_it_goes_before_another_session(self, desk, pia):
        sent = factories.candidacy(Status.COMMISSION, by=pia)
        facts = {"session": "x", "held_on": "2026-12-09"}
        happened(sent, "hand_over", by="secretariat", queue="secretariat", reason="Salle fermée.", facts=facts)
        words = words_of(desk.get(page_of(sent)))
        assert "Report à la séance du 9 décembre 2026 Salle fermée." in words

    def test_refused_it_may_be_taken_up_again(self, desk, pia):
        words = words_of(desk.get(page_of(factories.candidacy(Status.REFUSED, by=pia))))
        assert "Reprendre dans une nouvelle candidature" in words
        assert "Ce qui vous attend" not in words
        assert "Abandonner cette candidature" not in words

    @pytest.mark.parametrize("status", Status)
    def test_every_state_has_a_page(self, desk, pia, status):
        assert desk.get(page_of(factories.candidacy(status, by=pia))).status_code == 200


class TestWho:
    def test_sto_13_that_of_another_publisher_does_not_exist(self, desk):
        assert desk.get(page_of(factories.candidacy())).status_code == 404

    def test_at_most_twelve_queries_and_the_same_for_one_and_for_twenty_rows(self, desk, pia):
        draft = factories.candidacy(by=pia, exchange="read")
        desk.get(page_of(draft))
        with CaptureQueriesContext(connection) as for_few:
            desk.get(page_of(draft))
        factories.answered(draft)
        factories.sheet(draft)
        for _ in range(20):
            factories.evidence(draft)
        for category in ("mesures", "agenda", "documents"):
            consent_text(draft, category)
        with CaptureQueriesContext(connection) as for_many:
            desk.get(page_of(draft))
        assert len(for_many) == len(for_few)
        assert len(for_few) <= 12, [query["sql"][:90] for query in for_few]
