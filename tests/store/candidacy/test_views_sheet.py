"""PU-04: the page on which the public page is written (STO-84, S34)."""

from __future__ import annotations

import pytest

from apps.store.models import Candidacy
from apps.store.services import sheets
from apps.store.states import Status
from tests.dmp.pages import title_of, words_of
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.candidacy.writing import form_in, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(pia) -> Candidacy:
    return factories.candidacy(by=pia)


@pytest.fixture
def path(draft) -> str:
    return page_of(draft, "fiche/")


class TestPage:
    def test_sto_84_saved_incomplete_and_counted(self, desk, draft, path):
        sent = form_in(desk.get(path)) | {"tagline": "Noter ses crises.", "languages": ["fr", "en"]}
        assert desk.post(path, sent)["Location"] == page_of(draft)
        assert title_of(desk.get(page_of(draft))).startswith("2 champs sur 12 remplis – ")
        made = draft.sheets.get()
        assert (made.tagline, made.languages, made.price) == ("Noter ses crises.", ["fr", "en"], "")

    def test_all_of_it_travels_to_the_form_and_back(self, desk, draft, path):
        made = factories.sheet(
            draft, accessibility_rate=92, device_class="IIa", eco_score="B", support_phone="02 61 91 55 00",
            price_detail="Sans abonnement.", description="Un.\nDeux.", needs=["enfant", "sommeil"],
        )  # fmt: skip
        before = sheets.contents_of(made)
        page = desk.get(path)
        assert "Dernier enregistrement par" in words_of(page)
        desk.post(path, form_in(page) | {"stay": "1"})
        made.refresh_from_db()
        assert sheets.contents_of(made) == before
        assert made.version == 1

    @pytest.mark.parametrize(
        ("name", "value", "words"),
        [
            ("web_url", "souffle", "Adresse du site"),
            ("accessibility_rate", "101", "Écrivez un nombre entier entre 0 et 100."),
            ("support_email", "aide", "Écrivez une adresse comme contact@service.example."),
            ("support_phone", "appelez-nous", "Écrivez un numéro de téléphone"),
            ("tagline", "x" * 81, "Accroche"),
            ("hosting_country", "ZZ", "Pays d'hébergement"),
            ("languages", ["fr", "xx"], "Langues du service"),
        ],
    )
    def test_format_alone_is_a_fault(self, desk, draft, path, name, value, words):
        page = desk.post(path, form_in(desk.get(path)) | {name: value, "hosting_name": "Rive Cloud"})
        assert page.status_code == 422
        assert words in words_of(page)
        assert form_in(page)["hosting_name"] == "Rive Cloud"
        assert draft.sheets.count() == 0


class TestTwoMembers:
    def test_s34_both_are_shown_and_saving_once_more_keeps_ones_own(self, desk, other_desk, draft, path):
        mine, theirs = form_in(desk.get(path)), form_in(other_desk.get(path))
        other_desk.post(path, theirs | {"tagline": "De Marc", "hosting_name": "Hôte de Marc"})
        page = desk.post(path, mine | {"tagline": "De Pia"})
        words = words_of(page)
        assert page.status_code == 422
        assert "Modifié par Marc Delmas le 25 novembre 2026 à 13 h 00." in words
        assert "De Marc" in words
        assert "Hôte de Marc" in words
        assert draft.sheets.get().tagline == "De Marc"
        assert desk.post(path, form_in(page)).status_code == 302
        made = draft.sheets.get()
        assert (made.tagline, made.hosting_name, made.version) == ("De Pia", "", 2)

    def test_pu_07_sent_meanwhile(self, desk, pia, draft, path):
        sent = form_in(desk.get(path)) | {"tagline": "Trop tard"}
        Candidacy.objects.filter(id=draft.id).update(status=Status.SUBMITTED, submitted_by=pia.user, submitted_at=NOON)
        page = desk.post(path, sent)
        assert page.status_code == 422
        assert form_in(page)["tagline"] == "Trop tard"

    def test_once_sent_the_page_is_to_be_read(self, desk, pia):
        sent = factories.candidacy(Status.ASSESSMENT, by=pia)
        assert desk.get(page_of(sent, "fiche/"))["Location"] == page_of(sent, "relire/")
