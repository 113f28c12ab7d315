"""PU-07: check, declare, prove who one is, send; the receipt."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest
import time_machine

from apps.store.models import Answer, Candidacy
from apps.store.states import Status
from tests.dmp.pages import title_of, words_of
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.candidacy.writing import form_in, page_of, whole

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(pia) -> Candidacy:
    return whole(pia)


@pytest.fixture
def path(draft) -> str:
    return page_of(draft, "envoyer/")


class TestCheck:
    def test_pu_07_what_is_missing_with_the_page_of_each(self, desk, draft, path):
        Answer.objects.filter(candidacy=draft, criterion="CRI-SEC-06").delete()
        Candidacy.objects.filter(id=draft.id).update(orientation={**draft.orientation, "ai": ""})
        draft.sheets.update(support_email="", price="")
        page = desk.get(path)
        words = words_of(page)
        assert "Il manque 3 points" in words
        assert "Orientation : 1 question" in words
        assert "Sécurité : Les mots de passe sont-ils conformes" in words
        assert "Fiche publique : Prix, Adresse e-mail de l'assistance" in words
        assert f'href="{page_of(draft, "rubrique/securite/")}#CRI-SEC-06"' in page.content.decode()
        assert 'name="charter"' not in page.content.decode()

    def test_a_criterion_that_wants_a_piece_says_so(self, desk, draft, path):
        for piece in draft.evidence.all():
            piece.criteria = []
            piece.save()
        assert "(avec une pièce)" in words_of(desk.get(path))

    def test_a_whole_dossier_shows_what_is_sent_and_the_declaration(self, desk, path):
        words = words_of(desk.get(path))
        assert "Le dossier est complet." in words
        assert "Je déclare, au nom de l'éditeur, que ces réponses sont exactes" in words
        assert "1 pièce" in words

    def test_sto_48_who_has_no_mandate_cannot_send_and_learns_why(self, other_desk, path):
        page = other_desk.get(path)
        assert "Seul un signataire de votre organisme envoie un dossier." in words_of(page)
        assert 'name="charter"' not in page.content.decode()


class TestSending:
    def send(self, client, path, **values):
        return client.post(path, {"charter": "on", **form_in(client.get(path)), **values})

    def test_pu_07_sent_with_a_receipt(self, desk, draft, path):
        response = self.send(desk, path)
        assert response["Location"] == page_of(draft, "recepisse/")
        draft.refresh_from_db()
        assert draft.status == Status.SUBMITTED
        page = desk.get(response["Location"])
        words = words_of(page)
        assert title_of(page).startswith("Dossier envoyé – Récépissé du dossier")
        assert draft.number in words
        assert "le 25 novembre 2026 à 13 h 00" in words
        assert "Pia Lormont" in words
        assert " ".join(draft.snapshot_hash[start : start + 4] for start in range(0, 64, 4)) in words
        assert "les contrôles automatiques sont en cours" in words
        declared = desk.get(page_of(draft, f"declaration/{draft.snapshot_hash}/"))
        assert hashlib.sha256(declared.content).hexdigest() == draft.snapshot_hash
        assert json.loads(declared.content)["number"] == draft.number
        assert declared["Content-Disposition"].startswith(f'attachment; filename="declaration-{draft.number}-')
        assert desk.get(page_of(draft, f"declaration/{'0' * 64}/")).status_code == 404

    def test_idn_37_sending_asks_who_is_there_once_more(self, desk, draft, path):
        page = form_in(desk.get(path))
        with time_machine.travel(NOON + timedelta(minutes=6), tick=False):
            response = desk.post(path, page | {"charter": "on"})
        assert response["Location"].startswith("/confirmer-identite/")
        draft.refresh_from_db()
        assert draft.status == Status.DRAFT

    def test_without_the_declaration_nothing_is_sent(self, desk, draft, path):
        page = desk.post(path, form_in(desk.get(path)))
        assert page.status_code == 422
        assert "Cochez la déclaration pour envoyer le dossier." in words_of(page)
        draft.refresh_from_db()
        assert draft.status == Status.DRAFT

    def test_what_went_missing_meanwhile_is_said(self, desk, draft, path):
        sent = form_in(desk.get(path)) | {"charter": "on"}
        Answer.objects.filter(candidacy=draft, criterion="CRI-SEC-06").delete()
        page = desk.post(path, sent)
        assert page.status_code == 422
        assert "Il manque 1 point" in words_of(page)

    def test_a_second_click_gives_the_same_receipt(self, desk, draft, path):
        sent = form_in(desk.get(path)) | {"charter": "on"}
        for _twice in range(2):
            response = desk.post(path, sent)
            assert response["Location"] == page_of(draft, "recepisse/")
            assert title_of(desk.get(response["Location"])).startswith("Dossier envoyé")
        assert draft.events.count() == 1

    def test_s34_given_up_meanwhile_it_says_so(self, desk, draft, path):
        sent = form_in(desk.get(path)) | {"charter": "on"}
        Candidacy.objects.filter(id=draft.id).update(status=Status.ABANDONED)
        assert desk.post(path, sent)["Location"] == page_of(draft)
        assert "Le dossier n'est plus un brouillon" in words_of(desk.get(page_of(draft)))

    def test_a_mandate_that_ended_meanwhile(self, desk, draft, path, pia):
        sent = form_in(desk.get(path)) | {"charter": "on"}
        pia.mandate_until = (NOON - timedelta(days=1)).date()
        pia.save()
        page = desk.post(path, sent)
        assert page.status_code == 422
        assert "Votre mandat est terminé." in words_of(page)

    def test_once_sent_the_page_leads_to_the_dossier(self, desk, pia):
        sent = factories.candidacy(Status.ASSESSMENT, by=pia)
        assert desk.get(page_of(sent, "envoyer/"))["Location"] == page_of(sent)

    def test_a_draft_has_no_receipt(self, desk, draft):
        assert desk.get(page_of(draft, "recepisse/")).status_code == 404
