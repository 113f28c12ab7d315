"""Pages of reservations and of appeals (RV-08, RV-15)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import StaffRole
from apps.files.models import StoredFile
from apps.store.models import Appeal
from apps.store.states import Queue, Status
from tests.cast import client_of
from tests.dmp.pages import title_of, words_of
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.commission import scenes
from tests.store.commission.test_views_decisions import at, reader, refresh
from tests.tagged_pdf import faults_of_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


class TestReservations:
    def test_lift_and_ask_again(self):
        dossier = factories.candidacy(Status.RESERVATIONS, queue=Queue.ASSESSOR)
        answer = {"answer": "Déclaration publiée.", "answered_by": dossier.created_by, "answered_at": NOON}
        first, second = scenes.reserved(dossier, **answer), scenes.reserved(dossier, **answer)
        client = reader(dossier, StaffRole.ASSESSOR)
        words = words_of(client.get(at(dossier, "reserves/")))
        assert words.count("Examiner la réponse") == 2
        assert "Déclaration publiée." in words
        client.post(at(dossier, f"reserves/{first.pk}/"), {"answer": "lift", "seen": "0"})
        assert refresh(first).lifted_at == NOON
        page = client.post(at(dossier, f"reserves/{second.pk}/"), {"answer": "back", "seen": "0"})
        assert "Indiquez ce qui manque encore." in words_of(page)
        answers = {"answer": "back", "reason": "La date manque.", "seen": "0"}
        told = client.post(at(dossier, f"reserves/{second.pk}/"), answers, follow=True)
        assert "Éditeur de nouveau sollicité" in words_of(told)
        assert refresh(dossier).queue == Queue.PUBLISHER

    def test_pieces_of_an_answer(self):
        dossier = factories.candidacy(Status.RESERVATIONS, queue=Queue.ASSESSOR)
        clean = factories.evidence(dossier, title="Déclaration")
        waiting = factories.evidence(dossier, title="Annexe", state=StoredFile.State.WAITING)
        row = scenes.reserved(
            dossier, answer="Voici.", answered_by=dossier.created_by, answered_at=NOON,
            evidence_ids=[clean.pk, waiting.pk],
        )  # fmt: skip
        client = reader(dossier, StaffRole.ASSESSOR)
        for act in ("reserves/", f"reserves/{row.pk}/"):
            page = client.get(at(dossier, act))
            assert f"pieces/{clean.pk}/" in page.content.decode()
            assert f"pieces/{waiting.pk}/" not in page.content.decode()
            assert "Annexe" in words_of(page)

    def test_sto_41_after_publication_those_that_kept_nothing_back(self):
        dossier = factories.listing().candidacy
        answer = {"answer": "Publiée.", "answered_by": dossier.created_by, "answered_at": NOON}
        row = scenes.reserved(dossier, is_suspensive=False, **answer)
        page = reader(dossier, StaffRole.DESK).get(at(dossier, "reserves/"))
        assert "Examiner la réponse" not in words_of(page)
        client = reader(dossier, StaffRole.ASSESSOR)
        assert "Examiner la réponse" in words_of(client.get(at(dossier, "reserves/")))
        client.post(at(dossier, f"reserves/{row.pk}/"), {"answer": "lift", "seen": "0"})
        assert refresh(row).lifted_at == NOON

    def test_none(self):
        dossier = scenes.opined()
        words = words_of(reader(dossier, StaffRole.DESK).get(at(dossier, "reserves/")))
        assert "L'avis de la commission n'a pas de réserves." in words

    def test_a_reservation_of_another_dossier(self):
        dossier, other = (factories.candidacy(Status.RESERVATIONS, queue=Queue.ASSESSOR) for _ in range(2))
        row = scenes.reserved(other)
        assert reader(dossier, StaffRole.ASSESSOR).get(at(dossier, f"reserves/{row.pk}/")).status_code == 404


class TestAppeals:
    def appealed(self, **values):
        dossier = factories.candidacy(Status.APPEAL, assessor=scenes.person(), second_reader=scenes.person())
        row = scenes.decision(dossier, confirmed_by=scenes.person(), confirmed_at=NOON)
        return Appeal.objects.create(
            candidacy=dossier, decision=row, kind="gracieux", text="Le certificat est valable.", filed_at=NOON,
            filed_by=dossier.created_by, due_at=dossier.due_at, decided_by=row.decided_by, **values,
        )  # fmt: skip

    def test_list(self):
        client = client_of(scenes.person(StaffRole.APPEALS))
        assert "Rien n'attend." in words_of(client.get("/instruction/recours/"))
        appeal = self.appealed()
        words = words_of(client.get("/instruction/recours/"))
        assert appeal.candidacy.service.name in words
        with CaptureQueriesContext(connection) as one:
            client.get("/instruction/recours/")
        for _ in range(19):
            self.appealed()
        with CaptureQueriesContext(connection) as twenty:
            client.get("/instruction/recours/")
        assert len(one) == len(twenty) <= 12

    def test_l8_reasons_of_the_other_answer_do_not_fit(self):
        appeal = self.appealed()
        client = reader(appeal.candidacy, StaffRole.APPEALS)
        page = client.get(at(appeal.candidacy, "recours/"))
        assert "Le certificat est valable." in words_of(page)
        answers = {"outcome": "overturned", "upheld": ["nothing-new"], "text": "x", "seen": "0"}
        wrong = client.post(at(appeal.candidacy, "recours/"), answers)
        assert "Ces motifs vont avec l'autre réponse" in words_of(wrong)
        assert title_of(wrong).startswith("Erreur")

    def test_answered(self):
        appeal = self.appealed()
        dossier = appeal.candidacy
        client = reader(dossier, StaffRole.APPEALS)
        answers = {"outcome": "overturned", "overturned": ["fact-wrong"], "text": "Certificat lu.", "seen": "0"}
        for _twice in range(2):
            told = client.post(at(dossier, "recours/"), answers, follow=True)
            assert "Réponse au recours envoyée" in words_of(told)
        assert "Réponse au recours du 25 novembre 2026 (PDF)" in words_of(told)
        assert refresh(appeal).reasons == "Un fait sur lequel la décision repose est inexact.\nCertificat lu."
        assert refresh(dossier).status == Status.ASSESSMENT
        assert faults_of_pdf(client.get(at(dossier, f"recours/{appeal.pk}/reponse/")).content) == []
        assert client.get(at(dossier, "recours/")).status_code == 404

    def test_sto_45_said_in_words_to_whoever_decided(self):
        appeal = self.appealed()
        who = appeal.decided_by
        factories.people.StaffMembership.objects.create(
            user=who, role=StaffRole.APPEALS, started_at=NOON - timedelta(days=9)
        )
        scenes.declared(appeal.candidacy, who)
        page = client_of(who).post(at(appeal.candidacy, "recours/"), {"outcome": "upheld", "text": "x", "seen": "0"})
        assert page.status_code == 422
        assert "une autre personne doit le faire" in words_of(page)

    def test_only_officers_for_appeals(self):
        appeal = self.appealed()
        assert reader(appeal.candidacy, StaffRole.DELEGATE).get(at(appeal.candidacy, "recours/")).status_code == 404
        assert client_of(scenes.person(StaffRole.DESK)).get("/instruction/recours/").status_code == 404


@pytest.mark.parametrize(
    "act",
    [
        "decision/", "decision/prendre/", "decision/confirmer/", "reserves/", "convention/", "convention/signer/",
        "accrochage/", "publier/", "recours/",
    ],
)  # fmt: skip
def test_s33_a_link_shuts_every_page_of_the_dossier(act):
    dossier = scenes.opined()
    who = scenes.person(StaffRole.DELEGATE, StaffRole.DESK, StaffRole.APPEALS, StaffRole.ASSESSOR)
    scenes.declared(dossier, who)
    scenes.ReviewerTie.objects.create(user=who, siren=dossier.publisher.siren, kind="salarié", since=NOON.date())
    client = client_of(who)
    assert client.get(at(dossier, act)).status_code == client.post(at(dossier, act)).status_code == 404


def test_there_is_nothing_to_decide_before_the_opinion(noon):
    dossier = factories.candidacy(Status.COMMISSION)
    client = client_of(scenes.delegate(dossier))
    assert client.get(at(dossier, "decision/prendre/")).status_code == 404
