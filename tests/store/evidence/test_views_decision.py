"""PU-10 and RV-15: opinion, decision, remedies, appeal and signature as pages (STO-11, STO-45, decisions.md 37)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.accounts.models import StaffRole
from apps.store.models import AgendaItem, Appeal, Decision, Judgement, Member, Session, Signature
from apps.store.services import signing
from apps.store.states import Queue, Status
from apps.store.views import decision_rows
from tests.cast import client_of
from tests.dmp.pages import main_of, title_of, words_of
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.evidence import world
from tests.store.evidence.test_appealing import decided
from tests.store.evidence.test_signing import HASH, PDF, to_sign

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def pia() -> Member:
    return factories.member()


@pytest.fixture
def client(pia):
    return client_of(pia.user)


def page(name: str, row: object) -> str:
    return reverse(f"store:{name}", args=[row.pk])


def opinion(dossier, value: str = "defavorable") -> AgendaItem:
    secretary = factories.reviewer(StaffRole.SECRETARIAT)
    session = Session.objects.create(
        held_on=NOON.date() - timedelta(days=10), state="held", planned_by=secretary, planned_at=NOON, closed_at=NOON
    )
    return AgendaItem.objects.create(
        session=session, candidacy=dossier, position=1, opinion=value, text="Sécurité insuffisante.", quorum=6,
        recorded_by=secretary, opinion_at=NOON - timedelta(days=10),
    )  # fmt: skip


class TestDecision:
    def test_sto_11_a_refusal_says_why_by_criterion_and_what_can_be_done(self, client, pia):
        dossier = factories.candidacy(Status.REFUSED, by=pia)
        opinion(dossier)
        decided(dossier, criteria=["CRI-SEC-04"])
        Judgement.objects.create(
            candidacy=dossier, criterion="CRI-SEC-04", version=1, verdict="non_conforme", note="Fichier absent.",
            by=factories.reviewer(), at=NOON,
        )  # fmt: skip
        words = words_of(client.get(page("decision", dossier)))
        assert "Défavorable" in words
        assert "Critères non remplis." in words
        assert "CRI-SEC-04" in words
        assert "Fichier absent." in words
        assert "Article R. 1111-38" in words
        assert "Un recours peut être déposé jusqu'au 22 janvier 2027 (fin de la journée)." in words
        assert "recours contentieux" in words.lower()
        assert "Reprendre dans une nouvelle candidature" in words

    def test_the_first_reading_is_kept(self, client, pia):
        dossier = factories.candidacy(Status.REFUSED, by=pia)
        decision = decided(dossier)
        client.get(page("decision", dossier))
        decision.refresh_from_db()
        assert decision.first_read_at == NOON
        assert "store.decision.read" in world.actions(dossier)

    def test_decisions_md_26_a_refusal_that_waits_for_its_confirmation_is_not_shown(self, client, pia):
        dossier = factories.candidacy(Status.OPINION, by=pia, queue=Queue.CONFIRMER)
        opinion(dossier)
        decided(dossier, confirmed_by=None, confirmed_at=None, notified_at=None)
        words = words_of(client.get(page("decision", dossier)))
        assert "Critères non remplis." not in words
        assert "Avis de la commission" in words
        assert Decision.objects.get().first_read_at is None

    def test_before_the_decision_the_page_says_so(self, client, pia):
        dossier = factories.candidacy(Status.ASSESSMENT, by=pia)
        words = words_of(client.get(page("decision", dossier)))
        assert "Pas encore de décision" in words
        assert "recours" not in words.lower()

    def test_the_notice_is_a_download(self, client, pia):
        dossier = factories.candidacy(Status.REFUSED, by=pia)
        stored = world.in_vault(dossier, PDF)
        decision = decided(dossier, vault_id=stored.vault_id, file_id=stored.id)
        assert page("candidacy_notice", decision) in main_of(client.get(page("decision", dossier)))
        response = client.get(page("candidacy_notice", decision))
        assert (response.status_code, response.content) == (200, PDF)
        assert response["Content-Disposition"].startswith('attachment; filename="decision.pdf"')
        assert client_of(factories.member().user).get(page("candidacy_notice", decision)).status_code == 404

    def test_a_lapsed_dossier_may_be_appealed_and_copied(self, client, pia):
        dossier = factories.candidacy(Status.LAPSED, by=pia)
        words = words_of(client.get(page("decision", dossier)))
        assert "Déposer un recours" in words
        assert "Reprendre dans une nouvelle candidature" in words

    def test_queries_do_not_grow_with_decisions(self, client, pia, django_assert_max_num_queries):
        dossier = factories.candidacy(Status.REFUSED, by=pia)
        decided(dossier, first_read_at=NOON)
        client.get(page("decision", dossier))
        with django_assert_max_num_queries(24) as counted:
            client.get(page("decision", dossier))
        assert len(counted) <= 24
        for number in range(1, 6):
            decided(dossier, criteria=[f"CRI-SEC-0{number}"])
        with django_assert_max_num_queries(2):
            assert len(decision_rows.decisions_of(dossier)) == 6


class TestAppeal:
    def test_from_the_decision_to_the_appeal(self, client, pia):
        dossier = factories.candidacy(Status.REFUSED, by=pia)
        decided(dossier)
        form = client.get(page("candidacy_appeal", dossier))
        assert "22 janvier 2027" in words_of(form)
        empty = client.post(page("candidacy_appeal", dossier), {"seen": 0})
        assert empty.status_code == 422
        assert title_of(empty).startswith("Erreur")
        given = {"seen": 0, "kind": "hierarchique", "text": "Nos preuves étaient jointes."}
        done = client.get(client.post(page("candidacy_appeal", dossier), given)["Location"])
        assert title_of(done).startswith("Recours déposé – ")
        words = words_of(done)
        assert "Nos preuves étaient jointes." in words
        assert "En cours d'examen par une personne qui n'a pas pris la décision, jusqu'au 25 janvier 2027." in words
        assert "Déposer un recours" not in words

    def test_a_second_or_late_appeal_has_no_form(self, client, pia):
        dossier = factories.candidacy(Status.REFUSED, by=pia)
        then = NOON - timedelta(days=90)
        decided(dossier, decided_at=then, confirmed_at=then, notified_at=then)
        response = client.get(page("candidacy_appeal", dossier))
        assert response.status_code == 302
        assert "Les deux mois pour un recours ont pris fin le 27 octobre 2026." in words_of(
            client.get(response["Location"])
        )
        late = client.post(page("candidacy_appeal", dossier), {"seen": 0, "kind": "gracieux", "text": "Trop tard ?"})
        assert late.status_code == 422
        assert "Les deux mois pour un recours sont passés." in words_of(late)
        assert "Trop tard ?" in late.content.decode()
        assert not Appeal.objects.exists()

    def test_sto_68_beside_a_copy_it_says_what_to_do_first(self, client, pia):
        dossier = factories.candidacy(Status.REFUSED, by=pia)
        decided(dossier)
        factories.candidacy(by=pia, service=dossier.service)
        answer = client.post(
            page("candidacy_appeal", dossier), {"seen": 0, "kind": "gracieux", "text": "Non."}, follow=True
        )
        assert "Un autre dossier de ce service est ouvert" in words_of(answer)
        assert not Appeal.objects.exists()

    def test_the_answer_stands_on_the_page(self, client, pia):
        dossier = factories.candidacy(Status.REFUSED, by=pia)
        decision, stored = decided(dossier), world.in_vault(dossier, PDF)
        appeal = Appeal.objects.create(
            candidacy=dossier, decision=decision, kind="gracieux", text="Avant.", filed_by=pia.user, filed_at=NOON,
            due_at=NOON, outcome="upheld", reasons="Rien de neuf.", closed_at=NOON, handled_by=factories.reviewer(),
            vault_id=stored.vault_id, file_id=stored.id,
        )  # fmt: skip
        words = words_of(client.get(page("decision", dossier)))
        assert "Rien de neuf." in words
        assert "il n'y en a pas de second" in words
        address = reverse("store:candidacy_appeal_answer", args=[dossier.pk, appeal.pk])
        assert client.get(address).content == PDF

    @pytest.mark.parametrize("seen", ["x", "²", "1", "9" * 5000])
    def test_s34_from_a_stale_or_forged_page_nothing_is_filed_or_lost(self, client, pia, seen):
        dossier = factories.candidacy(Status.REFUSED, by=pia)
        decided(dossier)
        fault = client.post(page("candidacy_appeal", dossier), {"seen": "7", "kind": "gracieux"})
        assert 'name="seen" value="7"' in fault.content.decode()
        given = {"seen": seen, "kind": "gracieux", "text": "Nos preuves."}
        response = client.post(page("candidacy_appeal", dossier), given)
        assert response.status_code == 409
        assert "Nos preuves." in response.content.decode()
        assert 'name="seen" value="0"' in response.content.decode()
        assert not Appeal.objects.exists()

    def test_a_technical_contact_is_told_that_they_may_not(self, pia):
        dossier = factories.candidacy(Status.REFUSED, by=pia)
        decided(dossier)
        marc = client_of(world.colleague(pia).user)
        assert page("candidacy_appeal", dossier) not in main_of(marc.get(page("decision", dossier)))
        given = {"seen": 0, "kind": "gracieux", "text": "Moi aussi."}
        response = marc.post(page("candidacy_appeal", dossier), given)
        assert response.status_code == 422
        assert "Vous ne pouvez pas faire cela" in words_of(response)
        assert "Moi aussi." in response.content.decode()
        closed = marc.get(page("candidacy_appeal", dossier))
        assert closed.status_code == 403
        assert "signataire" in words_of(closed)
        assert not Appeal.objects.exists()


class TestSigning:
    def test_decisions_md_37_the_page_says_what_the_signature_is_worth(self, client, pia):
        agreement = to_sign(pia)
        words = words_of(client.get(page("candidacy_sign", agreement.candidacy)))
        assert "La signature électronique utilisée n'est pas une signature qualifiée." in words
        assert " ".join(HASH[place : place + 4] for place in range(0, 64, 4)) in words
        assert client.get(page("candidacy_agreement", agreement.candidacy)).content == PDF

    def test_signing(self, client, pia):
        agreement = to_sign(pia)
        dossier = agreement.candidacy
        unticked = client.post(page("candidacy_sign", dossier), {"document_hash": HASH, "seen": 0})
        assert unticked.status_code == 422
        assert not Signature.objects.exists()
        response = client.post(page("candidacy_sign", dossier), {"accepts": "on", "document_hash": HASH, "seen": 0})
        done = client.get(response["Location"])
        assert title_of(done).startswith("Convention signée – ")
        assert "Pia Lormont, le 25 novembre 2026 à 13 h 00" in words_of(done)
        dossier.refresh_from_db()
        assert dossier.queue == Queue.DESK

    def test_idn_37_five_minutes_after_the_sign_in_it_is_asked_again_who_is_there(self, client, pia):
        agreement = to_sign(pia)
        client.get(page("decision", agreement.candidacy))
        with time_machine.travel(NOON + timedelta(minutes=6), tick=False):
            given = {"accepts": "on", "document_hash": HASH, "seen": 0}
            response = client.post(page("candidacy_sign", agreement.candidacy), given)
        assert response["Location"].startswith(reverse("accounts:reauthenticate"))
        assert not Signature.objects.exists()

    def test_another_hash_signs_nothing(self, client, pia):
        agreement = to_sign(pia)
        given = {"accepts": "on", "document_hash": "0" * 64, "seen": 0}
        response = client.post(page("candidacy_sign", agreement.candidacy), given)
        assert "n'est pas celui qui vous a été montré" in words_of(client.get(response["Location"]))
        assert not Signature.objects.exists()

    def test_whoever_has_no_mandate_reads_and_does_not_sign(self, pia):
        agreement = to_sign(pia)
        marc = client_of(world.colleague(pia).user)
        words = words_of(marc.get(page("decision", agreement.candidacy)))
        assert "Un signataire de votre organisme dont le pouvoir est valide la signe." in words
        assert 'name="accepts"' not in main_of(marc.get(page("candidacy_sign", agreement.candidacy)))
        given = {"accepts": "on", "document_hash": HASH, "seen": 0}
        assert marc.post(page("candidacy_sign", agreement.candidacy), given).status_code == 302
        assert not Signature.objects.exists()

    def test_out_of_turn_the_page_goes_back(self, client, pia):
        agreement = to_sign(pia)
        signing.sign_for_publisher(
            actor=factories.as_publisher(pia), candidacy_id=agreement.candidacy_id, document_hash=HASH, seen=0, at=NOON
        )
        assert client.get(page("candidacy_sign", agreement.candidacy)).status_code == 302

    def test_without_an_agreement_there_is_no_page(self, client, pia):
        dossier = factories.candidacy(Status.ASSESSMENT, by=pia)
        assert client.get(page("candidacy_sign", dossier)).status_code == 404
        assert client.get(page("candidacy_agreement", dossier)).status_code == 404
