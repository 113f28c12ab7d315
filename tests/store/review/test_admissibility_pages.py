"""RV-14: the desk's list and its three ways on."""

from __future__ import annotations

import pytest

from apps.store import reasons
from apps.store.models import AdmissibilityItem, Candidacy, Decision, Mail
from apps.store.states import Status
from tests.cast import client_of
from tests.dmp.pages import title_of, words_of
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.review import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def dora():
    return world.desk_officer(email="dora@cnam.example")


@pytest.fixture
def dossier(dora):
    return world.admissibility(dora)


def at(of: Candidacy, part: str = "") -> str:
    return f"/instruction/dossiers/{of.id}/recevabilite/{part}"


def said(of: Candidacy, **values):
    lines = dict.fromkeys(reasons.ADMISSIBILITY, "yes") | {f"{code}-note": "" for code in reasons.ADMISSIBILITY}
    return {**lines, "seen": of.sequence, **values}


def all_yes(of: Candidacy, officer) -> None:
    for code in reasons.ADMISSIBILITY:
        AdmissibilityItem.objects.create(candidacy=of, item=code, is_met=True, by=officer, at=NOON)


class TestList:
    def test_saved_line_by_line(self, dora, dossier):
        client = client_of(dora)
        page = client.post(at(dossier), said(dossier, impact="no", **{"impact-note": "Absente"}), follow=True)
        words = words_of(page)
        assert "Liste enregistrée" in words
        assert "7 lignes sur 8 sont remplies." in words
        assert "Déclarer recevable" not in words
        assert 'value="Absente"' in page.content.decode()

    def test_once_all_are_yes_it_can_be_accepted(self, dora, dossier):
        page = client_of(dora).post(at(dossier), said(dossier), follow=True)
        assert "Déclarer recevable" in words_of(page)

    def test_lines_may_stay_open(self, dora, dossier):
        client_of(dora).post(at(dossier), {"seen": dossier.sequence, "field": "yes"})
        assert list(AdmissibilityItem.objects.values_list("item", flat=True)) == ["field"]

    def test_others_read_it(self, dora, dossier):
        all_yes(dossier, dora)
        sam = world.assessor()
        world.declared(dossier, sam)
        client = client_of(sam)
        words = words_of(client.get(at(dossier)))
        assert "Seul l'agent du guichet" in words
        assert client.post(at(dossier), said(dossier)).status_code == 404

    def test_s34_from_an_old_page_both_are_kept(self, dora, dossier):
        page = client_of(dora).post(at(dossier), said(dossier, seen=4, **{"impact-note": "Mon avis"}))
        assert page.status_code == 409
        assert 'value="Mon avis"' in page.content.decode()
        assert not AdmissibilityItem.objects.exists()


class TestAccepted:
    def test_on_to_the_assessors(self, dora, dossier):
        all_yes(dossier, dora)
        client = client_of(dora)
        assert "soixante jours" in words_of(client.get(at(dossier, "accepter/")))
        page = client.post(at(dossier, "accepter/"), {"seen": dossier.sequence}, follow=True)
        assert title_of(page).startswith("Dossier recevable – ")
        dossier.refresh_from_db()
        assert dossier.status == Status.ASSESSMENT

    def test_not_while_a_line_is_open(self, dora, dossier):
        page = client_of(dora).post(at(dossier, "accepter/"), {"seen": dossier.sequence})
        assert page.status_code == 422
        dossier.refresh_from_db()
        assert dossier.status == Status.ADMISSIBILITY

    def test_sent_twice_moves_once(self, dora, dossier):
        all_yes(dossier, dora)
        client, sent = client_of(dora), {"seen": dossier.sequence}
        client.post(at(dossier, "accepter/"), sent)
        page = client.post(at(dossier, "accepter/"), sent)
        assert page.status_code == 409
        assert "Modifié par dora@cnam.example à 13 h 00" in words_of(page)
        assert Mail.objects.filter(template="dossier_accept").count() == 1


class TestMissing:
    def test_prefilled_with_what_the_list_says(self, dora, dossier):
        AdmissibilityItem.objects.create(
            candidacy=dossier, item="impact", is_met=False, note="L'analyse manque", by=dora, at=NOON
        )
        client = client_of(dora)
        assert "L'analyse manque" in words_of(client.get(at(dossier, "demander/")))
        sent = {"seen": dossier.sequence, "text": "", "item-impact": "Envoyez l'analyse d'impact."}
        page = client.post(at(dossier, "demander/"), sent, follow=True)
        assert "Pièces manquantes demandées" in words_of(page)
        dossier.refresh_from_db()
        assert dossier.status == Status.INCOMPLETE

    def test_nothing_named(self, dora, dossier):
        page = client_of(dora).post(at(dossier, "demander/"), {"seen": dossier.sequence, "text": "Bonjour"})
        assert page.status_code == 422
        assert "pour une ligne au moins" in words_of(page)


class TestRejected:
    def test_with_ground_and_facts(self, dora, dossier):
        client = client_of(dora)
        assert "voies de recours" in words_of(client.get(at(dossier, "rejeter/")))
        sent = {
            "seen": dossier.sequence, "ground": "R1111-39", "facts": "Hors du champ.", "criteria": [world.GRID[0]],
        }  # fmt: skip
        page = client.post(at(dossier, "rejeter/"), sent, follow=True)
        assert "Dossier irrecevable" in words_of(page)
        decision = Decision.objects.get()
        assert (decision.criteria, decision.notified_at) == ([world.GRID[0]], NOON)

    def test_without_them(self, dora, dossier):
        page = client_of(dora).post(at(dossier, "rejeter/"), {"seen": dossier.sequence, "facts": " "})
        words = words_of(page)
        assert page.status_code == 422
        assert "Choisissez le texte qui fonde la décision." in words
        assert "Dites les faits." in words
        assert not Decision.objects.exists()

    def test_by_somebody_who_does_not_have_it(self, dossier):
        eve = world.desk_officer()
        world.declared(dossier, eve)
        page = client_of(eve).post(
            at(dossier, "rejeter/"), {"seen": dossier.sequence, "ground": "R1111-39", "facts": "Non."}
        )
        assert page.status_code == 422
        assert "ne vous est pas attribué" in words_of(page)

    def test_permission_lost_in_the_middle(self, dora, dossier):
        client = client_of(dora)
        client.get(at(dossier, "rejeter/"))
        dora.staff_memberships.update(ended_at=NOON)
        sent = {"seen": dossier.sequence, "ground": "R1111-39", "facts": "Non."}
        assert client.post(at(dossier, "rejeter/"), sent).status_code == 404
        assert not Decision.objects.exists()


def test_the_list_of_a_dossier_that_went_on_is_only_read(dora):
    gone = factories.candidacy(Status.READY_TO_PUBLISH, desk_officer=dora, assignee=dora, assigned_at=NOON)
    world.declared(gone, dora)
    assert "Enregistrer la liste" not in words_of(client_of(dora).get(at(gone)))
