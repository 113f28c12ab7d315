"""Pages of waves (RO-04, RO-07): plan, count, approve by another person, open by two people."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import StaffRole
from apps.common.ids import uuid7
from apps.rollout.jobs import filling
from apps.rollout.models import Wave, WaveEvent
from apps.rollout.services import waves
from tests import factories as people
from tests.cast import client_of
from tests.dmp.pages import title_of, words_of
from tests.harness.clock import NOON
from tests.rollout import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
LIST = "/deploiement/vagues/"


def answers(**values):
    return {
        "token": str(uuid7()),
        "name": "Sarthe et Mayenne",
        "stage": "general",
        "departments": "72, 53",
        "services": ["dmp", "mss"],
        "channels": "as-wished",
        "first_send_on": "2026-12-07",
        "mails_a_day": "1000",
        "letters_a_day": "500",
        **values,
    }


def draft(author, **values) -> Wave:
    return factories.wave(state="draft", author=author, name="Sarthe", first_send_on=date(2026, 12, 7), **values)


def at(wave, act="") -> str:
    return f"{LIST}{wave.id}/{act}"


class TestList:
    def test_empty(self, desk):
        words = words_of(desk.get(LIST))
        assert "Aucune vague" in words
        assert "Préparer une vague" in words

    def test_state_people_and_dates_of_each(self, desk, nadia):
        draft(nadia, number=7)
        factories.wave(number=8, name="Mayenne", people=52_300, filled_at=NOON, stage="general", paused_at=NOON)
        words = words_of(desk.get(LIST))
        assert words.index("Vague 8 : Mayenne") < words.index("Vague 7 : Sarthe")
        assert "52 300 personnes" in words
        assert "Envois à partir du 7 décembre 2026, ouvertures au plus tôt le 19 janvier 2027." in words
        assert "brouillon" in words
        assert "en pause" in words

    def test_twenty_a_page(self, desk, nadia):
        for _ in range(21):
            draft(nadia)
        assert desk.get(LIST).content.decode().count("ens-list__title") == 20
        assert desk.get(LIST, {"page": "2"}).content.decode().count("ens-list__title") == 1

    def test_same_queries_for_one_and_for_twenty(self, desk, nadia):
        draft(nadia)
        desk.get(LIST)
        with CaptureQueriesContext(connection) as for_one:
            desk.get(LIST)
        for _ in range(19):
            draft(nadia)
        with CaptureQueriesContext(connection) as for_twenty:
            desk.get(LIST)
        assert len(for_twenty) == len(for_one)

    @pytest.mark.parametrize("role", [StaffRole.SUPPORT, StaffRole.PLATFORM, StaffRole.ASSESSOR])
    def test_sec_19_other_roles_find_nothing(self, role):
        desk = client_of(people.staff(role))
        assert [desk.get(path).status_code for path in (LIST, f"{LIST}nouvelle/")] == [404, 404]


class TestPlan:
    def test_saved_as_a_draft(self, desk, nadia):
        answer = desk.post(f"{LIST}nouvelle/", answers(), follow=True)
        wave = Wave.objects.get()
        assert (wave.state, wave.author, wave.departments, wave.stage) == ("draft", nadia, ["53", "72"], "general")
        assert (wave.mails_a_day, wave.letters_a_day, wave.first_send_on) == (1000, 500, date(2026, 12, 7))
        assert title_of(answer).startswith(f"Brouillon enregistré – Vague {wave.number} – Déploiement")

    def test_a_form_sent_twice_makes_one_wave(self, desk):
        data = answers()
        for _ in range(2):
            desk.post(f"{LIST}nouvelle/", data)
        assert Wave.objects.count() == 1

    def test_the_form_begins_with_the_usual_answers(self, desk):
        page = desk.get(f"{LIST}nouvelle/").content.decode()
        assert re.search(r'name="token" value="[0-9a-f-]{36}"', page)
        assert len(re.findall(r"checked", page)) == 4  # pilot, two services, channels

    def test_counting_saves_nothing(self, desk):
        for _ in range(3):
            factories.person(department="72")
        factories.person(department="53", channel="courrier", mail="")
        factories.person(department="53", wave=factories.wave())
        answer = desk.post(f"{LIST}nouvelle/", answers(count="1"))
        words = words_of(answer)
        assert answer.status_code == 200
        said = "notifications par courriel 3 notifications par courrier 1 sans notification pour l'instant 0"
        assert f"personnes rattachées 4 {said} dans une autre vague 1" in words
        assert "1 personne qui répond aux critères est dans une autre vague" in words
        assert "Mardi 19 janvier 2027" in words
        assert Wave.objects.filter(state="draft").count() == 0
        assert 'value="Sarthe et Mayenne"' in answer.content.decode()

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"first_send_on": "2026-11-11"}, "Premier envoi le 11 novembre 2026 : Armistice."),
            ({"first_send_on": "2026-12-06"}, "Premier envoi le 6 décembre 2026 : dimanche."),
            ({"first_send_on": "2026-11-12"}, "Première ouverture le 25 décembre 2026 : Noël."),
            ({"mails_a_day": "0"}, "leur voie a une capacité de 0 par jour"),
            ({"departments": "75"}, "Personne de libre ne répond à ces critères."),
        ],
    )
    def test_what_deserves_a_warning(self, desk, values, said):
        factories.person(department="72")
        assert said in words_of(desk.post(f"{LIST}nouvelle/", answers(count="1", **values)))

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"departments": "72, 99"}, "« 99 » n'est pas un code de département."),
            ({"departments": "20"}, "« 20 » n'est pas un code de département."),
            ({"schemes": "R G*"}, "« G* » n'est pas un code de régime."),
            ({"born_from": "1960-01-01", "born_until": "1950-01-01"}, "Ce jour vient avant le premier."),
            ({"mails_a_day": "0", "letters_a_day": "0"}, "rien ne partirait"),
            ({"services": []}, "Cochez au moins un service."),
            ({"first_send_on": ""}, "Indiquez le jour du premier envoi."),
            ({"mails_a_day": ""}, "Indiquez le nombre de courriels par jour : 0 n'en envoie aucun."),
            ({"letters_a_day": ""}, "Indiquez le nombre de courriers par jour : 0 n'en envoie aucun."),
            ({"stage": ""}, "Indiquez l'étape."),
            ({"channels": ""}, "Indiquez la voie des notifications."),
            ({"first_send_on": "9999-12-31"}, "Choisissez un jour entre 2000 et 2099."),
            ({"first_send_on": "0001-01-01"}, "Choisissez un jour entre 2000 et 2099."),
            ({"at_most": "0"}, "supérieure ou égale à 1"),
            ({"mails_a_day": "beaucoup"}, "nombre entier"),
        ],
    )
    def test_what_is_not_right_is_said_and_kept(self, desk, values, said):
        answer = desk.post(f"{LIST}nouvelle/", answers(**values))
        assert (answer.status_code, Wave.objects.count()) == (422, 0)
        assert said in words_of(answer)
        assert 'value="Sarthe et Mayenne"' in answer.content.decode()

    @pytest.mark.parametrize("code", ["01", "2A", "2B", "44", "95", "971", "976", "987"])
    def test_codes_of_departments(self, desk, code):
        desk.post(f"{LIST}nouvelle/", answers(departments=code.lower()))
        assert Wave.objects.get().departments == [code]


class TestChange:
    def data(self, wave, **values):
        return answers(seen=waves.version_of(wave), **values)

    def test_the_form_holds_what_is_there(self, desk, nadia):
        page = desk.get(at(draft(nadia, departments=["44", "2A"]), "modifier/")).content.decode()
        assert 'value="44, 2A"' in page
        assert 'value="2026-12-07"' in page

    def test_changed(self, desk, nadia):
        wave = draft(nadia)
        desk.post(at(wave, "modifier/"), self.data(wave))
        wave.refresh_from_db()
        assert (wave.name, wave.departments) == ("Sarthe et Mayenne", ["53", "72"])

    def test_counting_counts_its_own_people_as_free(self, desk):
        wave = factories.wave(state="approved", departments=["72"], people=1)
        factories.person(department="72", wave=wave)
        words = words_of(desk.post(at(wave, "modifier/"), self.data(wave, count="1")))
        assert "personnes rattachées 1 notifications par courriel 1" in words
        assert "dans une autre vague 0" in words
        wave.refresh_from_db()
        assert wave.state == "approved"

    def test_sec_21_an_approved_wave_says_that_it_needs_a_new_approval(self, desk):
        wave = factories.wave(state="approved")
        assert "une autre personne l'approuve de nouveau" in words_of(desk.get(at(wave, "modifier/")))
        desk.post(at(wave, "modifier/"), self.data(wave))
        wave.refresh_from_db()
        assert (wave.state, wave.approver) == ("draft", None)

    def test_rel_21_the_page_of_another_tab(self, desk, nadia):
        wave = draft(nadia)
        data = self.data(wave)
        desk.post(at(wave, "modifier/"), data)
        answer = desk.post(at(wave, "modifier/"), {**data, "name": "Lost"}, follow=True)
        assert "Quelqu'un a modifié cette vague" in words_of(answer)
        wave.refresh_from_db()
        assert wave.name == "Sarthe et Mayenne"

    def test_too_late(self, desk):
        wave = factories.wave()
        answer = desk.post(at(wave, "modifier/"), self.data(wave), follow=True)
        assert "Cette vague a avancé entre-temps" in words_of(answer)


class TestDetail:
    def test_numbers_and_dates_of_a_draft(self, desk, nadia):
        factories.person()
        words = words_of(desk.get(at(draft(nadia, departments=["44"]))))
        assert "Lundi 7 décembre 2026" in words
        assert "Lundi 18 janvier 2027" in words
        assert "Mardi 19 janvier 2027" in words
        assert "nadia@example.fr" in words
        assert "Modifier" in words

    def test_people_by_state_once_it_runs(self, desk):
        wave = factories.wave(people=3, filled_at=NOON)
        factories.noticed(factories.person(wave=wave))
        factories.person(wave=wave, state="OPPOSED")
        words = words_of(desk.get(at(wave)))
        assert "3 personnes" in words
        assert "opposé 1" in words
        assert "Modifier" not in words

    def test_only_the_second_person_reads_approve(self, desk, approver, nadia):
        wave = draft(nadia)
        assert "/approuver/" not in desk.get(at(wave)).content.decode()
        assert f"{at(wave)}approuver/" in approver.get(at(wave)).content.decode()

    def test_what_happened_and_who_did_it(self, desk, approver, nadia):
        factories.person(department="72")
        desk.post(f"{LIST}nouvelle/", answers())
        wave = Wave.objects.get()
        with time_machine.travel(NOON + timedelta(seconds=30), tick=False):
            approver.post(at(wave, "approuver/"), {"seen": waves.version_of(wave)})
        filling.fill_due(at=NOON + timedelta(minutes=1))
        words = words_of(desk.get(at(wave)))
        happened = words[words.index("Ce qui s'est passé") :]
        assert [happened.index(one) for one in ("Personnes rattachées", "Approuvée", "Brouillon créé")] == sorted(
            happened.index(one) for one in ("Personnes rattachées", "Approuvée", "Brouillon créé")
        )
        assert "automatique" in happened
        assert "viktor@example.fr" in happened

    def test_same_queries_for_one_and_for_twenty_events(self, desk, nadia):
        wave = factories.wave(filled_at=NOON)

        def event():
            WaveEvent.objects.create(wave=wave, at=NOON, kind="pause", actor=str(people.staff().pk))

        event()
        desk.get(at(wave))
        with CaptureQueriesContext(connection) as for_one:
            desk.get(at(wave))
        for _ in range(19):
            event()
        with CaptureQueriesContext(connection) as for_twenty:
            desk.get(at(wave))
        assert len(for_twenty) == len(for_one)

    def test_an_unknown_wave(self, desk):
        assert desk.get(f"{LIST}{uuid7()}/").status_code == 404


class TestApprove:
    def test_the_page_shows_what_will_happen(self, approver, nadia):
        factories.person()
        words = words_of(approver.get(at(draft(nadia), "approuver/")))
        assert "Ces personnes sont rattachées à cette vague" in words
        assert "Lundi 7 décembre 2026" in words

    def test_sec_21_by_another_person(self, approver, nadia, viktor):
        factories.person()
        wave = draft(nadia)
        answer = approver.post(at(wave, "approuver/"), {"seen": waves.version_of(wave)}, follow=True)
        assert "Vague approuvée" in words_of(answer)
        wave.refresh_from_db()
        assert (wave.state, wave.approver) == ("approved", viktor)

    def test_sec_21_the_author_is_told_why_not(self, approver, viktor):
        factories.person()
        wave = draft(viktor)
        answer = approver.post(at(wave, "approuver/"), {"seen": "0"}, follow=True)
        assert "Une autre personne" in words_of(answer)
        wave.refresh_from_db()
        assert wave.state == "draft"

    @pytest.mark.parametrize(
        ("values", "seen", "said"),
        [
            ({"departments": ["31"]}, "0", "Personne de libre ne répond à ces critères."),
            ({"mails_a_day": 0}, "0", "leur voie a une capacité de 0 par jour"),
            ({"people": 1}, "0", "encore en cours de retrait"),
            ({}, "7", "Quelqu'un a modifié cette vague"),
        ],
    )
    def test_other_reasons(self, approver, nadia, values, seen, said):
        factories.person()
        wave = draft(nadia, **values)
        answer = approver.post(at(wave, "approuver/"), {"seen": seen}, follow=True)
        assert said in words_of(answer)
        wave.refresh_from_db()
        assert wave.state == "draft"

    def test_an_operator_does_not_approve(self, desk, nadia):
        wave = draft(nadia)
        assert desk.get(at(wave, "approuver/")).status_code == 404
        assert desk.post(at(wave, "approuver/")).status_code == 404


class TestOtherActs:
    def test_give_up_asks_first(self, desk, nadia):
        wave = draft(nadia)
        assert "Personne de cette vague n'a reçu de notification" in words_of(desk.get(at(wave, "abandonner/")))
        answer = desk.post(at(wave, "abandonner/"), {"seen": waves.version_of(wave)}, follow=True)
        assert "Vague abandonnée" in words_of(answer)
        wave.refresh_from_db()
        assert wave.state == "cancelled"

    def test_pause_and_resume(self, desk):
        wave = factories.wave(filled_at=NOON)
        assert "Vague mise en pause" in words_of(desk.post(at(wave, "pause/"), follow=True))
        assert "En pause depuis" in words_of(desk.get(at(wave)))
        assert "Vague reprise" in words_of(desk.post(at(wave, "reprise/"), follow=True))
        wave.refresh_from_db()
        assert wave.paused_at is None

    def test_a_draft_is_not_paused(self, desk, nadia):
        answer = desk.post(at(draft(nadia), "pause/"), follow=True)
        assert "brouillon ou a été abandonnée" in words_of(answer)


class TestOpening:
    def due(self, wave):
        factories.noticed(factories.person(wave=wave), sent_at=NOON - timedelta(days=50))

    def test_the_trial_says_every_count(self, desk):
        wave = factories.wave(state="window")
        self.due(wave)
        factories.person(wave=wave, state="OPPOSED")
        factories.person(wave=wave, hold="no-representative")
        words = words_of(desk.get(at(wave, "ouverture/")))
        assert "3 personnes dans cette vague. Ce décompte n'ouvre rien." in words
        assert "À ouvrir maintenant 1" in words
        assert "mineur sans représentant connu liste pour la caisse 1" in words

    def test_sec_20_two_people(self, desk, approver):
        wave = factories.wave(state="window")
        self.due(wave)
        answer = desk.post(at(wave, "ouverture/"), follow=True)
        assert "Ouverture demandée" in words_of(answer)
        assert "attend une autre personne" in words_of(answer)
        page = words_of(approver.get(at(wave, "ouverture/approuver/")))
        assert "1 espace s'ouvre au prochain lot." in page
        answer = approver.post(at(wave, "ouverture/approuver/"), follow=True)
        assert "Ouverture approuvée" in words_of(answer)
        wave.refresh_from_db()
        assert wave.may_open

    def test_sec_20_not_the_same_one(self, approver):
        wave = factories.wave(state="window")
        approver.post(at(wave, "ouverture/"))
        answer = approver.post(at(wave, "ouverture/approuver/"), follow=True)
        assert "Vous avez fait la première étape vous-même" in words_of(answer)
        wave.refresh_from_db()
        assert not wave.may_open

    def test_nobody_asked(self, approver):
        wave = factories.wave(state="window")
        answer = approver.post(at(wave, "ouverture/approuver/"), follow=True)
        assert "Personne n'a encore demandé cette ouverture." in words_of(answer)

    def test_an_operator_does_not_approve(self, desk):
        wave = factories.wave(state="window")
        desk.post(at(wave, "ouverture/"))
        assert desk.post(at(wave, "ouverture/approuver/")).status_code == 404

    def test_a_draft_has_nothing_to_open(self, desk, nadia):
        wave = draft(nadia)
        assert "Demander l'ouverture" not in words_of(desk.get(at(wave, "ouverture/")))
        assert "brouillon" in words_of(desk.post(at(wave, "ouverture/"), follow=True))
