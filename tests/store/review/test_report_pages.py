"""RV-05, RV-07 and the thread: report and its readers, automatic results, messages."""

from __future__ import annotations

import pytest

from apps.files.models import StoredFile
from apps.store.models import Candidacy, CandidacyStep, Mail, Message
from apps.store.services import assigning, checking, reporting
from apps.store.states import Queue, Status
from tests.cast import client_of
from tests.dmp.pages import words_of
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.candidacy.writing import form_in
from tests.store.review import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
FIRST = world.BLOCKING[0].replace("-", "_")


def at(of: Candidacy, part: str) -> str:
    return f"/instruction/dossiers/{of.id}/{part}"


@pytest.fixture
def sam():
    return world.assessor(email="sam@ans.example")


@pytest.fixture
def dossier(sam):
    made = world.assessment(sam)
    world.judged(made)
    return made


@pytest.fixture
def ada(sam, dossier):
    """The second reader, who has the report."""
    reporting.propose(actor=factories.at_work(sam), candidacy_id=dossier.id, text="Service conforme.", seen=0, at=NOON)
    found = world.assessor(email="ada@ans.example")
    world.declared(dossier, found)
    assigning.take(actor=factories.at_work(found), candidacy_id=dossier.id, seen=1, at=NOON)
    dossier.refresh_from_db()
    return found


class TestReport:
    def test_summary_of_the_grid(self, sam):
        dossier = world.assessment(sam)
        world.judged(dossier, **{FIRST: "non_conforme"})
        words = words_of(client_of(sam).get(at(dossier, "avis/")))
        assert "Proposition : Refuser : un critère bloquant n'est pas rempli." in words
        assert "Preuve trop ancienne." in words
        assert "Transmettre pour seconde lecture" in words

    def test_open_blocking_criteria_are_named(self, sam):
        dossier = world.assessment(sam)
        world.judged(dossier, **{FIRST: "a_completer"})
        client = client_of(sam)
        words = words_of(client.get(at(dossier, "avis/")))
        assert "1 critère bloquant n'a pas de verdict définitif" in words
        assert "Proposition" not in words
        page = client.post(at(dossier, "avis/"), {"act": "propose", "text": "Fini.", "seen": 0})
        assert page.status_code == 422
        assert "Fini." in words_of(page)

    def test_handed_over_signed_twice_and_ready(self, sam, dossier, ada):
        words = words_of(client_of(ada).get(at(dossier, "avis/")))
        assert "Service conforme." in words
        page = client_of(ada).post(at(dossier, "avis/"), {"act": "sign", "seen": dossier.sequence}, follow=True)
        assert "Seconde lecture signée" in words_of(page)
        lea = world.privacy_reader(email="lea@cnil.example")
        world.declared(dossier, lea)
        client = client_of(lea)
        dossier.refresh_from_db()
        client.post(at(dossier, "prendre/"), {"seen": dossier.sequence})
        dossier.refresh_from_db()
        page = client.post(at(dossier, "avis/"), {"act": "sign", "seen": dossier.sequence}, follow=True)
        assert "Rapport prêt" in words_of(page)
        dossier.refresh_from_db()
        assert dossier.status == Status.READY

    def test_given_back_with_a_reason(self, sam, dossier, ada):
        client = client_of(ada)
        page = client.post(at(dossier, "avis/"), {"act": "return", "reason": "", "seen": dossier.sequence})
        assert "Dites ce qui est à reprendre." in words_of(page)
        page = client.post(
            at(dossier, "avis/"),
            {"act": "return", "reason": "Revoir le critère 4.", "seen": dossier.sequence},
            follow=True,
        )
        assert "Rapport rendu" in words_of(page)
        dossier.refresh_from_db()
        assert (dossier.queue, dossier.assignee_id) == (Queue.ASSESSOR, sam.pk)
        assert "Revoir le critère 4." in words_of(client_of(sam).get(at(dossier, "historique/")))

    def test_the_assessor_cannot_read_again(self, sam, dossier):
        reporting.propose(actor=factories.at_work(sam), candidacy_id=dossier.id, text="Bon.", seen=0, at=NOON)
        assert "Prendre ce dossier" not in words_of(client_of(sam).get(at(dossier, "avis/")))
        page = client_of(sam).post(at(dossier, "prendre/"), {"seen": 1}, follow=True)
        assert "L'instructeur d'un dossier n'en fait pas la seconde lecture" in words_of(page)
        page = client_of(sam).post(at(dossier, "avis/"), {"act": "sign", "seen": 1})
        assert page.status_code == 422

    def test_s34_signed_from_an_old_page(self, dossier, ada):
        page = client_of(ada).post(at(dossier, "avis/"), {"act": "sign", "seen": 0})
        assert page.status_code == 409
        assert "Rien n'a été écrasé" in words_of(page)
        dossier.refresh_from_db()
        assert dossier.second_read_at is None

    def test_permission_lost_in_the_middle(self, dossier, ada):
        client = client_of(ada)
        client.get(at(dossier, "avis/"))
        ada.staff_memberships.update(ended_at=NOON)
        assert client.post(at(dossier, "avis/"), {"act": "sign", "seen": dossier.sequence}).status_code == 404

    def test_others_only_read(self, dossier):
        dora = world.desk_officer()
        world.declared(dossier, dora)
        words = words_of(client_of(dora).get(at(dossier, "avis/")))
        assert "Signer" not in words
        assert "Transmettre" not in words


