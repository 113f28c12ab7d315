"""Which identity a pivot stands for (IDN-17, IDN-28, IDN-29)."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.franceconnect.pivot import Pivot, pivot_of
from apps.accounts.linking import Link, agrees, choose, given_names_agree, stored_birth_dates
from tests.accounts.people import AMINA, unsaved

ANGELA = {
    "family_name": "MARTIN",
    "given_names": ("Angela", "Claire", "Louise"),
    "birth_date": "1979-03-14",
    "gender": "female",
    "birth_place": "31555",
}


def pivot(**traits: object) -> Pivot:
    return Pivot(**{**ANGELA, **traits})


def test_idn_29_the_five_traits_together_are_the_person():
    assert choose(pivot(), [martin := unsaved()], taken=False) == (Link.LINKED, martin)


@pytest.mark.parametrize(
    "other",
    [
        {"family_name": "MARTEL"},
        {"given_names": ("Angel", "Claire")},
        {"given_names": ("Claire", "Angela")},
        {"birth_date": "1979-03-15"},
        {"gender": "male"},
        {"gender": "unspecified"},
        {"birth_place": "31556"},
        {"birth_place": ""},
        {"family_name": ""},
        {"given_names": ()},
        {"birth_date": ""},
        {"birth_date": "1979-03-00"},
        {"birth_date": "14/03/1979"},
        {"gender": ""},
    ],
)
def test_idn_29_one_trait_apart_or_missing_is_a_doubt(other):
    assert not agrees(pivot(**other), unsaved())
    assert choose(pivot(**other), [unsaved()], taken=False) == (Link.DOUBT, None)


def test_idn_29_nobody_is_no_doubt():
    assert choose(pivot(), [], taken=False) == (Link.NONE, None)


def test_idn_29_two_are_a_doubt():
    assert choose(pivot(), [unsaved(), unsaved()], taken=False) == (Link.DOUBT, None)


def test_idn_29_an_identity_of_somebody_else_is_a_doubt():
    assert choose(pivot(), [unsaved()], taken=True) == (Link.DOUBT, None)


def test_spa_36_a_dead_person_does_not_sign_in_to_a_space():
    assert choose(pivot(), [unsaved(died_on=date(2026, 1, 1))], taken=False) == (Link.DOUBT, None)


@pytest.mark.parametrize(
    ("received", "stored"),
    [
        ("1979-03-14", ["1979-03-14"]),
        ("1979-03-01", ["1979-03-01", "1979-03-00"]),
        ("1979-01-01", ["1979-01-01", "1979-01-00", "1979-00-00"]),
        ("1979-01-02", ["1979-01-02"]),
        ("1952-06-00", []),
        ("1952", []),
        ("1952-06-31", []),
        ("", []),
    ],
)
def test_idn_28_a_presumed_first_may_be_an_unknown_day(received, stored):
    assert stored_birth_dates(pivot(birth_date=received)) == stored


AMINA_PIVOT = {
    "family_name": "BENALI",
    "given_names": ("Amina",),
    "birth_date": "1952-01-01",
    "gender": "female",
    "birth_place": "99352",
}


def test_idn_28_an_unknown_birth_day_is_linked_when_all_the_rest_agrees():
    assert choose(Pivot(**AMINA_PIVOT), [amina := unsaved(**AMINA)], taken=False) == (Link.LINKED, amina)


def test_idn_28_an_unknown_birth_day_is_not_linked_to_a_known_other_day():
    assert not agrees(Pivot(**{**AMINA_PIVOT, "birth_date": "1952-06-14"}), unsaved(**AMINA))


def test_idn_28_a_known_and_an_unknown_day_of_two_homonyms_are_a_doubt():
    candidates = [unsaved(**AMINA), unsaved(**{**AMINA, "birth_date": "1952-01-01"})]

    assert choose(Pivot(**AMINA_PIVOT), candidates, taken=False) == (Link.DOUBT, None)


@pytest.mark.parametrize(
    ("received", "first", "listed", "same"),
    [
        (["Angela", "Claire"], "ANGELA", "ANGELA CLAIRE", True),
        (["Angela"], "ANGELA", "ANGELA CLAIRE", True),
        (["Angela", "Claire", "Louise"], "ANGELA", "ANGELA", True),
        (["Jean-Pierre", "Marie"], "JEAN-PIERRE", "JEAN-PIERRE MARIE", True),
        (["Jean-Pierre", "Marie"], "JEAN PIERRE", "JEAN PIERRE MARIE", True),
        (["Marie", "Claire", "Anne"], "MARIE CLAIRE", "MARIE CLAIRE ANNE", True),
        (["Jean-Pierre", "Marie"], "JEAN", "JEAN", False),
        (["Jean", "Pierre"], "JEAN-LOUIS", "JEAN-LOUIS", False),
        (["Angela", "Claire"], "ANGELA", "ANGELA ROSE", False),
        (["Angela"], "ANGEL", "ANGEL", False),
    ],
)
def test_idn_17_the_first_given_name_starts_the_list(received, first, listed, same):
    assert given_names_agree(received, first, listed) is same


def test_s39_decomposed_accents_and_a_curly_apostrophe_are_the_same_name():
    zoe = unsaved(
        birth_family_name="D'ALENCON MENARD", first_given_name="ZOE", birth_given_names="ZOE", birth_date="1990-07-02"
    )
    received = Pivot(
        family_name=unicodedata.normalize("NFD", "D’Alençon-Ménard"),
        given_names=(unicodedata.normalize("NFD", "Zoë"),),
        birth_date="1990-07-02",
        gender="female",
        birth_place="31555",
    )

    assert choose(received, [zoe], taken=False) == (Link.LINKED, zoe)


NAMES = st.text(alphabet="ABCDEÉÈËÇŒÀÔ'’- ", min_size=1, max_size=20).filter(
    lambda name: any(c.isalpha() for c in name)
)


@given(name=NAMES, form=st.sampled_from(["NFC", "NFD"]), lower=st.booleans(), apostrophe=st.sampled_from("'’"))
def test_s39_the_way_a_name_is_written_never_matters(name, form, lower, apostrophe):
    written = unicodedata.normalize(form, name.lower() if lower else name).replace("'", apostrophe)

    assert agrees(pivot(family_name=written), unsaved(birth_family_name=name))


@given(st.text(max_size=12), st.text(min_size=1, max_size=12))
def test_idn_29_different_letters_never_agree(received, stored):
    letters = [
        [c for c in unicodedata.normalize("NFKD", name).upper() if c.isascii() and c.isalnum()]
        for name in (received, stored)
    ]
    if letters[0] != letters[1]:
        assert not agrees(pivot(family_name=received), unsaved(birth_family_name=stored))


@given(
    st.dictionaries(
        st.sampled_from(
            ["family_name", "given_name", "given_name_array", "birthdate", "gender", "birthplace", "birthcountry"]
        ),
        st.one_of(
            st.none(), st.text(max_size=5), st.integers(), st.lists(st.one_of(st.text(max_size=3), st.integers()))
        ),
    )
)
def test_sec_17_userinfo_of_any_shape_is_read_without_a_fault(claims):
    found = pivot_of(claims)

    assert not (found.is_complete and agrees(found, unsaved()))


def test_idn_28_the_place_of_birth_is_the_country_for_people_born_abroad():
    assert pivot_of({"birthplace": "", "birthcountry": "99352"}).birth_place == "99352"
    assert pivot_of({"birthplace": "31555", "birthcountry": "99100"}).birth_place == "31555"
    assert pivot_of({"birthplace": "", "birthcountry": "99100"}).birth_place == ""


def test_idn_28_given_names_come_from_the_array_when_there_is_one():
    assert pivot_of({"given_name": "Jean Pierre", "given_name_array": ["Jean Pierre"]}).given_names == ("Jean Pierre",)
    assert pivot_of({"given_name": "Jean Pierre"}).given_names == ("Jean", "Pierre")
