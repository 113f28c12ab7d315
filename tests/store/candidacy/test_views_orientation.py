"""PU-04: the page of the orientation (STO-28, S34)."""

from __future__ import annotations

import pytest

from apps.store import orientation
from apps.store.states import Status
from tests.dmp.pages import title_of, words_of
from tests.store import factories
from tests.store.candidacy.writing import form_in, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(pia):
    return factories.candidacy(by=pia, orientation={"web": "yes"})


@pytest.fixture
def path(draft):
    return page_of(draft, "orientation/")


class TestPage:
    def test_every_question_with_the_answer_that_stands(self, desk, path):
        page = desk.get(path)
        words = words_of(page)
        assert all(" ".join(str(question.label).split()) in words for question in orientation.QUESTIONS)
        sent = form_in(page)
        assert (sent["web"], sent["service_kind"], sent["exchange"]) == ("yes", "suivi", "none")
        assert "mobile" not in sent

    def test_saved_it_says_how_many_criteria_apply(self, desk, draft, path):
        sent = form_in(desk.get(path)) | {"mobile": "yes", "web": "no"}
        response = desk.post(path, sent)
        assert response["Location"] == page_of(draft)
        page = desk.get(page_of(draft))
        assert title_of(page).startswith("Orientation enregistrée – ")
        assert "critères s'appliquent à votre service." in words_of(page)
        draft.refresh_from_db()
        assert draft.orientation == {"web": "no", "mobile": "yes"}

    def test_sto_07_wellness_with_an_exchange_is_a_fault(self, desk, draft, path):
        sent = form_in(desk.get(path)) | {"service_kind": "bien_etre", "exchange": "read"}
        page = desk.post(path, sent)
        assert page.status_code == 422
        assert "ne reçoit jamais de données de l'espace." in words_of(page)


class TestTwoMembers:
    def test_s34_both_are_shown_and_saving_once_more_keeps_ones_own(self, desk, other_desk, draft, path):
        mine, theirs = form_in(desk.get(path)), form_in(other_desk.get(path))
        other_desk.post(path, theirs | {"ai": "yes", "exchange": "read"})
        page = desk.post(path, mine | {"ai": "no"})
        words = words_of(page)
        assert page.status_code == 422
        assert "Un autre membre a enregistré l'orientation entre-temps." in words
        assert "Modifié par Marc Delmas le 25 novembre 2026 à 13 h 00." in words
        draft.refresh_from_db()
        assert (draft.orientation["ai"], draft.exchange) == ("yes", "read")
        again = form_in(page)
        assert again["ai"] == "no"
        assert desk.post(path, again).status_code == 302
        draft.refresh_from_db()
        assert (draft.orientation["ai"], draft.exchange) == ("no", "none")

    def test_pu_07_sent_meanwhile_what_was_typed_stays_on_the_page(self, desk, pia, draft, path):
        sent = form_in(desk.get(path)) | {"ai": "yes"}
        type(draft).objects.filter(id=draft.id).update(
            status=Status.SUBMITTED, submitted_by=pia.user, submitted_at=draft.created_at
        )
        page = desk.post(path, sent)
        assert page.status_code == 422
        assert "Le dossier a été envoyé entre-temps" in words_of(page)
        assert form_in(page)["ai"] == "yes"

    def test_once_sent_the_page_is_to_be_read(self, desk, pia):
        sent = factories.candidacy(Status.ASSESSMENT, by=pia)
        assert desk.get(page_of(sent, "orientation/"))["Location"] == page_of(sent, "relire/")
