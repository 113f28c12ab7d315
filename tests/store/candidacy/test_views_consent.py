"""PU-04: pages of the texts that holders read (STO-04, S34)."""

from __future__ import annotations

import pytest

from apps.store.models import Candidacy
from apps.store.states import Status
from tests.dmp.pages import title_of, words_of
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.candidacy.writing import CONSENT, consent_text, form_in, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(pia) -> Candidacy:
    return factories.candidacy(by=pia, exchange="read")


@pytest.fixture
def texts(draft) -> str:
    return page_of(draft, "informations/")


class TestList:
    def test_sto_04_each_category_and_the_very_words(self, desk, draft, texts):
        consent_text(draft)
        words = words_of(desk.get(texts))
        assert "Ce que le titulaire lira : " + CONSENT["text"] in words
        assert "24 mois" in words
        assert words.count("Pas demandé") == 3

    def test_a_service_without_exchange_needs_none(self, desk, pia):
        words = words_of(desk.get(page_of(factories.candidacy(by=pia), "informations/")))
        assert "Le service n'échange aucune donnée" in words
        assert "Aller à l'orientation" in words

    def test_once_sent_they_are_to_be_read(self, desk, pia):
        sent = factories.candidacy(Status.ASSESSMENT, by=pia, exchange="read")
        consent_text(sent)
        page = desk.get(page_of(sent, "informations/"))
        assert CONSENT["text"] in words_of(page)
        assert "Retirer" not in words_of(page)

    def test_their_words_are_shown_as_words(self, desk, draft, texts):
        consent_text(draft, text="<script>alert(1)</script>")
        assert "&lt;script&gt;" in desk.get(texts).content.decode()


class TestWriting:
    def test_a_text_is_saved(self, desk, draft, texts):
        place = f"{texts}mesures/lire/"
        assert desk.post(place, form_in(desk.get(place)) | CONSENT)["Location"] == texts
        assert title_of(desk.get(texts)).startswith("Texte enregistré – ")
        assert draft.consent_texts.get().text == CONSENT["text"]

    @pytest.mark.parametrize("name", list(CONSENT))
    def test_sto_04_the_law_asks_for_each_part(self, desk, draft, texts, name):
        place = f"{texts}mesures/lire/"
        page = desk.post(place, form_in(desk.get(place)) | CONSENT | {name: " "})
        assert page.status_code == 422
        assert draft.consent_texts.count() == 0
        kept = next(other for other in CONSENT if other != name)
        assert form_in(page)[kept] == CONSENT[kept]

    @pytest.mark.parametrize("place", ["mesures/ajouter/", "mesures/read/", "inconnue/lire/"])
    def test_what_the_service_may_not_ask_for_does_not_exist(self, desk, texts, place):
        assert desk.get(f"{texts}{place}").status_code == 404

    def test_s34_two_members_at_once(self, desk, other_desk, draft, texts):
        place = f"{texts}mesures/lire/"
        mine, theirs = form_in(desk.get(place)), form_in(other_desk.get(place))
        other_desk.post(place, theirs | CONSENT | {"text": "De Marc"})
        page = desk.post(place, mine | CONSENT | {"text": "De Pia"})
        assert page.status_code == 422
        assert "Modifié par Marc Delmas le 25 novembre 2026 à 13 h 00." in words_of(page)
        assert "De Marc" in words_of(page)
        assert draft.consent_texts.get().text == "De Marc"
        assert desk.post(place, form_in(page)).status_code == 302
        assert (draft.consent_texts.get().text, draft.consent_texts.get().version) == ("De Pia", 2)

    def test_sto_07_the_exchange_given_up_meanwhile_what_was_typed_stays(self, desk, draft, texts):
        place = f"{texts}mesures/lire/"
        sent = form_in(desk.get(place)) | CONSENT
        Candidacy.objects.filter(id=draft.id).update(exchange="none")
        page = desk.post(place, sent)
        assert page.status_code == 422
        assert "le service ne demande plus ces données." in words_of(page)
        assert form_in(page)["text"] == CONSENT["text"]

    def test_pu_07_sent_meanwhile(self, desk, pia, draft, texts):
        place = f"{texts}mesures/lire/"
        sent = form_in(desk.get(place)) | CONSENT
        Candidacy.objects.filter(id=draft.id).update(status=Status.SUBMITTED, submitted_by=pia.user, submitted_at=NOON)
        page = desk.post(place, sent)
        assert page.status_code == 422
        assert form_in(page)["text"] == CONSENT["text"]
        assert desk.get(place)["Location"] == texts


class TestRemoving:
    def test_after_a_confirmation(self, desk, draft, texts):
        consent_text(draft)
        place = f"{texts}mesures/lire/retirer/"
        page = desk.get(place)
        assert "Ne plus demander ces données" in words_of(page)
        assert desk.post(place, form_in(page))["Location"] == texts
        assert draft.consent_texts.count() == 0

    def test_s34_not_one_that_was_changed_meanwhile(self, desk, draft, texts):
        row = consent_text(draft)
        place = f"{texts}mesures/lire/retirer/"
        sent = form_in(desk.get(place))
        row.version, row.text = 2, "Autrement."
        row.save()
        for seen in (sent["seen"], "²", "9" * 5000):
            desk.post(place, {**sent, "seen": seen})
        assert "Rien n'a été retiré" in words_of(desk.get(texts))
        assert draft.consent_texts.count() == 1

    def test_one_that_is_not_there_does_not_exist(self, desk, texts):
        assert desk.get(f"{texts}mesures/lire/retirer/").status_code == 404