def result(of: Candidacy, kind: str = "legal_links", **values) -> CandidacyStep:
    defaults = {
        "target": "https://www.souffle.example/", "round": 1, "cause": "submission", "due_at": NOON, "asked_at": NOON,
        "state": "done", "outcome": "fail", "finished_at": NOON, "measured": {"status": 404},
    }  # fmt: skip
    return CandidacyStep.objects.create(candidacy=of, kind=kind, **{**defaults, **values})


class TestChecks:
    def test_raw_results_of_the_newest_round(self, sam, dossier):
        result(dossier, round=1, target="https://ancien.example/")
        result(dossier, round=2, contested="La page existe.")
        words = words_of(client_of(sam).get(at(dossier, "controles/")))
        assert "Pages légales" in words
        assert "Statut HTTP 404" in words
        assert "L'éditeur le conteste : La page existe." in words
        assert "ancien.example" not in words

    def test_none_has_run(self, sam, dossier):
        assert "Aucun contrôle n'a été fait" in words_of(client_of(sam).get(at(dossier, "controles/")))

    def test_run_again_not_twice_in_ten_minutes(self, sam, dossier):
        factories.answered(dossier)
        client = client_of(sam)
        assert "Contrôles lancés" in words_of(client.post(at(dossier, "controles/relancer/"), follow=True))
        assert dossier.steps.exists()
        words = words_of(client.post(at(dossier, "controles/relancer/"), follow=True))
        assert "Demandé trop souvent : possible à nouveau le 25 novembre 2026 à 13 h 10." in words

    def test_set_aside_at_once_where_it_is_no_security(self, sam, dossier):
        step = result(dossier)
        client = client_of(sam)
        page = client.post(
            at(dossier, f"controles/{step.id}/"), {"outcome": "pass", "reason": "Page vue."}, follow=True
        )
        words = words_of(page)
        assert "Résultat écarté" in words
        assert "Écarté par sam@ans.example, compte comme « réussi » : Page vue." in words.replace("Réussi", "réussi")
        step.refresh_from_db()
        assert (step.override, step.outcome) == ("pass", "fail")

    def test_a_result_of_security_takes_two_people(self, sam, dossier):
        step, ada = result(dossier, "tls"), world.assessor()
        world.declared(dossier, ada)
        address = at(dossier, f"controles/{step.id}/")
        client_of(sam).post(address, {"outcome": "pass", "reason": "Certificat renouvelé."})
        step.refresh_from_db()
        assert step.override == ""
        given = {"seen": checking.override_mark(step)}
        assert f'value="{given["seen"]}"' in client_of(ada).get(at(dossier, "controles/")).content.decode()
        page = client_of(sam).post(f"{address}confirmer/", given, follow=True)
        assert "une autre doit confirmer" in words_of(page)
        page = client_of(ada).post(f"{address}confirmer/", given, follow=True)
        assert "Confirmé" in words_of(page)
        step.refresh_from_db()
        assert (step.override, step.override_confirmed_by_id) == ("pass", ada.pk)

    def test_rv_05_nobody_confirms_what_they_have_not_read(self, sam, dossier):
        step, ada, zoe = result(dossier, "tls"), world.assessor(), world.assessor()
        for who in (ada, zoe):
            world.declared(dossier, who)
        address, given = at(dossier, f"controles/{step.id}/"), {"reason": "Vu.", "seen": ""}
        client_of(sam).post(address, {**given, "outcome": "fail"})
        step.refresh_from_db()
        read = checking.override_mark(step)
        client_of(zoe).post(address, {**given, "outcome": "pass", "seen": read})
        words = words_of(client_of(ada).post(f"{address}confirmer/", {"seen": read}, follow=True))
        assert f"Modifié par {zoe.email}" in words
        step.refresh_from_db()
        assert (step.override, step.override_by_id) == ("", zoe.pk)

    def test_s34_an_old_page_sets_nothing_aside_that_its_reader_had_not_seen(self, sam, dossier):
        step, ada = result(dossier, "tls"), world.assessor()
        world.declared(dossier, ada)
        address, given = (
            at(dossier, f"controles/{step.id}/"),
            {"outcome": "pass", "reason": "Ancienne page.", "seen": ""},
        )
        actor = factories.at_work(ada)
        checking.override(actor=actor, step_id=step.id, outcome="fail", reason="Vu par Ada.", seen="", at=NOON)
        page = client_of(sam).post(address, given)
        words = words_of(page)
        assert page.status_code == 409
        assert "Modifié par" in words
        assert "Vu par Ada." in words
        assert "Ancienne page." in page.content.decode()
        step.refresh_from_db()
        assert f'value="{checking.override_mark(step)}"' in page.content.decode()
        assert step.override_reason == "Vu par Ada."

    def test_words_are_needed(self, sam, dossier):
        step = result(dossier)
        page = client_of(sam).post(at(dossier, f"controles/{step.id}/"), {"outcome": "pass", "reason": " "})
        assert page.status_code == 422

    def test_a_result_of_another_dossier_or_none_yet(self, sam, dossier):
        elsewhere = result(factories.candidacy(Status.ASSESSMENT))
        waiting = result(dossier, state="due", outcome="", finished_at=None)
        for step in (elsewhere, waiting):
            assert client_of(sam).get(at(dossier, f"controles/{step.id}/")).status_code == 404

    def test_data_protection_reads_only(self, dossier):
        lea = world.privacy_reader()
        world.declared(dossier, lea)
        assert client_of(lea).get(at(dossier, "controles/")).status_code == 200
        assert client_of(lea).post(at(dossier, "controles/relancer/")).status_code == 404

    def test_whoever_sets_it_aside_knows_that_the_publisher_reads_why(self, sam, dossier):
        step = result(dossier, "tls")
        words = words_of(client_of(sam).get(at(dossier, f"controles/{step.id}/")))
        assert "l'éditeur la lit, sans votre nom" in words

    def test_what_was_measured_is_said_in_words(self, sam, dossier):
        step = result(dossier, "tls")
        step.measured = {"days_left": 12, "old_versions": ["TLSv1.0"], "issuer": None}
        step.save(update_fields=["measured"])
        step = result(dossier, "images")
        step.measured = {"all": ["image-too-heavy"]}
        step.save(update_fields=["measured"])
        words = words_of(client_of(sam).get(at(dossier, "controles/")))
        assert "Anciennes versions acceptées TLSv1.0 Jours restants 12" in words
        assert "None" not in words
        assert "image-too-heavy" not in words

    def test_the_service_confirms_for_nobody_alone(self, sam, dossier):
        step = result(dossier, "tls")
        checking.override(actor=factories.at_work(sam), step_id=step.id, outcome="pass", reason="Vu.", seen="", at=NOON)
        assert "seconde personne" in words_of(client_of(sam).get(at(dossier, "controles/")))


