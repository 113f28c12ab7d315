"""Pages of the commission (RV-13): who sees what, what the secretariat does, what is refused and how it is said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import StaffRole
from apps.audit.services import AuditEvent
from apps.store.models import AgendaItem, ConflictDeclaration, Mail, Presence, Reservation, Session
from apps.store.states import Status
from tests.cast import client_of
from tests.dmp.pages import title_of, words_of
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.commission import scenes
from tests.store.commission.scenes import LATER, TODAY
from tests.tagged_pdf import faults_of_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
LIST = "/instruction/commission/"


@pytest.fixture
def client(secretary):
    return client_of(secretary)


def at(session, act="") -> str:
    return f"{LIST}{session.pk}/{act}"


def item_at(item, act="") -> str:
    return f"{LIST}{item.session_id}/{item.candidacy_id}/{act}"


def queries_of(client, path) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


class TestList:
    def test_empty(self, client):
        words = words_of(client.get(LIST))
        assert "Aucune séance n'est prévue." in words
        assert "Prévoir une séance" in words

    def test_planned_and_held(self, client):
        planned, held = scenes.session(LATER), scenes.session(date(2026, 11, 4), state="held", closed_at=NOON)
        scenes.before(planned)
        words = words_of(client.get(LIST))
        assert words.index("Séance du 9 décembre 2026") < words.index("Séances passées")
        assert "1 dossier." in words
        assert words.index("Séances passées") < words.index("Séance du 4 novembre 2026")
        assert str(held.pk) in client.get(LIST).content.decode()

    @pytest.mark.parametrize("role", [StaffRole.MEMBER, StaffRole.DELEGATE])
    def test_members_and_delegates_read_and_plan_nothing(self, role):
        other = client_of(scenes.person(role))
        assert "Prévoir une séance" not in words_of(other.get(LIST))
        assert other.get(f"{LIST}nouvelle/").status_code == 404

    @pytest.mark.parametrize("role", [StaffRole.ASSESSOR, StaffRole.DESK, StaffRole.APPEALS])
    def test_for_others_it_does_not_exist(self, role):
        assert client_of(scenes.person(role)).get(LIST).status_code == 404

    def test_as_many_queries_with_twenty(self, client):
        scenes.session(LATER)
        scenes.session(date(2026, 1, 5), state="held", closed_at=NOON)
        client.get(LIST)
        one = queries_of(client, LIST)
        for number in range(19):
            scenes.session(LATER + timedelta(days=number + 1))
            scenes.session(date(2026, 2, 2) + timedelta(days=number), state="held", closed_at=NOON)
        assert queries_of(client, LIST) == one <= 12


class TestPlan:
    def test_planned(self, client):
        told = client.post(f"{LIST}nouvelle/", {"held_on": "2026-12-09"}, follow=True)
        assert "Séance du 9 décembre 2026 prévue" in words_of(told)
        assert Session.objects.get().held_on == LATER

    @pytest.mark.parametrize(
        ("held_on", "words"),
        [
            ("2026-11-30", "Choisissez une date plus lointaine"),
            ("2026-12-06", "Choisissez un jour ouvré."),
            ("9999-12-31", "Choisissez un jour dans les deux ans."),
            ("", "Indiquez le jour de la séance."),
        ],
    )
    def test_refused_in_words_beside_the_field(self, client, held_on, words):
        page = client.post(f"{LIST}nouvelle/", {"held_on": held_on})
        assert page.status_code == 422
        assert words in words_of(page)
        assert title_of(page).startswith("Erreur")


class TestSession:
    def test_agenda_quorum_and_acts(self, client):
        nine, held = scenes.members(), scenes.session()
        scenes.there(held, *nine[:5])
        item = scenes.before(held)
        words = words_of(client.get(at(held)))
        assert item.candidacy.service.name in words
        assert "5 membres peuvent voter, il en faut 5" in words
        assert "Membres en fonction 9 sur neuf" in words
        for act in ("Envoyer les dossiers", "Clore la séance", "Annuler la séance"):
            assert act in words

    def test_before_its_day_nobody_is_present(self, client):
        words = words_of(client.get(at(scenes.session(LATER))))
        assert "Clore la séance" not in words
        assert "Aucun dossier n'est à cet ordre du jour." in words

    def test_s33_a_member_with_a_link_does_not_see_the_dossier(self):
        held, seat = scenes.session(), factories.seat(0)
        shut, open_one = scenes.before(held), scenes.before(held)
        scenes.tied(seat, shut.candidacy)
        member = client_of(seat.user)
        words = words_of(member.get(at(held)))
        assert open_one.candidacy.service.name in words
        assert shut.candidacy.service.name not in words
        assert "1 dossier n'est pas affiché : vous avez un lien avec son éditeur." in words
        assert member.get(item_at(shut)).status_code == 404
        assert "Inscrire des dossiers" not in words

    def test_as_many_queries_with_twenty_dossiers(self, client):
        held, nine = scenes.session(), scenes.members()
        scenes.there(held, *nine)
        scenes.before(held)
        client.get(at(held))
        one = queries_of(client, at(held))
        for _ in range(19):
            scenes.before(held)
        assert queries_of(client, at(held)) == one <= 12

    def test_reading_is_traced(self, client, secretary):
        held = scenes.session()
        client.get(at(held))
        assert AuditEvent.objects.filter(action="store.session.read", target=f"session:{held.pk}").count() == 1


class TestActs:
    def test_put_on_the_agenda(self, client):
        scenes.members()
        held, ready = scenes.session(LATER), factories.candidacy(Status.READY)
        factories.candidacy(Status.ASSESSMENT)
        page = client.get(at(held, "ordre-du-jour/"))
        assert ready.number in words_of(page)
        told = client.post(at(held, "ordre-du-jour/"), {"candidacies": [ready.pk], "seen": "0"}, follow=True)
        assert "Ordre du jour complété" in words_of(told)
        assert AgendaItem.objects.get().candidacy == ready

    def test_nothing_ready(self, client):
        assert "Aucun dossier n'est prêt" in words_of(client.get(at(scenes.session(LATER), "ordre-du-jour/")))

    def test_s34_somebody_was_quicker(self, client):
        scenes.members()
        other = scenes.person(StaffRole.SECRETARIAT)
        other.email = "bruno@instruction.example"
        other.save()
        ready = factories.candidacy(Status.READY)
        held = scenes.session(LATER, sequence=3, changed_by=other, changed_at=NOON)
        page = client.post(at(held, "ordre-du-jour/"), {"candidacies": [ready.pk], "seen": "2"})
        assert page.status_code == 409
        words = words_of(page)
        assert "bruno@instruction.example" in words
        assert "13 h 00" in words
        assert AgendaItem.objects.count() == 0
        assert 'name="seen" value="3"' in page.content.decode(), "the next try knows the change"

    def test_papers(self, client):
        scenes.members(3)
        held = scenes.session(date(2026, 12, 2))
        scenes.before(held)
        assert "Chaque membre en fonction reçoit un mail" in words_of(client.get(at(held, "envoi/")))
        told = client.post(at(held, "envoi/"), {"seen": "0"}, follow=True)
        assert "Dossiers envoyés" in words_of(told)
        assert Mail.objects.filter(template="session_papers").count() == 3
        again = client.post(at(held, "envoi/"), {"seen": "1"})
        assert (again.status_code, "son ordre du jour est clos" in words_of(again)) == (422, True)

    def test_presence(self, client):
        held, nine = scenes.session(), scenes.members()
        scenes.there(held, nine[8])
        page = client.get(at(held, "presences/")).content.decode()
        assert page.count('type="checkbox"') == 9
        client.post(at(held, "presences/"), {"members": [seat.pk for seat in nine[:5]], "seen": "0"})
        assert Presence.objects.filter(session=held).count() == 5

    def test_end_and_minutes(self, client, secretary):
        held = scenes.session()
        item = scenes.before(held)
        refused = client.post(at(held, "clore/"), {"seen": "0"})
        assert "Un dossier n'a pas encore d'avis" in words_of(refused)
        assert client.get(at(held, "compte-rendu/")).status_code == 404
        item.opinion, item.opinion_at, item.recorded_by, item.quorum = "favorable", NOON, secretary, 5
        item.save()
        told = client.post(at(held, "clore/"), {"seen": "0"}, follow=True)
        assert "Compte rendu (PDF)" in words_of(told)
        answer = client.get(at(held, "compte-rendu/"))
        assert answer["Content-Disposition"] == 'attachment; filename="compte-rendu-2026-11-25.pdf"'
        assert faults_of_pdf(answer.content) == []

    def test_sto_58_too_near_for_the_papers_no_dossier_is_added(self, client):
        scenes.members()
        near, ready = scenes.session(date(2026, 12, 1)), factories.candidacy(Status.READY)
        assert "ordre-du-jour/" not in client.get(at(near)).content.decode()
        page = client.post(at(near, "ordre-du-jour/"), {"candidacies": [ready.pk], "seen": "0"})
        assert page.status_code == 422
        assert "Les dossiers partent sept jours avant une séance" in words_of(page)
        there = scenes.session(LATER)
        assert "Inscrire des dossiers" in words_of(client.get(at(there)))
        offered = client.get(at(there, "annuler/")).content.decode()
        assert str(near.pk) not in offered

    def test_sto_18_cancelling_shows_nothing_of_a_linked_publisher(self, client, secretary):
        scenes.members()
        held, other = scenes.session(), scenes.session(LATER)
        item = scenes.before(held)
        ConflictDeclaration.objects.create(candidacy=item.candidacy, user=secretary, has_link=True, kind="x", at=NOON)
        answers = {"to": other.pk, "reason": "Salle fermée.", "seen": "0"}
        told = client.post(at(held, "annuler/"), answers, follow=True)
        assert "Séance annulée" in words_of(told)
        assert item.candidacy.service.name not in words_of(told)

    def test_cancel(self, client):
        scenes.members()
        held, other = scenes.session(), scenes.session(LATER)
        item = scenes.before(held)
        page = client.post(at(held, "annuler/"), {"reason": "Salle fermée.", "seen": "0"})
        assert "Choisissez une séance." in words_of(page)
        answers = {"to": other.pk, "reason": "Salle fermée.", "seen": "0"}
        assert "Séance annulée" in words_of(client.post(at(held, "annuler/"), answers, follow=True))
        item.refresh_from_db()
        assert item.session == other

    @pytest.mark.parametrize("act", ["ordre-du-jour/", "envoi/", "presences/", "clore/", "annuler/"])
    @pytest.mark.parametrize("role", [StaffRole.MEMBER, StaffRole.DELEGATE, StaffRole.DESK])
    def test_only_the_secretariat(self, role, act):
        held = scenes.session()
        other = client_of(scenes.person(role))
        assert other.get(at(held, act)).status_code == other.post(at(held, act)).status_code == 404


class TestItem:
    def test_rv_03_a_declaration_comes_before_the_report(self):
        item, seat = scenes.before(scenes.session()), factories.seat(0)
        answer = client_of(seat.user).get(item_at(item))
        assert answer.status_code == 302
        assert f"/instruction/dossiers/{item.candidacy_id}/conflit/" in answer["Location"]

    def test_report_for_a_member_without_a_link(self):
        item, seat = scenes.before(scenes.session()), factories.seat(0)
        scenes.declared(item.candidacy, seat.user)
        words = words_of(client_of(seat.user).get(item_at(item)))
        assert "0 membre peut voter, il en faut 5" in words
        assert "Rapport" in words
        assert "Enregistrer les votes" not in words
        read = AuditEvent.objects.filter(action="store.case.read", target=f"candidacy:{item.candidacy_id}")
        assert read.get().facts == {"page": "commission"}

    @pytest.mark.parametrize("act", ["votes/", "avis/", "reporter/"])
    def test_members_do_not_record(self, act):
        item, seat = scenes.before(scenes.session()), factories.seat(0)
        scenes.declared(item.candidacy, seat.user)
        assert client_of(seat.user).get(item_at(item, act)).status_code == 404

    def test_another_session_has_no_such_dossier(self, client, secretary):
        item, other = scenes.before(scenes.session()), scenes.session(LATER)
        scenes.declared(item.candidacy, secretary)
        assert client.get(f"{LIST}{other.pk}/{item.candidacy_id}/").status_code == 404


@pytest.fixture
def seated(secretary):
    nine, held = scenes.members(), scenes.session(TODAY)
    scenes.there(held, *nine[:5])
    item = scenes.before(held)
    scenes.declared(item.candidacy, secretary)
    return nine, item


def opinion(**values):
    return {"opinion": "favorable", "text": "Avis.", "lines": "3", "seen": "0", **values}


class TestVotesAndOpinion:
    def test_votes_then_opinion(self, client, seated):
        nine, item = seated
        votes = {str(seat.pk): "pour" for seat in nine[:5]}
        told = client.post(item_at(item, "votes/"), {**votes, "seen": "0"}, follow=True)
        assert "Pour : 5, contre : 0, abstentions : 0" in words_of(told)
        page = client.get(item_at(item, "avis/"))
        assert 'value="favorable" id="id_opinion_0" checked' in " ".join(page.content.decode().split())
        told = client.post(item_at(item, "avis/"), opinion(seen="1"), follow=True)
        assert "Avis enregistré" in words_of(told)
        item.refresh_from_db()
        assert (item.opinion, item.candidacy.status) == ("favorable", Status.OPINION)
        answer = client.get(item_at(item, "avis/pdf/"))
        assert faults_of_pdf(answer.content) == []

    def test_each_vote_is_asked_for(self, client, seated):
        nine, item = seated
        page = client.post(item_at(item, "votes/"), {str(nine[0].pk): "pour", "seen": "0"})
        assert page.status_code == 422
        assert "Indiquez le vote de Membre 2." in words_of(page)

    def test_reservations_by_lines(self, client, seated):
        nine, item = seated
        scenes.voted(item, nine[:5], *["pour"] * 5)
        line = {
            "r0-text": "Publier la déclaration.", "r0-criterion": "CRI-ACC-01", "r0-effect": "before",
            "r0-due_on": "2026-12-31",
        }  # fmt: skip
        client.post(item_at(item, "avis/"), opinion(opinion="reserves_suspensives", **line))
        row = Reservation.objects.get()
        assert (row.criterion, row.is_suspensive, row.due_on) == ("CRI-ACC-01", True, date(2026, 12, 31))

    def test_more_lines_keep_what_was_typed(self, client, seated):
        nine, item = seated
        client.post(item_at(item, "votes/"), {**{str(seat.pk): "pour" for seat in nine[:5]}, "seen": "0"})
        page = client.post(item_at(item, "avis/"), opinion(more="1", **{"r1-text": "À moitié écrit"}))
        assert page.status_code == 200
        html = page.content.decode()
        assert "À moitié écrit" in html
        assert html.count('name="r') >= 6 * 4
        assert 'name="lines" value="6"' in html
        assert 'name="seen" value="0"' in html
        assert "Erreur" not in title_of(page)

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"opinion": "defavorable"}, "Cet avis contredit les votes."),
            ({"opinion": "reserves_suspensives"}, "Cet avis demande une réserve à lever avant la publication."),
            ({"r0-text": "Sans date"}, "Indiquez la date avant laquelle la réserve doit être levée."),
            ({"opinion": ""}, "Choisissez l'un des quatre avis."),
        ],
    )
    def test_refusals_in_words(self, client, seated, values, words):
        nine, item = seated
        scenes.voted(item, nine[:5], *["pour"] * 5)
        page = client.post(item_at(item, "avis/"), opinion(**values))
        assert page.status_code == 422
        assert words in words_of(page)
        assert Reservation.objects.count() == 0

    def test_rgaa_11_11_faults_of_two_reservations_stand_in_one_summary(self, client, seated):
        nine, item = seated
        scenes.voted(item, nine[:5], *["pour"] * 5)
        page = client.post(item_at(item, "avis/"), opinion(**{"r0-text": "Sans date", "r1-due_on": "2026-12-31"}))
        assert title_of(page).startswith("Erreur")
        assert page.content.decode().count('id="erreurs"') == 1
        assert "2 réponses sont à vérifier Réserve 1, À lever avant le" in words_of(page)

    def test_sto_18_without_quorum_the_page_says_what_to_do(self, client, seated):
        nine, item = seated
        scenes.tied(nine[0], item.candidacy)
        words = words_of(client.get(item_at(item)))
        assert "4 membres peuvent voter, il en faut 5, 1 écarté pour un lien avec l'éditeur" in words
        assert "Le quorum n'est pas atteint pour ce dossier" in words
        scenes.voted(item, nine[1:5], *["pour"] * 4)
        page = client.post(item_at(item, "avis/"), opinion())
        assert "aucun avis ne peut être enregistré" in words_of(page)

    def test_move(self, client, seated):
        _nine, item = seated
        empty = words_of(client.get(item_at(item, "reporter/")))
        assert "Aucune autre séance" in empty
        assert "Reporter le dossier" not in empty, "nothing could be chosen"
        other = scenes.session(LATER)
        answers = {"to": other.pk, "reason": "Quorum non atteint.", "seen": "0"}
        assert "Dossier reporté" in words_of(client.post(item_at(item, "reporter/"), answers, follow=True))
        item.refresh_from_db()
        assert item.session == other

    def test_sto_18_a_member_declares_first_and_finds_the_way_back(self, seated):
        nine, item = seated
        member = client_of(nine[1].user)
        page = member.get(item_at(item), follow=True)
        assert "Retour à la commission" in words_of(page)
        assert 'href="/instruction/"' not in page.content.decode(), "no queue waits for a member"

    def test_queries_of_the_page(self, client, seated):
        _nine, item = seated
        client.get(item_at(item))
        few = queries_of(client, item_at(item))
        for code in ("CRI-SEC-01", "CRI-SEC-02", "CRI-ACC-01"):
            item.candidacy.judgements.create(
                criterion=code, version=1, verdict="non_conforme", by=scenes.person(), at=NOON
            )
        assert queries_of(client, item_at(item)) == few <= 12
