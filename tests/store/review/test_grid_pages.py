"""RV-04 and RV-06: criterion by criterion beside its evidence; complements."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.html import escape

from apps.store import criteria
from apps.store.models import Candidacy, Judgement, Mail
from apps.store.states import Status
from tests.cast import client_of
from tests.dmp.pages import main_of, title_of, words_of
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.review import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
FIRST, SECOND = world.GRID[:2]
NUMBER = len(world.GRID)


@pytest.fixture
def sam():
    return world.assessor(email="sam@ans.example")


@pytest.fixture
def dossier(sam):
    made = world.assessment(sam)
    factories.answered(made)
    return made


def at(of: Candidacy, part: str) -> str:
    return f"/instruction/dossiers/{of.id}/{part}"


def grid(of: Candidacy, code: str = FIRST) -> str:
    return at(of, f"grille/{code.lower()}/")


def verdict(value: str = "conforme", **values):
    return {"verdict": value, "reason": "", "note": "", "internal": "", "seen": 0, **values}


class TestCriterion:
    def test_question_answer_evidence_progress(self, sam, dossier):
        piece = factories.evidence(dossier, title="Plaquette", criteria=[FIRST])
        page = client_of(sam).get(grid(dossier))
        words = words_of(page)
        assert title_of(page).startswith(f"Critère 1 sur {NUMBER} – Grille")
        question = criteria.criterion_of(criteria.CURRENT, FIRST).question
        assert " ".join(question.split()) in words
        assert "Oui, depuis 2025." in words
        assert "Plaquette" in words
        assert str(piece.id) in main_of(page)
        assert f"0 jugés sur {NUMBER}" in words
        assert "Enregistrer et voir le suivant" in words

    def test_the_grid_opens_at_the_first_one_to_be_seen(self, sam, dossier):
        Judgement.objects.create(candidacy=dossier, criterion=FIRST, version=1, verdict="conforme", by=sam, at=NOON)
        assert client_of(sam).get(at(dossier, "grille/")).url == grid(dossier, SECOND)

    def test_results_of_the_machine_stand_beside(self, sam, dossier):
        dossier.steps.create(
            kind="tls", target="www.souffle.example", round=1, cause="submission", due_at=NOON, asked_at=NOON,
            state="done", outcome="fail", reason="tls-expired", finished_at=NOON,
        )  # fmt: skip
        words = words_of(client_of(sam).get(grid(dossier, "CRI-SEC-01")))
        assert "Chiffrement de la connexion (TLS), www.souffle.example" in words
        piece = factories.evidence(dossier, title="Notre logo")
        dossier.steps.create(
            kind="images", target=str(piece.id), round=1, cause="submission", due_at=NOON, asked_at=NOON,
            state="done", outcome="pass", finished_at=NOON,
        )  # fmt: skip
        page = client_of(sam).get(grid(dossier, "CRI-FIC-02"))
        assert "Notre logo" in words_of(page)
        assert str(piece.id) not in words_of(page)
        assert "Rien à vérifier par machine." in words_of(client_of(sam).get(grid(dossier, FIRST)))

    @pytest.mark.parametrize("code", [world.UNFIT, "CRI-XXX-99"])
    def test_a_criterion_that_does_not_apply(self, sam, dossier, code):
        assert client_of(sam).get(grid(dossier, code)).status_code == 404

    def test_readers_see_and_do_not_judge(self, dossier):
        ada = world.assessor()
        world.declared(dossier, ada)
        client = client_of(ada)
        assert "Enregistrer et voir le suivant" not in words_of(client.get(grid(dossier)))
        page = client.post(grid(dossier), verdict())
        assert page.status_code == 422
        assert not dossier.judgements.exists()


class TestVerdict:
    def test_on_to_the_next_one(self, sam, dossier):
        page = client_of(sam).post(grid(dossier), verdict(), follow=True)
        assert page.redirect_chain[-1][0] == grid(dossier, SECOND)
        assert title_of(page).startswith(f"Critère 1 sur {NUMBER}, conforme – ")
        assert f"1 jugés sur {NUMBER}" in words_of(page)

    def test_after_the_last_one_comes_the_report(self, sam, dossier):
        world.judged(dossier)
        dossier.judgements.filter(criterion=SECOND).delete()
        page = client_of(sam).post(grid(dossier, SECOND), verdict(), follow=True)
        assert page.redirect_chain[-1][0] == at(dossier, "avis/")
        assert "passez au rapport" in words_of(page)

    def test_a_canned_reason_fills_the_note(self, sam, dossier):
        client_of(sam).post(grid(dossier), verdict("non_conforme", reason="too-old"))
        said = dossier.judgements.get()
        assert (said.reason, said.note != "") == ("too-old", True)

    def test_l10_words_are_needed(self, sam, dossier):
        page = client_of(sam).post(grid(dossier), verdict("a_completer"))
        assert page.status_code == 422
        assert title_of(page).startswith("Erreur")
        assert "ce verdict demande une note" in words_of(page)

    def test_no_verdict(self, sam, dossier):
        page = client_of(sam).post(grid(dossier), verdict(""))
        assert "Choisissez un verdict." in words_of(page)

    def test_s34_somebody_changed_it_both_are_shown(self, sam, dossier):
        ada = world.assessor(email="ada@ans.example")
        Judgement.objects.create(
            candidacy=dossier, criterion=FIRST, version=1, verdict="conforme", note="Rien à dire.", by=ada,
            at=NOON - timedelta(hours=2, minutes=58),
        )  # fmt: skip
        page = client_of(sam).post(grid(dossier), verdict("non_conforme", note="Preuve trop ancienne."))
        words, html = words_of(page), main_of(page)
        assert page.status_code == 409
        assert "Modifié par ada@ans.example à 10 h 02 (verdict donné). Rien n'a été écrasé" in words
        assert "Rien à dire." in words
        assert escape("Preuve trop ancienne.") in html
        assert dossier.judgements.count() == 1
        assert 'name="seen" value="1"' in html
        client_of(sam).post(grid(dossier), verdict("non_conforme", note="Preuve trop ancienne.", seen=1))
        assert dossier.judgements.filter(is_current=True).get().verdict == "non_conforme"
        assert dossier.judgements.count() == 2

    def test_what_stands_there_is_in_the_form(self, sam, dossier):
        Judgement.objects.create(
            candidacy=dossier, criterion=FIRST, version=3, verdict="reserve", note="À préciser.", internal="Voir Ada.",
            by=sam, at=NOON,
        )  # fmt: skip
        words = words_of(client_of(sam).get(grid(dossier)))
        assert "À préciser." in words
        assert "Voir Ada." in words
        assert "par sam@ans.example" in words

    def test_permission_lost_in_the_middle(self, sam, dossier):
        client = client_of(sam)
        assert client.get(grid(dossier)).status_code == 200
        sam.staff_memberships.update(ended_at=NOON)
        assert client.post(grid(dossier), verdict()).status_code == 404
        assert not dossier.judgements.exists()


class TestComplements:
    def test_nothing_to_complete(self, sam, dossier):
        assert "Aucun critère à compléter" in words_of(client_of(sam).get(at(dossier, "complements/")))

    def test_asked_for(self, sam, dossier):
        world.judged(dossier, **{FIRST.replace("-", "_"): "a_completer", SECOND.replace("-", "_"): "a_completer"})
        client = client_of(sam)
        words = words_of(client.get(at(dossier, "complements/")))
        assert "Demande 1 sur 3." in words
        assert "Preuve trop ancienne." in words
        sent = {"text": "", "days": "15", f"item-{FIRST}": "Datez-la.", f"item-{SECOND}": " ", "seen": dossier.sequence}
        page = client.post(at(dossier, "complements/"), sent, follow=True)
        assert "Compléments demandés" in words_of(page)
        dossier.refresh_from_db()
        assert dossier.status == Status.COMPLEMENT
        asked = dossier.requests.get()
        assert (asked.days, list(asked.items.values_list("criterion", "text"))) == (15, [(FIRST, "Datez-la.")])
        assert Mail.objects.get().template == "dossier_ask"
        assert "Seul l'instructeur" in words_of(client.get(at(dossier, "complements/")))

    def test_no_words_at_all(self, sam, dossier):
        world.judged(dossier, **{FIRST.replace("-", "_"): "a_completer"})
        sent = {"text": "Bonjour", "days": "30", f"item-{FIRST}": "", "seen": dossier.sequence}
        page = client_of(sam).post(at(dossier, "complements/"), sent)
        assert page.status_code == 422
        assert "Choisissez au moins un élément" in words_of(page)

    def test_sto_55_after_three_rounds(self, sam, dossier):
        Candidacy.objects.filter(pk=dossier.pk).update(rounds=3)
        assert "déjà été demandés trois fois" in words_of(client_of(sam).get(at(dossier, "complements/")))

    def test_s34_from_an_old_page(self, sam, dossier):
        world.judged(dossier, **{FIRST.replace("-", "_"): "a_completer"})
        sent = {"text": "", "days": "15", f"item-{FIRST}": "Mon texte", "seen": 8}
        page = client_of(sam).post(at(dossier, "complements/"), sent)
        assert page.status_code == 409
        assert "Mon texte" in words_of(page)
        assert not Mail.objects.exists()
