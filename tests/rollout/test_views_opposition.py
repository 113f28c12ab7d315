"""O-01 to O-07, as a browser without JavaScript sees them."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from http import HTTPStatus

import pytest

from apps.audit.models import AuditEvent
from apps.rollout.models import Conflict, EligiblePerson, Notice, NoticeCode, Opposition
from apps.rollout.proofs import proof_of
from apps.rollout.symbols import grouped
from tests import factories as portal
from tests.harness.clock import NOON
from tests.rollout import factories
from tests.rollout.letters import BORN, letter_for_child, open_yesterday
from tests.rollout.visiting import Visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
State = EligiblePerson.State
NEUTRAL = "Nous ne retrouvons pas ce code avec cette date de naissance. Vérifiez les deux."


class TestBefore:
    def test_o_01_three_columns_and_the_date_rule(self, client):
        text = client.get("/opposition/").content.decode()

        for words in ("Si vous vous opposez", "Si vous ne faites rien", "Si vous changez d'avis"):
            assert f"<h2>{words}</h2>" in text
        assert "Vous n'avez pas à dire pourquoi." in text
        assert 'href="/opposition/autrement/"' in text

    def test_o_02_a_wrong_pair_gets_the_one_text_and_keeps_what_was_typed(self, marguerite):
        visitor = Visitor()
        answer = visitor.identify(marguerite.code, "1958-03-08")

        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert NEUTRAL in visitor.text
        assert f'value="{marguerite.code}"' in visitor.text
        assert "<title>Erreur : Entrez le code reçu – Opposition" in visitor.text
        assert "Marguerite" not in visitor.text

    @pytest.mark.parametrize(
        "values", [{}, {"code": "K7MF3QXT9BRD"}, {"code": "x", "day": "a", "month": 3, "year": 1958}]
    )
    def test_o_02_what_cannot_be_read_is_said_without_a_look_up(self, values):
        visitor = Visitor()
        answer = visitor.post("opposition_identify", **values)

        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "Écrivez le code et les trois parties de la date" in visitor.text
        assert not AuditEvent.objects.exists()

    def test_sec_06_the_four_wrong_cases_give_the_same_bytes(self, marguerite):
        """Wrong code, wrong date, expired, unknown: only what was typed and the token of the form differ."""
        old = factories.person()
        _notice, old_code = factories.noticed(old, sent_at=NOON - timedelta(days=120))
        cases = [
            ("K7MF3QXT9BRE", BORN),
            (marguerite.code, "1958-03-08"),
            (old_code, "1984-06-14"),
            ("222222222222", BORN),
        ]

        pages = {_without_typed(Visitor().identify(code, birth).content, code, birth) for code, birth in cases}

        assert len(pages) == 1

    def test_o_02_after_five_failures_the_other_ways_are_shown_whatever_was_typed(self):
        visitor = Visitor()
        for _time in range(4):
            visitor.identify("K7MF3QXT9BRD")
        assert "des moyens sans code" not in visitor.text

        visitor.identify("K7MF3QXT9BRD")

        assert "des moyens sans code" in visitor.text

    def test_sec_09_too_many_tries_show_the_other_ways_with_the_hour(self, marguerite):
        visitor = Visitor()
        for _time in range(20):
            visitor.identify("K7MF3QXT9BRD")

        answer = visitor.identify(marguerite.code, BORN)

        assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
        assert "Vous pourrez essayer de nouveau un code à partir de 14 h 00." in visitor.text
        assert "02 61 91 40 40" in visitor.text
        assert visitor.client.get("/opposition/autrement/").status_code == HTTPStatus.OK

    def test_sec_06_first_name_initial_and_year_are_all_that_is_shown(self, marguerite):
        visitor = Visitor()
        visitor.identify(marguerite.code, BORN)

        assert visitor.path == "/opposition/qualite/"
        assert "<strong>Marguerite D.</strong>, née en 1958" in visitor.text
        assert "Duval" not in visitor.text
        assert "DUVAL" not in visitor.text

    def test_o_03_a_man_is_born_in_the_masculine(self):
        person = factories.person(identity=portal.identity(first_given_name="PAUL", sex="M"))
        visitor = Visitor()
        visitor.identify(factories.noticed(person)[1])

        assert "<strong>Paul M.</strong>, né en 1984" in visitor.text

    def test_o_03_for_a_minor_there_is_no_for_myself_and_a_parent_declares(self, marguerite):
        child = letter_for_child(marguerite)
        visitor = Visitor()
        visitor.identify(child.code, "2017-03-20")
        assert "Pour moi" not in visitor.text
        assert "Pour mon enfant mineur" in visitor.text
        assert "autorité parentale sur cet enfant." in visitor.text
        assert "sera informé de votre choix." in visitor.text

        answer = visitor.post("opposition_capacity", capacity="parent", mail="")
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert "Cochez cette déclaration pour continuer." in visitor.text

        visitor.post("opposition_capacity", capacity="self", declared="on", mail="")
        assert visitor.path == "/opposition/qualite/"
        visitor.post("opposition_capacity", capacity="parent", declared="on", mail="")
        assert visitor.path == "/opposition/choix/"

    def test_spa_50_whoever_represents_an_adult_declares_it(self, marguerite):
        visitor = Visitor()
        visitor.identify(marguerite.code, BORN)
        assert "une mesure de protection avec représentation relative à la personne." in visitor.text
        assert visitor.text.count("(facultatif)") == 1

        answer = visitor.post("opposition_capacity", capacity="protector", mail="")
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        visitor.post("opposition_capacity", capacity="protector", declared="on", mail="")
        assert visitor.path == "/opposition/choix/"

    def test_spa_51_where_a_measure_only_assists_nobody_else_may(self, marguerite):
        EligiblePerson.objects.filter(pk=marguerite.pk).update(situation="MAJEUR_PROTEGE", measure="CURATELLE_SIMPLE")
        visitor = Visitor()
        visitor.identify(marguerite.code, BORN)

        assert "Pour moi" in visitor.text
        assert "décision de justice" not in visitor.text
        assert "Je déclare" not in visitor.text

    def test_o_04_nothing_is_chosen_beforehand_and_the_date_is_said(self, marguerite):
        visitor = Visitor()
        visitor.identify(marguerite.code, BORN)
        visitor.post("opposition_capacity", capacity="self", mail="")

        assert "checked" not in visitor.text
        aid = "Sans réponse de votre part, l'espace s'ouvrira le 28 décembre 2026."
        label = re.search(r"Je ne décide pas aujourd(.*?)</label>", visitor.text)
        assert label is not None
        assert aid in unescape(label[1])
        answer = visitor.post("opposition_choice")
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY

    def test_o_04_not_today_records_nothing(self, marguerite):
        visitor = Visitor()
        visitor.to_check(marguerite.code, choice="attendre", birth_date=BORN)

        assert visitor.path == "/opposition/enregistree/"
        assert "Vous ne décidez rien aujourd'hui" in visitor.text
        assert Opposition.objects.count() == 0

    def test_o_05_everything_is_read_back(self, marguerite):
        visitor = Visitor()
        visitor.to_check(marguerite.code, birth_date=BORN, mail="moi@example.fr")

        assert "Vous allez enregistrer une opposition pour Marguerite D. Effet" in visitor.text
        assert "moi@example.fr" in visitor.text
        assert "Confirmer mon opposition" in visitor.text
        assert "DMP" not in visitor.text

    def test_spa_21_whoever_had_a_dmp_is_told_before(self, marguerite):
        EligiblePerson.objects.filter(pk=marguerite.pk).update(had_dmp=True)
        visitor = Visitor()
        visitor.to_check(marguerite.code, birth_date=BORN)

        assert "Votre opposition ne le ferme pas tout de suite." in visitor.text


class TestRecording:
    def test_o_06_number_hour_and_effect(self, marguerite):
        visitor = Visitor()
        visitor.oppose(marguerite.code, birth_date=BORN, mail="moi@example.fr")

        row = Opposition.objects.get()
        assert visitor.path == "/opposition/enregistree/"
        assert row.reference in visitor.text
        assert grouped(proof_of(row.pk)) in visitor.text
        assert "Le 25 novembre 2026 à 13 h 00 (heure de Paris)." in visitor.text
        assert "<title>Opposition enregistrée – Opposition – Espace santé</title>" in visitor.text
        assert EligiblePerson.objects.get(pk=marguerite.pk).state == State.OPPOSED
        assert Notice.objects.get(kind="receipt").address == "moi@example.fr"

    def test_sent_twice_is_recorded_once_and_gives_the_same_page(self, marguerite):
        visitor = Visitor()
        check = visitor.to_check(marguerite.code, birth_date=BORN)
        first = visitor.post("opposition_check").content
        visitor.page = check
        second = visitor.post("opposition_check").content

        assert Opposition.objects.count() == 1
        assert _without_token(first) == _without_token(second)

    def test_back_and_reload_after_it_lead_to_the_same_receipt(self, marguerite):
        visitor = Visitor()
        visitor.oppose(marguerite.code, birth_date=BORN)

        for name in ("opposition_check", "opposition_done"):
            visitor.get(name)
            assert visitor.path == "/opposition/enregistree/"
        visitor.get("opposition_choice")
        assert "Une opposition est enregistrée" in visitor.text

    def test_opened_meanwhile_nothing_is_recorded_and_it_is_explained(self, marguerite):
        visitor = Visitor()
        visitor.to_check(marguerite.code, birth_date=BORN)
        open_yesterday(marguerite)

        visitor.post("opposition_check")

        assert visitor.path == "/opposition/choix/"
        assert "Cet espace est ouvert depuis le 24 novembre 2026." in visitor.text
        assert Opposition.objects.count() == 0

    def test_code_replaced_meanwhile_nothing_is_recorded(self, marguerite):
        visitor = Visitor()
        visitor.to_check(marguerite.code, birth_date=BORN)
        NoticeCode.objects.update(ended_at=NOON)

        visitor.post("opposition_check")

        assert "Ce code ne sert plus" in visitor.text
        assert Opposition.objects.count() == 0

    def test_answers_changed_in_another_tab_are_read_again_before_anything_is_recorded(self, marguerite):
        visitor = Visitor()
        shown = visitor.to_check(marguerite.code, birth_date=BORN)
        visitor.post("opposition_choice", choice="ouvrir")
        visitor.page = shown

        visitor.post("opposition_check")

        assert "Vos réponses ont changé dans un autre onglet." in visitor.text
        assert EligiblePerson.objects.get(pk=marguerite.pk).state == State.NOTICE_SENT

    def test_two_tabs_on_two_children_act_on_the_child_they_show(self, marguerite):
        lea, tom = letter_for_child(marguerite), letter_for_child(marguerite, first_given_name="TOM")
        visitor = Visitor()
        parent = {"capacity": "parent", "declared": "on", "birth_date": "2017-03-20"}
        of_lea = visitor.to_check(lea.code, **parent)
        visitor.to_check(tom.code, **parent)
        visitor.page = of_lea

        visitor.post("opposition_check")

        assert Opposition.objects.get().person_id == lea.pk
        assert EligiblePerson.objects.get(pk=tom.pk).state == State.NOTICE_SENT

    def test_the_opening_may_be_asked_for(self, marguerite):
        visitor = Visitor()
        visitor.oppose(marguerite.code, birth_date=BORN, choice="ouvrir")

        assert "L'ouverture est demandée" in visitor.text
        assert EligiblePerson.objects.get(pk=marguerite.pk).state == State.OPENING_ASKED

    def test_o_07_withdrawn_on_a_page_of_its_own(self, marguerite):
        visitor = Visitor()
        visitor.oppose(marguerite.code, birth_date=BORN)
        visitor.get("opposition_withdraw")
        assert "Un espace santé sera ouvert à votre nom dans les 24 heures." in visitor.text

        visitor.post("opposition_withdraw")

        assert "Votre opposition est retirée" in visitor.text
        assert EligiblePerson.objects.get(pk=marguerite.pk).state == State.OPENING_ASKED

    def test_spa_10_another_day_with_the_same_code(self, marguerite, noon):
        Visitor().oppose(marguerite.code, birth_date=BORN)
        noon.move_to(NOON + timedelta(days=60))
        visitor = Visitor()
        visitor.identify(marguerite.code, BORN)
        visitor.post("opposition_capacity", capacity="self", mail="")
        assert "L'opposition a été enregistrée le 25 novembre 2026" in visitor.text

        visitor.get("opposition_withdraw")
        visitor.post("opposition_withdraw")

        assert EligiblePerson.objects.get(pk=marguerite.pk).state == State.OPENING_ASKED

    def test_spa_21_the_second_opposition(self, marguerite):
        EligiblePerson.objects.filter(pk=marguerite.pk).update(had_dmp=True)
        visitor = Visitor()
        visitor.oppose(marguerite.code, birth_date=BORN)
        visitor.get("opposition_confirm")
        visitor.post("opposition_confirm")

        assert "Votre opposition est confirmée" in visitor.text
        assert Opposition.objects.get().confirmed_at == NOON

    def test_decisions_7_the_other_parent_is_contradicted_and_nobody_is_named(self, marguerite):
        child = letter_for_child(marguerite)
        father = factories.person()
        Opposition.objects.create(
            person=child, reference="OPP-22222-222222", check_mac=b"x" * 32, channel="post", capacity="parent",
            by=father.identity, received_at=NOON, entered_at=NOON, entered_by=portal.staff(),
        )  # fmt: skip
        EligiblePerson.objects.filter(pk=child.pk).update(state=State.OPPOSED)
        visitor = Visitor()
        visitor.identify(child.code, "2017-03-20")
        visitor.post("opposition_capacity", capacity="parent", declared="on", mail="")
        visitor.get("opposition_withdraw")
        visitor.post("opposition_withdraw")

        assert "Deux demandes contraires" in visitor.text
        assert Conflict.objects.get().against == marguerite.identity
        assert EligiblePerson.objects.get(pk=child.pk).hold == "conflict"
        assert "Alice" not in visitor.text

    def test_several_children_each_with_its_own_decision_and_receipt(self, marguerite):
        lea, tom = letter_for_child(marguerite), letter_for_child(marguerite, first_given_name="TOM")
        visitor = Visitor()
        parent = {"capacity": "parent", "declared": "on", "birth_date": "2017-03-20"}
        visitor.oppose(lea.code, **parent)
        visitor.oppose(tom.code, choice="ouvrir", **parent)

        assert "Tom M." in visitor.text
        assert "Léa" not in visitor.text.split("Fait pendant cette visite")[0]
        assert Opposition.objects.get().person_id == lea.pk
        assert EligiblePerson.objects.get(pk=tom.pk).state == State.OPENING_ASKED
        assert visitor.text.count("Télécharger le récépissé") == 1

    def test_a_child_whose_code_was_not_entered_is_nowhere(self, marguerite):
        lea = letter_for_child(marguerite)
        letter_for_child(marguerite, first_given_name="TOM")
        visitor = Visitor()
        visitor.oppose(lea.code, capacity="parent", declared="on", birth_date="2017-03-20")

        assert "Tom" not in visitor.text


def _without_token(page: bytes) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"|[Rr]equest-[Ii][Dd][^<]*', b"", page)


def _without_typed(page: bytes, code: str, birth: str) -> bytes:
    year, month, day = birth.split("-")
    for value in (code, year, month, day):
        page = page.replace(f'value="{value}"'.encode(), b'value=""')
    return _without_token(page)
