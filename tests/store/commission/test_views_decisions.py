"""Pages of decision, agreement, connection, publication (RV-08, RV-09)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import StaffRole
from apps.files.models import StoredFile
from apps.store.models import CandidacyStep, Decision, Judgement, Listing, Signature
from apps.store.services import agreeing
from apps.store.states import Queue, Status
from tests.cast import client_of
from tests.dmp.pages import title_of, words_of
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.commission import scenes
from tests.tagged_pdf import faults_of_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
ANSWERS = {
    "kind": "accept", "grounds": ["R1111-38", "arrete-2022-06-23"], "facts": "Les critères sont remplis.",
    "signatory": "Claire Aubin, déléguée adjointe", "seen": "0",
}  # fmt: skip


def at(dossier, act) -> str:
    return f"/instruction/dossiers/{dossier.pk}/{act}"


def reader(dossier, *roles):
    """A browser of somebody of these roles who has declared no link."""
    who = scenes.person(*roles)
    scenes.declared(dossier, who)
    return client_of(who)


def refresh(row):
    row.refresh_from_db()
    return row


class TestDecide:
    def test_everybody_of_the_back_office_reads_it_and_only_the_turn_acts(self):
        dossier = scenes.opined()
        scenes.reserved(dossier, is_suspensive=False)
        for role, acts in ((StaffRole.DELEGATE, True), (StaffRole.DESK, False), (StaffRole.MEMBER, False)):
            words = words_of(reader(dossier, role).get(at(dossier, "decision/")))
            assert "Séance du 18 novembre 2026" in words
            assert "Publier la déclaration d'accessibilité." in words
            assert ("Prendre la décision" in words) is acts

    def test_decisions_with_their_people_and_state(self):
        dossier = scenes.opined("defavorable")
        scenes.decision(dossier, returned_by=scenes.person(), returned_at=NOON, return_reason="Pièce non lue.")
        words = words_of(reader(dossier, StaffRole.DELEGATE).get(at(dossier, "decision/")))
        assert "Décision de refus" in words
        assert "Renvoyée" in words
        assert "Pièce non lue." in words

    def test_as_many_queries_with_twenty_decisions(self):
        dossier = scenes.opined()
        client = reader(dossier, StaffRole.DELEGATE)

        def count():
            with CaptureQueriesContext(connection) as queries:
                assert client.get(at(dossier, "decision/")).status_code == 200
            return len(queries)

        scenes.decision(dossier)
        count()
        one = count()
        for _ in range(19):
            scenes.decision(dossier)
            scenes.reserved(dossier)
        assert count() == one <= 12


class TestTaking:
    def test_the_notice_is_read_before_anything_is_kept(self):
        dossier = scenes.opined()
        client = reader(dossier, StaffRole.DELEGATE)
        page = client.post(at(dossier, "decision/prendre/"), ANSWERS)
        words = words_of(page)
        assert "Lire la notification avant de décider" in words
        assert "Les critères sont remplis." in words
        assert "Claire Aubin, déléguée adjointe" in words
        assert "Article R. 1111-38 du code de la santé publique" in words
        assert Decision.objects.count() == StoredFile.objects.count() == 0
        again = client.post(at(dossier, "decision/prendre/"), {**ANSWERS, "change": "1"})
        assert "Les critères sont remplis." in again.content.decode()
        told = client.post(at(dossier, "decision/prendre/"), {**ANSWERS, "confirm": "1"}, follow=True)
        assert "Décision prise" in words_of(told)
        assert refresh(dossier).status == Status.AGREEMENT
        row = Decision.objects.get()
        pdf = client.get(at(dossier, f"decision/{row.pk}/notification/"))
        assert faults_of_pdf(pdf.content) == []
        assert pdf["Content-Disposition"] == f'attachment; filename="decision-{dossier.number}.pdf"'

    def test_hidden_fields_carry_every_answer(self):
        dossier = scenes.opined("defavorable")
        for code in ("CRI-SEC-01", "CRI-SEC-02"):
            Judgement.objects.create(
                candidacy=dossier, criterion=code, version=1, verdict="non_conforme", note="Échu.", by=dossier.assessor,
                at=NOON,
            )  # fmt: skip
        client = reader(dossier, StaffRole.DELEGATE)
        answers = {**ANSWERS, "kind": "refuse", "criteria": ["CRI-SEC-01", "CRI-SEC-02"]}
        page = client.post(at(dossier, "decision/prendre/"), answers).content.decode()
        assert page.count('type="hidden" name="criteria"') == page.count('type="hidden" name="grounds"') == 2
        client.post(at(dossier, "decision/prendre/"), {**answers, "confirm": "1"})
        row = Decision.objects.get()
        assert (row.criteria, row.ground) == (["CRI-SEC-01", "CRI-SEC-02"], "R1111-38,arrete-2022-06-23")
        assert refresh(dossier).queue == Queue.CONFIRMER

    def test_l10_a_refusal_names_its_criteria(self):
        dossier = scenes.opined("defavorable")
        Judgement.objects.create(
            candidacy=dossier, criterion="CRI-SEC-01", version=1, verdict="non_conforme", by=dossier.assessor, at=NOON
        )
        page = reader(dossier, StaffRole.DELEGATE).post(at(dossier, "decision/prendre/"), {**ANSWERS, "kind": "refuse"})
        assert page.status_code == 422
        assert "Un refus nomme les critères sur lesquels il repose." in words_of(page)

    def test_the_opinion_decides_what_is_offered(self):
        dossier = scenes.opined("defavorable")
        client = reader(dossier, StaffRole.DELEGATE)
        words = words_of(client.get(at(dossier, "decision/prendre/")))
        assert "Refuser (un autre délégué confirme)" in words
        assert "Référencer le service" not in words
        assert client.post(at(dossier, "decision/prendre/"), {**ANSWERS, "confirm": "1"}).status_code == 422

    @pytest.mark.parametrize(
        ("part", "words"), [("assessor", "Vous avez instruit"), ("second_reader", "Vous avez été")]
    )
    def test_sto_19_said_in_words_to_whoever_judged(self, part, words):
        who = scenes.person(StaffRole.DELEGATE, StaffRole.ASSESSOR)
        dossier = scenes.opined(**{part: who})
        scenes.declared(dossier, who)
        page = client_of(who).post(at(dossier, "decision/prendre/"), {**ANSWERS, "confirm": "1"})
        assert page.status_code == 422
        assert words in words_of(page)
        assert Decision.objects.count() == 0

    def test_s34_a_stale_page_keeps_what_was_typed(self):
        dossier = scenes.opined(sequence=2)
        page = reader(dossier, StaffRole.DELEGATE).post(
            at(dossier, "decision/prendre/"), {**ANSWERS, "confirm": "1", "seen": "1"}
        )
        assert page.status_code == 409
        assert "Les critères sont remplis." in page.content.decode()
        assert Decision.objects.count() == 0

    def test_idn_37_asked_again_who_is_there(self):
        dossier = scenes.opined()
        client = reader(dossier, StaffRole.DELEGATE)
        with time_machine.travel(NOON + timedelta(minutes=6), tick=False):
            answer = client.get(at(dossier, "decision/prendre/"))
        assert answer.status_code == 302
        assert "next=" in answer["Location"]

    def test_only_delegates(self):
        dossier = scenes.opined()
        for role in (StaffRole.DESK, StaffRole.ASSESSOR, StaffRole.SECRETARIAT):
            assert reader(dossier, role).get(at(dossier, "decision/prendre/")).status_code == 404


class TestConfirm:
    def proposed(self):
        dossier = scenes.opined("defavorable", queue=Queue.CONFIRMER)
        return dossier, scenes.decision(dossier)

    def test_confirmed(self):
        dossier, row = self.proposed()
        client = reader(dossier, StaffRole.DELEGATE)
        assert "Le critère n'est pas rempli." in words_of(client.get(at(dossier, "decision/confirmer/")))
        for _twice in range(2):
            told = client.post(at(dossier, "decision/confirmer/"), {"answer": "confirm", "seen": "0"}, follow=True)
            assert "Refus confirmé" in words_of(told)
        assert refresh(dossier).status == Status.REFUSED
        assert refresh(row).notified_at == NOON

    def test_sent_back_with_a_reason(self):
        dossier, row = self.proposed()
        client = reader(dossier, StaffRole.DELEGATE)
        page = client.post(at(dossier, "decision/confirmer/"), {"answer": "return", "seen": "0"})
        assert "Donnez le motif du renvoi." in words_of(page)
        answers = {"answer": "return", "reason": "Pièce non lue.", "seen": "0"}
        client.post(at(dossier, "decision/confirmer/"), answers)
        assert (refresh(dossier).queue, refresh(row).return_reason) == (Queue.DELEGATE, "Pièce non lue.")

    def test_decisions_26_said_in_words_to_whoever_proposed(self):
        dossier, row = self.proposed()
        scenes.declared(dossier, row.decided_by)
        page = client_of(row.decided_by).post(at(dossier, "decision/confirmer/"), {"answer": "confirm", "seen": "0"})
        assert page.status_code == 422
        assert "Vous avez pris cette décision vous-même" in words_of(page)
        assert refresh(dossier).status == Status.OPINION

    def test_nothing_to_confirm(self):
        dossier = scenes.opined()
        assert reader(dossier, StaffRole.DELEGATE).get(at(dossier, "decision/confirmer/")).status_code == 404


class TestAgreement:
    def drawn_up(self, queue):
        dossier = factories.candidacy(Status.AGREEMENT, queue=queue)
        return dossier, agreeing.make_agreement(candidacy=dossier, at=NOON)

    def test_three_lines_hash_and_document(self):
        dossier, made = self.drawn_up(Queue.PUBLISHER)
        client = reader(dossier, StaffRole.DESK)
        words = words_of(client.get(at(dossier, "convention/")))
        assert words.count("pas encore signée") == 3
        assert made.document_hash in words
        assert "Signer la convention" not in words, "it is the publisher's turn"
        assert faults_of_pdf(client.get(at(dossier, "convention/document/")).content) == []

    @pytest.mark.parametrize(
        ("role", "queue", "party"),
        [(StaffRole.DESK, Queue.DESK, "cnam"), (StaffRole.DELEGATE, Queue.DELEGATE, "ministre")],
    )
    def test_signed_by_the_state(self, role, queue, party):
        dossier, made = self.drawn_up(queue)
        client = reader(dossier, role)
        page = client.get(at(dossier, "convention/signer/"))
        assert "pas une signature électronique qualifiée" in words_of(page)
        answers = {"name": "Paul Rey", "has_read": "on", "document_hash": made.document_hash, "seen": "0"}
        without = client.post(at(dossier, "convention/signer/"), {**answers, "has_read": ""})
        assert "Cochez cette case pour signer." in words_of(without)
        other = client.post(at(dossier, "convention/signer/"), {**answers, "document_hash": "0" * 64})
        assert "personne ne peut le signer" in words_of(other)
        others = [one for one in Signature.Party if one != party] if queue is Queue.DELEGATE else []
        for one in others:
            Signature.objects.create(
                agreement=made, party=one, user=scenes.person(), name="x", document_hash=made.document_hash, at=NOON
            )
        for _twice in range(2):
            told = client.post(at(dossier, "convention/signer/"), answers, follow=True)
            assert "Convention signée" in title_of(told)
        assert Signature.objects.get(name="Paul Rey").party == party

    def test_not_out_of_turn(self):
        dossier, _made = self.drawn_up(Queue.DESK)
        assert reader(dossier, StaffRole.DELEGATE).get(at(dossier, "convention/signer/")).status_code == 404
        dossier, _made = self.drawn_up(Queue.PUBLISHER)
        assert reader(dossier, StaffRole.DESK).get(at(dossier, "convention/signer/")).status_code == 404

    def test_no_agreement_yet(self):
        dossier = scenes.opined()
        client = reader(dossier, StaffRole.DESK)
        for act in ("convention/", "convention/document/", "convention/signer/"):
            assert client.get(at(dossier, act)).status_code == 404


class TestConnectionTests:
    def test_recorded_by_a_person(self):
        dossier = factories.candidacy(Status.CONNECTION, exchange="read")
        client = reader(dossier, StaffRole.DESK)
        assert "viendront avec l'échange de données" in words_of(client.get(at(dossier, "accrochage/")))
        page = client.post(at(dossier, "accrochage/"), {"seen": "0"})
        assert page.status_code == 422
        failed = {"result": "failed", "build": "4.2.0", "note": "Jeton refusé.", "seen": "0"}
        client.post(at(dossier, "accrochage/"), failed)
        assert "Jeton refusé." in words_of(client.get(at(dossier, "accrochage/")))
        passed = {"result": "passed", "build": "4.2.1", "note": "Tout passe.", "seen": "1"}
        for _twice in range(2):
            assert "Résultat enregistré" in words_of(client.post(at(dossier, "accrochage/"), passed, follow=True))
        assert refresh(dossier).status == Status.READY_TO_PUBLISH
        assert client.get(at(dossier, "accrochage/")).status_code == 404


class TestPublish:
    def ready(self):
        dossier = factories.candidacy(Status.READY_TO_PUBLISH)
        factories.three_records(dossier)
        factories.sheet(dossier)
        factories.answered(dossier)
        return dossier

    def checked(self, dossier, *, finished=NOON):
        CandidacyStep.objects.create(
            candidacy=dossier, kind="tls", target="x", round=1, cause="publication", state="done", asked_at=finished,
            due_at=finished, finished_at=finished, outcome="pass",
        )  # fmt: skip

    def test_published(self):
        dossier = self.ready()
        self.checked(dossier)
        client = reader(dossier, StaffRole.DESK)
        words = words_of(client.get(at(dossier, "publier/")))
        assert "Décision 26 octobre 2026" in words
        assert "Publier maintenant" in words
        told = client.post(at(dossier, "publier/"), {"seen": "0"}, follow=True)
        assert "Service publié" in words_of(told)
        assert Listing.objects.get().candidacy == dossier
        assert client.get(at(dossier, "publier/")).status_code == 404
        again = client.post(at(dossier, "publier/"), {"seen": "0"}, follow=True)
        assert "Service publié" in title_of(again), "a second click has the same confirmation"
        late = reader(dossier, StaffRole.DESK).post(at(dossier, "publier/"), {"seen": "0"}, follow=True)
        assert "Modifié par" in words_of(late)
        assert Listing.objects.count() == 1

    def test_what_is_missing_is_said_and_the_checks_can_run_again(self):
        dossier = self.ready()
        self.checked(dossier, finished=NOON - timedelta(days=8))
        client = reader(dossier, StaffRole.DESK)
        words = words_of(client.get(at(dossier, "publier/")))
        assert "Ce qui empêche la publication" in words
        assert "Publier maintenant" not in words
        assert client.post(at(dossier, "publier/"), {"seen": "0"}).status_code == 422
        assert Listing.objects.count() == 0
        told = client.post(at(dossier, "publier/controles/"), follow=True)
        assert "Contrôles demandés" in words_of(told)
        assert dossier.steps.filter(cause="publication", round=2).exists()
        again = client.post(at(dossier, "publier/controles/"), follow=True)
        assert "Rien n'a été modifié" in words_of(again)

    def test_only_the_desk(self):
        dossier = self.ready()
        assert reader(dossier, StaffRole.DELEGATE).get(at(dossier, "publier/")).status_code == 404