class TestExchange:
    def test_messages_of_both_sides_and_requests(self, sam, dossier):
        piece = factories.evidence(dossier, title="Facture")
        Message.objects.create(
            candidacy=dossier, side="editeur", author=dossier.created_by, text="Voici la facture.",
            evidence_ids=[piece.id], criterion=world.GRID[0], at=NOON,
        )  # fmt: skip
        page = client_of(sam).get(at(dossier, "echanges/"))
        words = words_of(page)
        assert "Échanges (1)" in words
        assert "Pia Lormont (éditeur)" in words
        assert "Voici la facture." in words
        assert str(piece.id) in page.content.decode()

    def test_an_answer_goes_out(self, sam, dossier):
        page = client_of(sam).post(at(dossier, "echanges/"), {"text": "Merci.", "criterion": ""}, follow=True)
        assert "Message envoyé" in words_of(page)
        assert Message.objects.get().text == "Merci."
        assert Mail.objects.get().template == "message"

    def test_a_message_sent_twice_is_one(self, sam, dossier):
        client, address = client_of(sam), at(dossier, "echanges/")
        given = form_in(client.get(address)) | {"text": "Merci."}
        for _twice in range(2):
            assert "Message envoyé" in words_of(client.post(address, given, follow=True))
        assert (Message.objects.count(), Mail.objects.count()) == (1, 1)

    def test_l11_others_cannot_write(self, dossier):
        ada = world.assessor()
        world.declared(dossier, ada)
        client = client_of(ada)
        assert "Seules les personnes à qui le dossier est attribué" in words_of(client.get(at(dossier, "echanges/")))
        page = client.post(at(dossier, "echanges/"), {"text": "Moi aussi.", "criterion": ""})
        assert page.status_code == 422
        assert not Message.objects.exists()

    def test_an_empty_message(self, sam, dossier):
        page = client_of(sam).post(at(dossier, "echanges/"), {"text": " ", "criterion": ""})
        assert "Écrivez le message." in words_of(page)

    def test_a_request_with_its_answers(self, sam, dossier):
        asked = dossier.requests.create(
            kind="complement", round=1, text="Bonjour,", days=30, asked_by=sam, asked_at=NOON, due_at=NOON,
            answered_by=dossier.created_by, answered_at=NOON,
        )  # fmt: skip
        asked.items.create(criterion=world.GRID[0], text="Datez-la.", answer="C'est fait.")
        words = words_of(client_of(sam).get(at(dossier, "echanges/")))
        for said in ("Compléments, demande 1", "Datez-la.", "C'est fait.", "Répondu le 25 novembre 2026"):
            assert said in words

    def test_pieces_that_an_answer_names_open_once_the_antivirus_has_looked(self, sam, dossier):
        clean = factories.evidence(dossier, title="Rapport daté", use="exchange")
        waiting = factories.evidence(dossier, title="Annexe", state=StoredFile.State.WAITING)
        former = factories.evidence(dossier, title="Ancien", removed_at=NOON, removed_by=dossier.created_by)
        asked = dossier.requests.create(
            kind="complement", round=1, text="Bonjour,", days=30, asked_by=sam, asked_at=NOON, due_at=NOON,
            answered_by=dossier.created_by, answered_at=NOON,
        )  # fmt: skip
        asked.items.create(
            criterion=world.GRID[0], text="Datez-la.", answer="Voici.", evidence_ids=[clean.id, waiting.id]
        )
        Message.objects.create(
            candidacy=dossier, side="editeur", author=dossier.created_by, text="Bonjour", at=NOON,
            evidence_ids=[waiting.id, former.id],
        )  # fmt: skip
        page = client_of(sam).get(at(dossier, "echanges/"))
        words = words_of(page)
        assert f"pieces/{clean.id}/" in page.content.decode()
        assert f"pieces/{waiting.id}/" not in page.content.decode()
        assert words.count("Annexe – antivirus en cours") == 2
        assert "Ancien – remplacée ou retirée depuis" in words
