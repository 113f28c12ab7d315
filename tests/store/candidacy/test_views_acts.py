"""Reading a dossier whole, giving it up, taking it up again (STO-67, PU-10)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.store.models import Candidacy
from apps.store.states import ListingStatus, Status
from tests.dmp.pages import title_of, words_of
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.candidacy.writing import CONSENT, form_in, page_of, whole

pytestmark = pytest.mark.django_db


class TestReading:
    def test_everything_that_the_publisher_says(self, desk, pia):
        draft = whole(pia, exchange="read")
        page = desk.get(page_of(draft, "relire/"))
        words = words_of(page)
        assert title_of(page).startswith("Tout le dossier – Espace éditeurs")
        assert "Oui, depuis 2025." in words
        assert "https://www.carnet-souffle.example/" in words
        assert "Noter ses crises et préparer sa consultation." in words
        assert CONSENT["text"] in words
        assert "Preuves (" in words
        assert "30 juin 2027" in words  # a date of an answer

    def test_an_empty_draft(self, desk, pia):
        words = words_of(desk.get(page_of(factories.candidacy(by=pia), "relire/")))
        assert "Pas encore de réponse" in words
        assert "Rien n'est encore écrit." in words
        assert "Aucune pièce n'a été ajoutée." in words

    @pytest.mark.parametrize("status", Status)
    def test_in_every_state(self, desk, pia, status):
        assert desk.get(page_of(factories.candidacy(status, by=pia), "relire/")).status_code == 200

    def test_sto_13_not_that_of_another_publisher(self, desk):
        assert desk.get(page_of(factories.candidacy(), "relire/")).status_code == 404

    def test_hostile_words_stay_words(self, desk, pia):
        draft = factories.candidacy(by=pia)
        factories.answered(draft)
        draft.answers.update(comment='<img src=x onerror="alert(1)">')
        assert "<img src=x" not in desk.get(page_of(draft, "relire/")).content.decode()

    def test_same_queries_for_one_and_for_many(self, desk, pia):
        draft = factories.candidacy(by=pia)
        place = page_of(draft, "relire/")
        desk.get(place)
        with CaptureQueriesContext(connection) as for_none:
            desk.get(place)
        factories.answered(draft)
        for _ in range(20):
            factories.evidence(draft)
        with CaptureQueriesContext(connection) as for_many:
            desk.get(place)
        assert len(for_none) == len(for_many) <= 12


class TestWithdrawing:
    def test_sto_67_after_a_confirmation(self, desk, pia):
        made = factories.candidacy(Status.ASSESSMENT, by=pia)
        page = desk.get(page_of(made, "retirer/"))
        assert "Nous arrêtons aussitôt d'examiner le dossier." in words_of(page)
        assert desk.post(page_of(made, "retirer/"), form_in(page))["Location"] == page_of(made)
        assert title_of(desk.get(page_of(made))).startswith("Candidature abandonnée – ")
        made.refresh_from_db()
        assert made.status == Status.ABANDONED

    def test_s34_the_page_says_who_was_quicker(self, desk, other_desk, pia):
        made = factories.candidacy(by=pia)
        sent = form_in(desk.get(page_of(made, "retirer/")))
        desk.post(page_of(made, "retirer/"), sent)
        desk.get(page_of(made))
        desk.post(page_of(made, "retirer/"), sent)
        words = words_of(desk.get(page_of(made)))
        assert "Rien n'a été modifié" in words
        assert "Modifié par Pia Lormont le 25 novembre 2026 à 13 h 00." in words
        assert made.events.count() == 1

    @pytest.mark.parametrize("seen", ["²", "x", "9" * 5000])
    def test_a_forged_page_gives_nothing_up(self, desk, pia, seen):
        made = factories.candidacy(by=pia)
        assert desk.post(page_of(made, "retirer/"), {"seen": seen}).status_code == 302
        made.refresh_from_db()
        assert made.status == Status.DRAFT

    def test_sto_13_a_technical_contact_is_refused_with_a_reason(self, other_desk, pia):
        made = factories.candidacy(by=pia)
        closed = other_desk.get(page_of(made, "retirer/"))
        assert closed.status_code == 403
        assert "administrateur de l'organisme, signataire" in words_of(closed)
        other_desk.post(page_of(made, "retirer/"), {"seen": "0"})
        assert "Seul un administrateur ou un signataire" in words_of(other_desk.get(page_of(made)))
        made.refresh_from_db()
        assert made.status == Status.DRAFT

    @pytest.mark.parametrize("status", [Status.PUBLISHED, Status.REFUSED, Status.APPEAL])
    def test_not_at_the_end(self, desk, pia, status):
        assert desk.get(page_of(factories.candidacy(status, by=pia), "retirer/")).status_code == 404


class TestCopying:
    @pytest.fixture
    def refused(self, pia) -> Candidacy:
        made = factories.candidacy(Status.REFUSED, by=pia)
        factories.answered(made)
        return made

    def test_pu_10_a_new_draft_with_the_answers(self, desk, refused):
        place = page_of(refused, "reprendre/")
        response = desk.post(place, form_in(desk.get(place)))
        made = refused.copies.get()
        assert response["Location"] == page_of(made)
        assert made.answers.count() == refused.answers.count()
        words = words_of(desk.get(page_of(made)))
        assert f"Candidature {made.number} commencée" in words

    def test_sent_twice_it_is_one(self, desk, refused):
        place = page_of(refused, "reprendre/")
        sent = form_in(desk.get(place))
        assert desk.post(place, sent)["Location"] == desk.post(place, sent)["Location"]
        assert refused.copies.count() == 1

    def test_s32_another_one_that_is_open_is_shown(self, desk, refused, pia):
        other = factories.candidacy(by=pia, service=refused.service)
        place = page_of(refused, "reprendre/")
        assert desk.post(place, form_in(desk.get(place)))["Location"] == page_of(other)
        assert "Pas de nouveau dossier" in words_of(desk.get(page_of(other)))

    def test_sto_22_of_a_service_that_has_left_it_says_what_to_do(self, desk, refused, pia):
        factories.listing(ListingStatus.WITHDRAWN, ended_at=NOON, candidacy=factories.candidacy(
            Status.PUBLISHED, by=pia, service=refused.service))  # fmt: skip
        place = page_of(refused, "reprendre/")
        answer = desk.post(place, form_in(desk.get(place)), follow=True)
        assert "commencez un dossier sous un autre nom" in words_of(answer)
        assert refused.copies.count() == 0

    def test_a_wrong_token_makes_a_new_id(self, desk, refused):
        assert desk.post(page_of(refused, "reprendre/"), {"token": "x"}).status_code == 302
        assert refused.copies.count() == 1

    def test_not_of_a_draft(self, desk, pia):
        made = factories.candidacy(by=pia)
        assert desk.get(page_of(made, "reprendre/")).status_code == 404
        assert desk.post(page_of(made, "reprendre/"))["Location"] == page_of(made)
        assert made.copies.count() == 0
