"""S-08: the pages, as a person goes through them."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.common.ids import uuid7
from apps.rollout.models import Activation, EligiblePerson, NoticeCode
from apps.spaces.models import HealthSpace
from tests import factories
from tests.cast import client_of
from tests.dmp.pages import main_of, title_of, words_of
from tests.harness.clock import NOON
from tests.rollout import factories as rollout
from tests.rollout.activation_pages import (
    IDENTIFY,
    NEUTRAL,
    START,
    begun,
    full,
    opposed,
    path,
    signed,
    typed,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_tries", "noon")]


class TestStart:
    def test_a_visitor_has_two_ways(self):
        page = client_of(None).get(START)
        assert title_of(page).startswith("Activer un espace santé")
        assert f'<input type="hidden" name="next" value="{START}">' in main_of(page)
        assert f'href="{IDENTIFY}"' in main_of(page)
        assert "Cinq étapes courtes" in words_of(page)

    def test_spa_08_whoever_has_signed_in_is_offered_their_own(self, alice):
        page = signed(alice[0].identity).get(START)
        assert "Alice Morel Pas encore ouvert : l'activation l'ouvre tout de suite" in words_of(page)
        assert reverse("rollout:activation_begin", args=[alice[0].pk]) in main_of(page)

    def test_spa_10_an_opposed_person_reads_that_it_is_withdrawn(self, alice):
        opposed(alice[0])
        page = signed(alice[0].identity).get(START)
        assert "Opposition enregistrée : l'activation la retire" in words_of(page)

    def test_spa_40_an_open_space_of_a_child_is_offered_to_its_parent(self, rosa_and_lea):
        rosa, lea, _code = rosa_and_lea
        EligiblePerson.objects.filter(pk=lea.pk).update(state="OPEN")
        space = factories.space(person=lea.identity)
        factories.representation(of=space, person=rosa)
        words = words_of(signed(rosa).get(START))
        assert "Lea M. Ouvert, déjà alimenté, à activer" in words
        HealthSpace.objects.update(account_activated_at=NOON)
        assert "Rien n'attend" in words_of(signed(factories.identity()).get(START))

    def test_spa_36_nothing_is_offered_to_somebody_whose_space_was_closed(self):
        person = rollout.person(state="OPEN")
        factories.space(person=person.identity, status="closed", closed_at=NOON)
        assert "Rien n'attend" in words_of(signed(person.identity).get(START))

    def test_sec_34_a_weak_sign_in_is_told_which_one_is_needed(self, alice, settings):
        settings.HOLDER_MIN_LEVEL = "eidas2"
        page = signed(alice[0].identity, level="eidas1").get(START)
        assert "Cette connexion n'est pas assez sûre" in words_of(page)
        assert "Alice Morel" not in words_of(page)

    def test_the_number_of_queries_does_not_depend_on_the_children(self, alice):
        rosa = alice[0].identity
        client = signed(rosa)
        counts = []
        for children in (1, 19):
            for _ in range(children):
                space = factories.space(person=rollout.person(identity=factories.child_identity()).identity)
                factories.representation(of=space, person=rosa)
            client.get(START)
            with CaptureQueriesContext(connection) as queries:
                client.get(START)
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestIdentify:
    def test_decisions_06_by_code_date_and_number(self, alice):
        person, code = alice
        client = client_of(None)
        answer = client.post(IDENTIFY, typed(code, full(person.identity)))
        row = Activation.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, path("identity", row))
        assert (row.capacity, row.by, row.user, row.code.person_id) == ("self", None, None, person.pk)

    def test_sec_06_the_code_shows_first_name_initial_and_year(self, alice):
        person, code = alice
        client = client_of(None)
        page = client.post(IDENTIFY, typed(code, full(person.identity)), follow=True)
        words = words_of(page)
        assert "Alice M. , née en 1984" in words
        for hidden in ("MOREL", "Morel", "JEANNE", "14 juin", "44109", person.identity.ins_number):
            assert hidden not in words

    @pytest.mark.parametrize("wrong", ["code", "date", "number", "all"])
    def test_sec_06_every_miss_is_one_text(self, alice, wrong):
        person, code = alice
        other = factories.identity()
        answers = typed(
            "K7MF3QXT9BRD" if wrong in {"code", "all"} else code,
            full(other) if wrong in {"number", "all"} else full(person.identity),
            born="15 6 1984" if wrong in {"date", "all"} else "14 6 1984",
        )
        page = client_of(None).post(IDENTIFY, answers)
        assert page.status_code == 422
        assert NEUTRAL in words_of(page)
        assert title_of(page).startswith("Erreur\u00a0: ")
        assert Activation.objects.count() == 0

    def test_a_number_with_a_typing_mistake_is_said_before_anything_is_looked_up(self, alice):
        person, code = alice
        number = full(person.identity)
        page = client_of(None).post(IDENTIFY, typed(code, number[:-1] + str((int(number[-1]) + 1) % 10)))
        assert "Ce numéro est incomplet" in words_of(page)
        assert NEUTRAL not in words_of(page)
        assert NoticeCode.objects.get().failures == 0

    def test_o_09_a_lost_code_leads_to_a_new_one(self):
        page = main_of(client_of(None).get(IDENTIFY))
        assert f'href="{reverse("rollout:notice_resend")}">Je n\'ai pas ou plus de code' in html.unescape(page)

    def test_an_empty_page_is_told_about_all_of_it(self):
        words = words_of(client_of(None).post(IDENTIFY))
        assert "Écrivez le code et les trois parties de la date, en chiffres." in words
        assert "Ce champ est obligatoire" not in words

    def test_a_number_that_is_left_out_is_asked_for(self, alice):
        words = words_of(client_of(None).post(IDENTIFY, typed(alice[1])))
        assert "Écrivez les 15 chiffres du numéro." in words

    def test_sec_22_the_number_is_never_put_back_into_the_page(self, alice):
        person, code = alice
        page = client_of(None).post(IDENTIFY, typed(code, full(person.identity), born="15 6 1984"))
        assert person.identity.ins_number not in page.content.decode()
        assert code in page.content.decode(), "the code is kept, to be corrected"

    def test_spa_40_the_number_of_the_parent(self, rosa_and_lea):
        rosa, lea, code = rosa_and_lea
        client = client_of(None)
        refused = client.post(IDENTIFY, typed(code, full(lea.identity), born="20 3 2017"))
        assert refused.status_code == 422
        client.post(IDENTIFY, typed(code, full(rosa), born="20 3 2017"))
        row = Activation.objects.get()
        assert (row.person_id, row.capacity, row.by_id) == (lea.pk, "parent", rosa.pk)

    def test_spa_40_signed_in_no_number_is_asked(self, rosa_and_lea):
        rosa, lea, code = rosa_and_lea
        client = signed(rosa)
        assert 'name="number"' not in client.get(IDENTIFY).content.decode()
        client.post(IDENTIFY, typed(code, born="20 3 2017"))
        row = Activation.objects.get()
        assert (row.person_id, row.by_id, row.user.identity_id) == (lea.pk, rosa.pk, rosa.pk)

    def test_sec_06_somebody_elses_letter_opens_nothing_to_whoever_has_signed_in(self, alice, rosa_and_lea):
        page = signed(rosa_and_lea[0]).post(IDENTIFY, typed(alice[1]))
        assert page.status_code == 422
        assert "Nous ne retrouvons pas ce code avec cette date de naissance." in words_of(page)

    def test_rol_13_a_code_that_was_replaced_says_so(self, alice):
        person, code = alice
        NoticeCode.objects.update(ended_at=NOON)
        rollout.noticed(person, key="again")
        page = client_of(None).post(IDENTIFY, typed(code, full(person.identity)))
        assert page.status_code == 409
        assert "Un code plus récent a été envoyé. Seul le dernier code marche." in words_of(page)

    def test_rol_13_a_code_that_has_served_says_so(self, alice):
        person, code = alice
        NoticeCode.objects.update(ended_at=NOON)
        page = client_of(None).post(IDENTIFY, typed(code, full(person.identity)))
        assert page.status_code == 409
        assert "Ce code a déjà servi" in words_of(page)

    def test_sec_09_beyond_the_limit_the_other_ways_are_shown(self, settings):
        settings.LIMITS = {**settings.LIMITS, "opposition_address": (1, 3600)}
        client = client_of(None)
        number = full(factories.identity())
        client.post(IDENTIFY, typed("K7MF3QXT9BRD", number))
        assert client.post(IDENTIFY, typed("K7MF3QXT9BRD", number)).status_code == 429

    def test_spa_36_a_dead_person(self):
        person = rollout.person(identity=factories.identity(died_on="2026-11-01"))
        _notice, code = rollout.noticed(person)
        page = client_of(None).post(IDENTIFY, typed(code, full(person.identity)))
        assert page.status_code in {409, 422}
        assert Activation.objects.count() == 0


class TestBegin:
    def test_s08_beginning_twice_leads_to_the_same_place(self, alice):
        client = signed(alice[0].identity)
        url = reverse("rollout:activation_begin", args=[alice[0].pk])
        assert client.post(url)["Location"] == client.post(url)["Location"]
        assert Activation.objects.count() == 1

    def test_sec_01_somebody_else_and_nobody_are_the_same_404(self, alice):
        client = signed(factories.identity())
        for person_id in (alice[0].pk, uuid7()):
            assert client.post(reverse("rollout:activation_begin", args=[person_id])).status_code == 404

    @pytest.mark.parametrize(("status", "said"), [("closed", "Cet espace a été clos."), ("suspended", "suspendu")])
    def test_spa_33_a_space_that_is_not_open_is_explained(self, status, said):
        person = rollout.person(state="OPEN")
        factories.space(person=person.identity, status=status, closed_at=NOON if status == "closed" else None)
        page = signed(person.identity).post(reverse("rollout:activation_begin", args=[person.pk]))
        assert page.status_code == 409
        assert said in words_of(page)


class TestSteps:
    def test_idn_16_the_traits_are_read_and_not_changed(self, alice):
        client = signed(alice[0].identity)
        row = begun(client, alice[0])
        page = client.get(path("identity", row))
        words = words_of(page)
        assert "Étape 1 sur 5" in words
        assert "MOREL" in words
        assert "ALICE JEANNE" in words
        assert "14 juin 1984" in words
        assert "Demandez-lui de corriger votre état civil" in words
        assert "<input" not in main_of(page)
        assert client.post(path("identity", row)).status_code == 405

    @pytest.mark.parametrize("step", ["identity", "contact", "sign_in", "choices"])
    def test_titles_and_addresses_hold_no_name(self, alice, step):
        client = signed(alice[0].identity)
        row = begun(client, alice[0])
        page = client.get(path(step, row))
        assert page.status_code == 200
        assert "Morel" not in title_of(page)
        assert "Alice" not in title_of(page)
        assert "étape" in title_of(page)

    def test_contact_an_address_is_checked_by_a_code(self, alice, django_capture_on_commit_callbacks):
        client = signed(alice[0].identity)
        row = begun(client, alice[0])
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(path("contact", row), {"email": "Alice@Example.fr"})
        assert answer["Location"] == path("mail_check", row)
        code = next(line for line in mail.outbox[-1].body.splitlines() if line.isdecimal())
        assert client.post(path("mail_check", row), {"code": "1"}).status_code == 422
        answer = client.post(path("mail_check", row), {"code": code})
        assert answer["Location"] == path("sign_in", row)
        row.user.refresh_from_db()
        assert row.user.email == "alice@example.fr"
        assert "Nous écrivons à : alice@example.fr" in words_of(client.get(path("contact", row)))

    def test_idn_37_a_forgotten_session_gives_no_other_address(self, alice, noon):
        client = signed(alice[0].identity)
        row = begun(client, alice[0])
        noon.shift(timedelta(minutes=6))
        answer = client.post(path("contact", row), {"email": "autre@example.fr"})
        assert answer["Location"].startswith(reverse("accounts:reauthenticate"))
        assert mail.outbox == []
        row.refresh_from_db()
        assert row.mail == ""

    def test_idn_33_contact_the_code_dies_after_ten_minutes(self, alice, noon):
        client = signed(alice[0].identity)
        row = begun(client, alice[0])
        client.post(path("contact", row), {"email": "alice@example.fr"})
        noon.shift(timedelta(minutes=9))
        page = client.get(path("mail_check", row))
        assert "8 chiffres, valables 10 minutes" in words_of(page)
        noon.shift(timedelta(minutes=1))
        assert client.get(path("mail_check", row))["Location"] == path("contact", row)

    def test_contact_too_many_codes_say_when_to_try_again(self, alice, settings):
        settings.LIMITS = {**settings.LIMITS, "activation_mail": (1, 3600)}
        client = signed(alice[0].identity)
        row = begun(client, alice[0])
        client.post(path("contact", row), {"email": "alice@example.fr"})
        assert client.post(path("contact", row), {"email": "alice@example.fr"}).status_code == 429

    def test_contact_says_that_there_is_no_phone(self, alice):
        client = signed(alice[0].identity)
        words = words_of(client.get(path("contact", begun(client, alice[0]))))
        assert "Ce portail n'envoie aucun SMS" in words

    def test_contact_by_the_code_alone_no_address_is_asked_for(self, alice):
        person, code = alice
        client = client_of(None)
        client.post(IDENTIFY, typed(code, full(person.identity)))
        row = Activation.objects.get()
        page = client.get(path("contact", row))
        assert 'type="email"' not in main_of(page)
        assert client.post(path("contact", row), {"email": "a@example.fr"}).status_code == 422
        assert len(mail.outbox) == 0

    def test_sign_in_leads_to_a_passkey_and_back(self, alice):
        client = signed(alice[0].identity)
        row = begun(client, alice[0])
        link = f"{reverse('accounts:passkey_add')}?next={path('sign_in', row)}"
        assert f'href="{link}"' in main_of(client.get(path("sign_in", row)))
        assert client.get(link).status_code == 200

    def test_sign_in_says_what_does_not_open_a_space(self, alice):
        client = signed(alice[0].identity)
        words = words_of(client.get(path("sign_in", begun(client, alice[0]))))
        assert "Un mot de passe avec le code d'une application n'ouvre pas encore d'espace santé" in words
