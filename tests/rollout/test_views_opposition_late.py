"""Coming after the opening (S28, S29), at 18, and coming back to a visit that is over."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from http import HTTPStatus

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY

from apps.accounts.ins import Authority, control_key
from apps.accounts.models import FormerInsNumber
from apps.audit.models import AuditEvent
from apps.rollout.models import EligiblePerson, Notice, NoticeCode, Opposition
from apps.rollout.texts import Voice, Wanted, blocks_of
from apps.spaces.models import HealthSpace
from tests import factories as portal
from tests.harness.clock import NOON
from tests.rollout import factories
from tests.rollout.letters import BORN, letter_for_child, open_yesterday
from tests.rollout.visiting import Visitor, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
State = EligiblePerson.State
NEUTRAL = "Nous ne retrouvons pas ce code avec cette date de naissance. Vérifiez les deux."


class TestLate:
    def test_s29_the_space_is_closed_in_the_same_visit_and_counted_apart(self, marguerite):
        space = open_yesterday(marguerite)
        visitor = Visitor()
        visitor.identify(marguerite.code, BORN)
        assert "Il est trop tard pour s'opposer, mais vous pouvez le clore aujourd'hui." in visitor.text
        visitor.get("opposition_close")
        assert visitor.path == "/opposition/qualite/"
        visitor.post("opposition_capacity", capacity="self", mail="moi@example.fr")
        assert visitor.path == "/opposition/clore/"

        number = marguerite.identity.ins_number + marguerite.identity.ins_key
        visitor.post("opposition_close", number=number, understood="on")

        space.refresh_from_db()
        assert (space.status, space.closure_reason) == ("closed", HealthSpace.ClosureReason.TOO_LATE)
        assert space.closure_reference in visitor.text
        assert "Cet espace est clos" in visitor.text
        facts = {"act": "closed", "space": str(space.pk), "reference": space.closure_reference}
        assert Notice.objects.get(kind="receipt").facts == facts
        assert Opposition.objects.count() == 0
        assert AuditEvent.objects.filter(action="rollout.opposition.close").count() == 1

    def test_s29_five_wrong_numbers_lock_the_code(self, marguerite):
        open_yesterday(marguerite)
        visitor = Visitor()
        visitor.identify(marguerite.code, BORN)
        visitor.get("opposition_close")
        visitor.post("opposition_capacity", capacity="self", mail="")
        for _time in range(5):
            answer = visitor.post("opposition_close", number="2 99 12 99 999 999 99", understood="on")
            assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY

        number = marguerite.identity.ins_number + marguerite.identity.ins_key
        visitor.post("opposition_close", number=number, understood="on")

        assert HealthSpace.objects.get().is_open
        assert NoticeCode.objects.get().locked_until == NOON + timedelta(hours=24)

    def test_sec_09_showing_the_letter_again_does_not_give_more_numbers_to_try(self, marguerite):
        """A right pair sets the failures of the code to nought; wrong numbers have a counter of their own."""
        open_yesterday(marguerite)
        visitor = Visitor()
        for wrong in (4, 1):
            visitor.identify(marguerite.code, BORN)
            visitor.get("opposition_close")
            visitor.post("opposition_capacity", capacity="self", mail="")
            for _time in range(wrong):
                visitor.post("opposition_close", number="2 99 12 99 999 999 99", understood="on")

        number = marguerite.identity.ins_number + marguerite.identity.ins_key
        answer = visitor.post("opposition_close", number=number, understood="on")

        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert HealthSpace.objects.get().is_open

    def test_spa_40_for_a_child_the_number_is_that_of_the_addressee(self, marguerite):
        child = letter_for_child(marguerite)
        open_yesterday(child)
        visitor = Visitor()
        visitor.identify(child.code, "2017-03-20")
        visitor.get("opposition_close")
        visitor.post("opposition_capacity", capacity="parent", declared="on", mail="")
        assert "le numéro du parent" in visitor.text
        childs = child.identity.ins_number + child.identity.ins_key
        visitor.post("opposition_close", number=childs, understood="on")
        assert HealthSpace.objects.get().is_open

        mothers = marguerite.identity.ins_number + marguerite.identity.ins_key
        visitor.post("opposition_close", number=mothers, understood="on")

        assert not HealthSpace.objects.get().is_open

    def test_spa_43_the_other_parent_is_told_of_the_closing_as_the_page_says(self, marguerite):
        child = letter_for_child(marguerite)
        father = factories.person(mail="pere@example.fr").identity
        EligiblePerson.objects.filter(pk=child.pk).update(rl2_number=father.ins_number)
        space = open_yesterday(child)
        visitor = Visitor()
        visitor.identify(child.code, "2017-03-20")
        visitor.get("opposition_close")
        visitor.post("opposition_capacity", capacity="parent", declared="on", mail="")
        mothers = marguerite.identity.ins_number + marguerite.identity.ins_key
        for _time in range(2):
            visitor.post("opposition_close", number=mothers, understood="on")

        told = Notice.objects.get(kind=Notice.Kind.OTHER_PARENT)
        assert (told.reader_id, told.person_id) == (father.pk, child.pk)
        assert told.facts == {"act": "closed", "space": str(space.pk)}
        words = blocks_of(Wanted(kind=Notice.Kind.OTHER_PARENT, voice=Voice.CHILD, by_post=False, act="closed"))
        assert "a clos son espace santé" in words[0].text

    def test_idn_04_a_former_number_of_the_addressee_is_theirs(self, marguerite):
        open_yesterday(marguerite)
        number = "7580344109001"
        FormerInsNumber.objects.create(
            identity=marguerite.identity, ins_number=number, authority=Authority.NIA, ended_at=NOON
        )
        visitor = Visitor()
        visitor.identify(marguerite.code, BORN)
        visitor.get("opposition_close")
        visitor.post("opposition_capacity", capacity="self", mail="")
        visitor.post("opposition_close", number=number + control_key(number), understood="on")

        assert not HealthSpace.objects.get().is_open

    def test_s29_an_activated_space_is_closed_after_a_sign_in(self, marguerite):
        open_yesterday(marguerite, account_activated_at=NOON)
        visitor = Visitor()
        visitor.identify(marguerite.code, BORN)
        visitor.get("opposition_close")

        assert visitor.path == "/opposition/choix/"
        assert "Quelqu'un s'est déjà connecté à cet espace." in visitor.text

    def test_a_closed_space(self, marguerite):
        open_yesterday(marguerite, status="closed", closed_at=NOON)
        visitor = Visitor()
        visitor.identify(marguerite.code, BORN)

        assert "Cet espace est clos depuis le 25 novembre 2026." in visitor.text

    @pytest.mark.parametrize("state", ["NOT_OPENED_DEATH", "NOT_ELIGIBLE"])
    def test_nobody_to_open_for(self, marguerite, state):
        EligiblePerson.objects.filter(pk=marguerite.pk).update(state=state)
        visitor = Visitor()
        visitor.identify(marguerite.code, BORN)

        assert "Aucun espace ne doit être ouvert pour cette personne." in visitor.text

    def test_spa_48_at_eighteen_the_page_says_that_the_space_is_closed(self):
        person = factories.person(identity=portal.identity(birth_date="2008-11-01"), situation="MINEUR")
        _notice, code = factories.noticed(person)
        portal.space(person=person.identity)
        visitor = Visitor()
        visitor.identify(code, "2008-11-01")
        visitor.post("opposition_capacity", capacity="self", mail="")
        assert "Un espace a été ouvert pendant votre minorité." in visitor.text
        assert "ouvrir" not in re.findall('name="choice" value="(\\w+)"', visitor.text)

        visitor.post("opposition_choice", choice="opposer")
        assert "l'espace ouvert pendant votre minorité est clos" in visitor.text
        visitor.post("opposition_check")

        assert "espace qui était ouvert est clos." in visitor.text
        assert not HealthSpace.objects.get().is_open


class TestVisit:
    @pytest.mark.parametrize("name", ["capacity", "choice", "check", "done", "withdraw", "confirm", "close"])
    def test_without_a_visit_every_step_asks_for_the_code(self, name):
        visitor = Visitor()
        visitor.get(f"opposition_{name}")

        assert visitor.path == "/opposition/code/"

    def test_after_half_an_hour_the_code_is_asked_for_again(self, marguerite, noon):
        visitor = Visitor()
        visitor.to_check(marguerite.code, birth_date=BORN)
        noon.shift(timedelta(minutes=30))

        visitor.post("opposition_check")

        assert visitor.path == "/opposition/code/"
        assert Opposition.objects.count() == 0

    def test_finishing_clears_everything(self, marguerite):
        visitor = Visitor()
        visitor.oppose(marguerite.code, birth_date=BORN)
        before = visitor.client.session.session_key
        visitor.post("opposition_finish")
        assert "Cette page a été effacée" in visitor.text

        visitor.get("opposition_done")

        assert visitor.path == "/opposition/code/"
        assert visitor.client.session.session_key != before

    def test_finishing_leaves_somebody_signed_in(self, marguerite):
        visitor = Visitor()
        visitor.client.force_login(portal.user(person=portal.identity()))
        visitor.oppose(marguerite.code, birth_date=BORN)
        visitor.post("opposition_finish")

        assert BACKEND_SESSION_KEY in visitor.client.session
        assert "ens_opposition" not in visitor.client.session

    def test_the_session_changes_with_the_code(self, marguerite):
        visitor = Visitor()
        visitor.get("opposition_identify")
        before = visitor.client.session.session_key
        visitor.identify(marguerite.code, BORN)

        assert visitor.client.session.session_key != before

    def test_sec_22_neither_address_nor_title_nor_session_says_who(self, marguerite):
        visitor = Visitor()
        visitor.oppose(marguerite.code, birth_date=BORN, mail="moi@example.fr")

        for page in ("opposition_capacity", "opposition_choice", "opposition_done"):
            visitor.get(page)
            title = re.search("<title>(.*)</title>", visitor.text)[1]
            assert "Marguerite" not in title
            assert "1958" not in visitor.path
        kept = str(dict(visitor.client.session))
        for value in ("moi@example.fr", "MARGUERITE", "1958", marguerite.code, marguerite.identity.ins_number):
            assert value not in kept

    def test_queries_do_not_grow_with_the_people_of_a_visit(self, marguerite, django_assert_num_queries):
        visitor = Visitor()
        parent = {"capacity": "parent", "declared": "on", "birth_date": "2017-03-20"}
        children = [letter_for_child(marguerite, first_given_name=f"ENFANT{number}") for number in range(6)]
        visitor.oppose(children[0].code, **parent)
        with django_assert_num_queries(4):
            visitor.client.get(url("opposition_done"))
        for child in children[1:]:
            visitor.oppose(child.code, **parent)

        with django_assert_num_queries(4):
            visitor.client.get(url("opposition_done"))


def test_s28_the_page_and_the_row_say_the_same_end(client, noon):
    noon.move_to(datetime.fromisoformat("2026-10-26T22:59:59+00:00"))
    person = factories.person()
    _notice, code = factories.noticed(person, sent_at=datetime.fromisoformat("2026-09-14T08:00:00+00:00"))
    visitor = Visitor()
    visitor.to_check(code)
    visitor.get("opposition_choice")
    assert "l'espace s'ouvrira le 27 octobre 2026" in unescape(visitor.text)

    noon.move_to(datetime.fromisoformat("2026-10-26T23:00:01+00:00"))
    visitor.get("opposition_choice")
    assert "Les six semaines sont passées." in visitor.text
    visitor.get("opposition_check")
    visitor.post("opposition_check")

    assert EligiblePerson.objects.get(pk=person.pk).state == State.OPPOSED
