"""S-08: the activation itself, and who sees one that is under way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.common.ids import uuid7
from apps.rollout.models import Activation, EligiblePerson, NoticeCode, StopOrder
from apps.spaces.models import HealthSpace
from tests import factories
from tests.cast import client_of
from tests.dmp.pages import main_of, words_of
from tests.harness.clock import NOON
from tests.rollout import factories as rollout
from tests.rollout.activation_pages import (
    IDENTIFY,
    LATER,
    START,
    begun,
    full,
    opposed,
    path,
    signed,
    typed,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_tries", "noon")]


class TestActivating:
    def test_spa_08_all_the_way_with_franceconnect(self, alice):
        client = signed(alice[0].identity)
        row = begun(client, alice[0])
        answers = {"break_glass": "oui", "call": "non", "masked": "plus-tard"}
        answer = client.post(path("choices", row), answers)
        assert answer["Location"] == path("done", row)
        page = client.get(path("done", row))
        space = HealthSpace.objects.get()
        assert "L'espace est activé" in words_of(page)
        assert reverse("journeys:dashboard", args=[space.pk]) in main_of(page)
        assert (space.account_activated_at, space.emergency_call_allowed) == (NOON, False)
        assert client.get(reverse("journeys:dashboard", args=[space.pk])).status_code == 200

    def test_decisions_06_all_the_way_with_the_letter(self, alice):
        person, code = alice
        client = client_of(None)
        client.post(IDENTIFY, typed(code, full(person.identity)))
        row = Activation.objects.get()
        page = client.get(path("choices", row))
        assert 'name="break_glass"' not in main_of(page), "chosen once somebody has signed in"
        client.post(path("choices", row))
        words = words_of(client.get(path("done", row)))
        assert "Vous connecter avec FranceConnect : c'est ce qui ouvre l'espace." in words
        assert HealthSpace.objects.get().account_activated_at == NOON

    def test_rel_21_the_back_button_and_a_second_click_show_the_end(self, alice):
        client = signed(alice[0].identity)
        row = begun(client, alice[0])
        first = client.post(path("choices", row), LATER)
        again = client.post(path("choices", row), LATER)
        assert first["Location"] == again["Location"] == path("done", row)
        for step in ("identity", "contact", "sign_in", "choices"):
            assert client.get(path(step, row))["Location"] == path("done", row)
        assert HealthSpace.objects.count() == 1

    def test_two_tabs_on_two_people_never_mix_them_up(self, rosa_and_lea):
        rosa, lea, code = rosa_and_lea
        tom = rollout.person(
            identity=factories.child_identity(first_given_name="TOM", birth_date="2015-01-02"),
            situation=EligiblePerson.Situation.MINOR, rl1_number=rosa.ins_number, rl1_capacity="MERE",
        )  # fmt: skip
        _notice, other = rollout.noticed(tom, reader=rosa)
        client = signed(rosa)
        client.post(IDENTIFY, typed(code, born="20 3 2017"))
        client.post(IDENTIFY, typed(other, born="2 1 2015"))
        first = Activation.objects.get(person=lea)
        assert "Lea M." in words_of(client.get(path("choices", first)))
        client.post(path("choices", first), {**LATER, "declared": "on"})
        assert [space.identity_id for space in HealthSpace.objects.all()] == [lea.pk]

    def test_spa_10_the_withdrawal_is_ticked_explicitly(self, alice):
        opposed(alice[0])
        client = signed(alice[0].identity)
        row = begun(client, alice[0])
        assert "Une opposition a été enregistrée le 22 novembre 2026" in words_of(client.get(path("identity", row)))
        page = client.post(path("choices", row), LATER)
        assert page.status_code == 422
        assert "Cochez cette case pour retirer l'opposition" in words_of(page)
        assert HealthSpace.objects.count() == 0
        assert "Je retire l'opposition du 22 novembre 2026 : un espace santé doit être ouvert." in words_of(page)
        client.post(path("choices", row), {**LATER, "withdraws": "on"})
        assert HealthSpace.objects.count() == 1

    def test_an_opposition_that_came_meanwhile_is_not_withdrawn_unseen(self, alice):
        client = signed(alice[0].identity)
        row = begun(client, alice[0])
        client.get(path("choices", row))
        opposed(alice[0])
        assert client.post(path("choices", row), LATER).status_code == 422
        assert HealthSpace.objects.count() == 0

    def test_decisions_06_a_representative_declares_the_quality(self, rosa_and_lea):
        rosa, lea, code = rosa_and_lea
        client = signed(rosa)
        client.post(IDENTIFY, typed(code, born="20 3 2017"))
        row = Activation.objects.get()
        page = client.post(path("choices", row), LATER)
        assert page.status_code == 422
        assert "Je déclare exercer l'autorité parentale sur cet enfant." in words_of(page)
        client.post(path("choices", row), {**LATER, "declared": "on"})
        assert HealthSpace.objects.get().identity_id == lea.pk

    def test_spa_40_the_open_space_of_a_child_is_activated_without_its_letter(self, rosa_and_lea):
        rosa, lea, _code = rosa_and_lea
        EligiblePerson.objects.filter(pk=lea.pk).update(state="OPEN")
        space = factories.space(person=lea.identity)
        factories.representation(of=space, person=rosa)
        client = signed(rosa)
        row = begun(client, lea)
        client.post(path("choices", row), {**LATER, "call": "non", "declared": "on"})
        space.refresh_from_db()
        assert (space.account_activated_at, space.emergency_call_allowed) == (NOON, False)
        assert reverse("journeys:dashboard", args=[space.pk]) in main_of(client.get(path("done", row)))
        lea.refresh_from_db()
        assert lea.state == "OPEN_ACTIVE"

    def test_acc_20_a_question_left_for_later_keeps_what_was_chosen(self, rosa_and_lea):
        rosa, lea, _code = rosa_and_lea
        EligiblePerson.objects.filter(pk=lea.pk).update(state="OPEN")
        chosen = {"break_glass_allowed": False, "masked_in_emergency": True, "emergency_chosen_at": NOON}
        space = factories.space(person=lea.identity, **chosen)
        factories.representation(of=space, person=rosa)
        client = signed(rosa)
        client.post(path("choices", begun(client, lea)), {**LATER, "call": "non", "declared": "on"})
        space.refresh_from_db()
        assert (space.break_glass_allowed, space.emergency_call_allowed) == (False, False)
        assert space.masked_in_emergency is True

    def test_sec_15_the_session_changes_with_the_letter(self, alice):
        person, code = alice
        client = client_of(None)
        client.get(IDENTIFY)
        session = client.session
        session["planted"] = "x"
        session.save()
        client.post(IDENTIFY, typed(code, full(person.identity)))
        assert client.session.session_key != session.session_key

    def test_sec_06_a_newer_code_ends_an_activation_by_the_older_one(self, alice):
        person, code = alice
        client = client_of(None)
        client.post(IDENTIFY, typed(code, full(person.identity)))
        NoticeCode.objects.update(ended_at=NOON)
        rollout.noticed(person, key="again")
        page = client.post(path("choices", Activation.objects.get()))
        assert page.status_code == 409
        assert "Un code plus récent a été envoyé. Seul le dernier code marche." in words_of(page)

    def test_rel_10_a_stop_is_told_and_nothing_is_lost(self, alice):
        StopOrder.objects.create(reason="Essai", ordered_by=factories.staff(), ordered_at=NOON)
        client = signed(alice[0].identity)
        row = begun(client, alice[0])
        words = words_of(client.post(path("choices", row), LATER, follow=True))
        assert "Votre demande est enregistrée" in words
        assert "L'espace s'ouvrira ensuite de lui-même." in words
        alice[0].refresh_from_db()
        assert alice[0].state == "OPENING_ASKED"

    def test_a_space_that_was_closed_meanwhile_is_explained(self, alice):
        client = signed(alice[0].identity)
        row = begun(client, alice[0])
        factories.space(person=alice[0].identity, status="closed", closed_at=NOON)
        page = client.post(path("choices", row), LATER)
        assert page.status_code == 409
        assert "Cet espace a été clos." in words_of(page)

    def test_done_before_the_end_leads_back_to_the_choices(self, alice):
        client = signed(alice[0].identity)
        row = begun(client, alice[0])
        assert client.get(path("done", row))["Location"] == path("choices", row)


class TestWhoSees:
    def test_sec_01_another_browser_begins_again(self, alice):
        person, code = alice
        client_of(None).post(IDENTIFY, typed(code, full(person.identity)))
        answer = client_of(None).get(path("identity", Activation.objects.get()))
        assert (answer.status_code, answer["Location"]) == (302, START)

    def test_sec_01_unknown_and_somebody_elses_are_one_answer(self, alice):
        row = begun(signed(alice[0].identity), alice[0])
        client = signed(factories.identity())
        for activation_id in (row.pk, uuid7()):
            url = reverse("rollout:activation_identity", args=[activation_id])
            assert client.get(url).status_code == 404

    def test_s08_the_same_person_goes_on_after_signing_in(self, alice):
        person, code = alice
        client_of(None).post(IDENTIFY, typed(code, full(person.identity)))
        row = Activation.objects.get()
        page = signed(person.identity).get(path("contact", row))
        assert 'type="email"' in main_of(page)

    def test_s08_thirty_days_later_it_is_gone(self, alice, noon):
        client = signed(alice[0].identity)
        row = begun(client, alice[0])
        noon.move_to(NOON + timedelta(days=30))
        assert signed_again(row).get(path("identity", row)).status_code == 404

    def test_s08_what_was_left_is_offered_again(self, alice):
        client = signed(alice[0].identity)
        row = begun(client, alice[0])
        page = client.get(START)
        assert "Reprendre où vous en étiez" in words_of(page)
        assert path("identity", row) in main_of(page)


def signed_again(row):
    return client_of(row.user)
