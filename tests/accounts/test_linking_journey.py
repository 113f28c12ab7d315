"""Linking through the whole flow: S38, S39, and people who are not to be mixed up."""

from __future__ import annotations

import pytest
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import AuditEvent
from tests.accounts.browser import actions
from tests.accounts.people import AMINA, identity
from tests.simulators.process import ANGELA, CLIENT_SECRET, ZOE

AMINA_SUB = "1f0000000000000000000000000000000000000000000000000000000000000004v1"


def how_linked() -> list[str]:
    lines = AuditEvent.objects.filter(action="accounts.session.open").order_by("at", "id")
    return [line.facts["link"] for line in lines]


def test_s38_an_incomplete_identity_is_signed_in_without_a_space(visitor):
    identity(birth_date="1952-06-01")
    identity(birth_date="1952-06-00")

    answer = visitor.sign_in(behaviour="sparse")

    user = User.objects.get()
    assert visitor.is_signed_in
    assert answer.headers["Location"] == reverse("journeys:choose_space")
    assert (user.identity, user.email) == (None, "")
    assert how_linked() == ["doubt"]


def test_s38_an_empty_birth_date_is_signed_in_without_a_space(visitor):
    identity()

    visitor.sign_in(behaviour="no-birth-date")

    assert visitor.is_signed_in
    assert User.objects.get().identity is None


def test_s38_two_people_without_mail_are_two_users(visitor):
    visitor.sign_in(behaviour="sparse")
    visitor.client.post(reverse("accounts:sign_out"))
    visitor.sign_in(behaviour="sparse", sub=ZOE)

    assert User.objects.count() == 2


def test_s39_a_name_with_accents_and_apostrophe_is_linked(visitor):
    zoe = identity(
        birth_family_name="D'ALENCON MENARD",
        first_given_name="ZOE",
        birth_given_names="ZOE ANNE",
        birth_date="1990-07-02",
        birth_place="44109",
    )

    visitor.sign_in(sub=ZOE)

    assert User.objects.get().identity == zoe
    zoe.refresh_from_db()
    assert zoe.birth_family_name == "D'ALENCON MENARD"


def test_idn_28_an_unknown_birth_day_is_linked(visitor):
    amina = identity(**AMINA)

    visitor.sign_in(sub=AMINA_SUB)

    assert User.objects.get().identity == amina


def test_idn_29_a_second_account_with_the_same_traits_gets_no_space(visitor):
    """Same traits, another `sub`: FranceConnect says that it is another account, so nobody is let in by resemblance."""
    martin = identity()
    visitor.sign_in()
    visitor.client.post(reverse("accounts:sign_out"))

    visitor.sign_in(
        typed="1",
        family_name="MARTIN",
        given_name="Angela Claire Louise",
        birthdate="1979-03-14",
        gender="female",
        birthplace="31555",
        birthcountry="99100",
    )

    assert User.objects.filter(identity=martin).count() == 1
    assert User.objects.filter(identity=None).count() == 1
    assert how_linked() == ["linked", "doubt"]


def test_t_13_the_mail_address_of_somebody_else_links_nothing(visitor):
    identity(birth_family_name="DUPONT")
    other = User.objects.create(email="angela.martin@courriel.example")

    visitor.sign_in()

    mine = User.objects.exclude(pk=other.pk).get()
    assert mine.identity is None
    assert mine.email == ""


def test_a_homonym_of_another_place_is_a_doubt_and_writes_no_link(visitor):
    identity(birth_place="31069")

    visitor.sign_in()

    assert how_linked() == ["doubt"]
    assert "accounts.identity.link" not in dict(actions())


@pytest.mark.parametrize("text", ["MARTIN", "Angela", "1979", "31555"])
def test_sec_22_no_trait_of_a_person_is_in_the_trail(visitor, text):
    identity()

    visitor.sign_in()

    lines = " ".join(
        f"{line.target} {line.actor_id} {line.facts} {line.reason}" for line in AuditEvent.objects.order_by("id")
    )
    assert text not in lines


@pytest.mark.parametrize("behaviour", ["honest", "wrong-nonce", "exchange-slow", "sparse"])
def test_sec_22_no_value_of_a_sign_in_is_in_the_log(visitor, caplog, behaviour):
    identity()
    caplog.set_level("INFO")
    back = visitor.simulator.choose(visitor.start(), behaviour=behaviour)
    caplog.clear()  # this was the browser's part

    visitor.come_back(back)

    log = " ".join(str(record.msg) + record.getMessage() for record in caplog.records)
    assert "franceconnect.call" in log
    for value in (back.params["code"], back.params["state"], ANGELA, "MARTIN", "1979-03-14", CLIENT_SECRET):
        assert value not in log
