"""The big stop (RO-08): one person stops, two people start again; the page and its strip."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.access import SYSTEM, AccessDeniedError, Actor, Role
from apps.accounts.models import StaffRole
from apps.audit.services import PLATFORM_SCOPE, events_of
from apps.common.ids import uuid7
from apps.rollout.models import StopOrder, Wave, WaveEvent
from apps.rollout.services import errors, stopping
from apps.rollout.services.errors import SamePersonError, UnknownWaveError
from apps.rollout.stops import is_stopped
from tests import factories as people
from tests.cast import client_of
from tests.dmp.pages import title_of, words_of
from tests.factories import at_work
from tests.harness.clock import NOON
from tests.rollout import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
PAGE = "/deploiement/arret/"


def ordered(user, wave=None, reason="codes lost"):
    return stopping.order_stop(actor=at_work(user), wave_id=wave.id if wave else None, reason=reason, at=NOON)


def asked(user, wave=None):
    stop = ordered(user, wave)
    return stopping.ask_restart(actor=at_work(user), stop_id=stop.id, reason="codes found", at=NOON)


class TestOrder:
    def test_a_stop_of_everything_stops_every_wave(self, nadia):
        wave = factories.wave()
        stop = ordered(nadia)
        assert (stop.wave, stop.reason, stop.ordered_by, stop.ordered_at) == (None, "codes lost", nadia, NOON)
        assert (is_stopped(wave.id), is_stopped(None)) == (True, True)

    def test_a_stop_of_one_wave_leaves_the_others(self, nadia):
        wave, other = factories.wave(), factories.wave()
        ordered(nadia, wave)
        assert (is_stopped(wave.id), is_stopped(other.id), is_stopped(None)) == (True, False, False)

    @pytest.mark.parametrize("of_wave", [False, True])
    def test_ordered_twice_it_is_one_stop_with_the_first_reason(self, nadia, viktor, of_wave):
        wave = factories.wave() if of_wave else None
        first, second = ordered(nadia, wave), ordered(viktor, wave, reason="again")
        assert (first.id, second.reason) == (second.id, "codes lost")
        assert events_of(PLATFORM_SCOPE).filter(action="rollout.stop.order").count() == 1

    def test_the_trail_names_the_stop_and_nothing_of_the_reason(self, nadia):
        wave = factories.wave()
        stop = ordered(nadia, wave)
        line = events_of(PLATFORM_SCOPE).get(action="rollout.stop.order")
        assert (line.actor_id, line.target) == (str(nadia.pk), f"stop:{stop.id}")
        assert line.facts == {"everything": False, "wave": str(wave.id)}
        event = WaveEvent.objects.get(wave=wave)
        assert (event.kind, event.actor, event.at) == ("stop-order", str(nadia.pk), NOON)

    @pytest.mark.parametrize("state", ["draft", "closed", "cancelled"])
    def test_a_wave_that_does_nothing_cannot_be_stopped(self, nadia, state):
        values = {"closed_at": NOON} if state == "closed" else {}
        with pytest.raises(UnknownWaveError):
            ordered(nadia, factories.wave(state=state, **values))

    def test_an_unknown_wave(self, nadia):
        with pytest.raises(UnknownWaveError):
            stopping.order_stop(actor=at_work(nadia), wave_id=uuid7(), reason="x", at=NOON)

    def test_sec_20_people_outside_the_team_are_refused(self):
        holder = Actor(role=Role.HOLDER, at=NOON)
        with pytest.raises(AccessDeniedError):
            stopping.order_stop(actor=holder, wave_id=None, reason="x", at=NOON)

    def test_sec_20_what_people_decide_no_job_decides(self):
        with pytest.raises(AccessDeniedError):
            stopping.order_stop(actor=SYSTEM, wave_id=None, reason="x", at=NOON)


class TestRestart:
    def test_rel_10_restart_needs_two_people(self, nadia, viktor):
        stop = asked(nadia)
        assert is_stopped(None)
        stopping.confirm_restart(actor=at_work(viktor), stop_id=stop.id, at=NOON)
        assert not is_stopped(None)
        stop.refresh_from_db()
        assert (stop.restart_asked_by, stop.restart_reason, stop.lifted_by) == (nadia, "codes found", viktor)
        actions = events_of(PLATFORM_SCOPE).filter(action__startswith="rollout.stop.").values_list("action", flat=True)
        assert sorted(actions) == ["rollout.stop.ask_restart", "rollout.stop.order", "rollout.stop.restart"]

    def test_rel_10_who_asked_cannot_confirm(self, viktor):
        stop = asked(viktor)
        with pytest.raises(SamePersonError):
            stopping.confirm_restart(actor=at_work(viktor), stop_id=stop.id, at=NOON)
        assert is_stopped(None)

    def test_who_ordered_the_stop_may_confirm_what_another_asked(self, nadia, viktor):
        stop = ordered(viktor)
        stopping.ask_restart(actor=at_work(nadia), stop_id=stop.id, reason="codes found", at=NOON)
        assert stopping.confirm_restart(actor=at_work(viktor), stop_id=stop.id, at=NOON).lifted_at == NOON

    def test_nobody_has_asked(self, nadia, viktor):
        stop = ordered(nadia)
        with pytest.raises(errors.NotAskedError):
            stopping.confirm_restart(actor=at_work(viktor), stop_id=stop.id, at=NOON)

    def test_asked_twice_the_first_one_counts(self, nadia, viktor):
        stop = asked(nadia)
        again = stopping.ask_restart(actor=at_work(viktor), stop_id=stop.id, reason="me too", at=NOON)
        assert (again.restart_asked_by, again.restart_reason) == (nadia, "codes found")

    def test_a_lifted_stop_is_over(self, nadia, viktor):
        stop = asked(nadia)
        stopping.confirm_restart(actor=at_work(viktor), stop_id=stop.id, at=NOON)
        with pytest.raises(stopping.UnknownStopError):
            stopping.confirm_restart(actor=at_work(viktor), stop_id=stop.id, at=NOON)
        with pytest.raises(stopping.UnknownStopError):
            stopping.ask_restart(actor=at_work(nadia), stop_id=stop.id, reason="x", at=NOON)

    def test_after_the_restart_a_new_stop_may_be_ordered(self, nadia, viktor):
        stop = asked(nadia)
        stopping.confirm_restart(actor=at_work(viktor), stop_id=stop.id, at=NOON)
        assert ordered(nadia).id != stop.id
        assert is_stopped(None)


class TestPage:
    def test_it_says_what_a_stop_does_and_lists_waves_that_work(self, nadia):
        factories.wave(number=901, name="Somme")
        factories.wave(number=902, name="Oise", state=Wave.State.DRAFT)
        words = words_of(client_of(nadia).get(PAGE))
        assert "Rien de nouveau n'est envoyé ni ouvert dans les 60 secondes" in words
        assert "Vague 901 : Somme" in words
        assert "Oise" not in words

    def test_stopping_everything(self, nadia):
        answer = client_of(nadia).post(PAGE, {"scope": "tout", "reason": "codes lost"}, follow=True)
        assert title_of(answer).startswith("Arrêt ordonné – Arrêt – Déploiement")
        assert "codes lost" in words_of(answer)
        assert is_stopped(None)

    def test_stopping_one_wave(self, nadia):
        wave = factories.wave()
        client_of(nadia).post(PAGE, {"scope": str(wave.id), "reason": "codes lost"})
        assert StopOrder.objects.get().wave == wave

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            ({"reason": "x"}, "Choisissez ce qui doit s'arrêter."),
            ({"scope": "tout", "reason": " "}, "Indiquez pourquoi arrêter."),
            ({"scope": str(uuid7()), "reason": "x"}, "Sélectionnez un choix valide"),
        ],
    )
    def test_a_form_that_is_not_right_stops_nothing(self, nadia, data, said):
        answer = client_of(nadia).post(PAGE, data)
        assert (answer.status_code, said in words_of(answer)) == (422, True)
        assert title_of(answer).startswith("Erreur")
        assert not StopOrder.objects.exists()

    def test_restart_from_the_page_in_two_steps(self, nadia, viktor):
        stop = ordered(nadia)
        operator, approver = client_of(nadia), client_of(viktor)
        answer = operator.post(f"{PAGE}{stop.id}/reprise/", {"reason": "codes found"}, follow=True)
        assert "attend une deuxième personne" in words_of(answer)
        assert "Confirmer la reprise" not in words_of(answer)
        page = words_of(approver.get(f"{PAGE}{stop.id}/reprise/confirmer/"))
        assert "codes lost" in page
        assert "codes found" in page
        assert is_stopped(None)
        told = words_of(approver.post(f"{PAGE}{stop.id}/reprise/confirmer/", follow=True))
        assert "Arrêt levé" in told
        assert "Derniers arrêts terminés" in told
        assert not is_stopped(None)

    def test_a_reason_is_needed_to_ask(self, nadia):
        stop = ordered(nadia)
        assert client_of(nadia).post(f"{PAGE}{stop.id}/reprise/", {"reason": ""}).status_code == 422

    def test_who_asked_is_told_that_another_person_confirms(self, viktor):
        stop = asked(viktor)
        answer = client_of(viktor).post(f"{PAGE}{stop.id}/reprise/confirmer/", follow=True)
        assert "Une autre personne la confirme." in words_of(answer)
        assert is_stopped(None)

    def test_confirming_what_nobody_asked(self, nadia, viktor):
        stop = ordered(nadia)
        answer = client_of(viktor).post(f"{PAGE}{stop.id}/reprise/confirmer/", follow=True)
        assert "Personne n'a encore demandé cette reprise." in words_of(answer)

    def test_support_stops_and_does_not_restart(self, nadia):
        support = client_of(people.staff(StaffRole.SUPPORT))
        support.post(PAGE, {"scope": "tout", "reason": "calls about wrong codes"})
        stop = StopOrder.objects.get()
        assert support.get(f"{PAGE}{stop.id}/reprise/").status_code == 404
        assert support.get(f"{PAGE}{stop.id}/reprise/confirmer/").status_code == 404
        assert client_of(nadia).get(f"{PAGE}{stop.id}/reprise/confirmer/").status_code == 404

    @pytest.mark.parametrize("step", ["reprise/", "reprise/confirmer/"])
    def test_a_stop_that_does_not_stand(self, viktor, step):
        assert client_of(viktor).post(f"{PAGE}{uuid7()}/{step}", {"reason": "x"}).status_code == 404

    @pytest.mark.parametrize("role", [StaffRole.PLATFORM, StaffRole.ASSESSOR])
    def test_sec_19_other_roles_find_nothing(self, role):
        assert client_of(people.staff(role)).get(PAGE).status_code == 404

    def test_same_queries_for_one_and_for_twenty(self, nadia):
        client = client_of(nadia)
        ordered(nadia, factories.wave())
        client.get(PAGE)
        with CaptureQueriesContext(connection) as for_one:
            client.get(PAGE)
        for _ in range(20):
            ordered(nadia, factories.wave())
        with CaptureQueriesContext(connection) as for_many:
            client.get(PAGE)
        assert len(for_many) == len(for_one)


class TestStrip:
    def strip(self, user, path=PAGE):
        page = client_of(user).get(path).content.decode()
        return page[page.index("<body") : page.index("<main")].replace("\xa0", " ").replace("\u202f", " ")

    def test_no_stop_no_strip(self, nadia):
        assert "fr-notice" not in self.strip(nadia)

    def test_every_page_of_the_console_says_that_a_stop_runs(self, nadia):
        ordered(nadia, factories.wave(number=903))
        assert "Vague 903 arrêtée" in self.strip(nadia)
        ordered(nadia)
        said = self.strip(nadia)
        assert said.index("Tout est arrêté") < said.index("Vague 903 arrêtée")
        assert f'href="{PAGE}"' in said

    def test_other_pages_do_not(self, nadia):
        ordered(nadia)
        assert "fr-notice" not in self.strip(nadia, "/compte/connexion/")
