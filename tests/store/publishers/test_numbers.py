"""S32, STO-104, STO-105: numbers as people type them, and what the registers propose."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.directory.models import Establishment, LegalEntity, Organisation
from apps.store.services import numbers
from apps.store.services.errors import WrongValueError
from apps.store.services.numbers import Known, Numbers
from tests.store.factories import luhn_siren, siret_of
from tests.store.publishers.people import POST_SIREN, POST_SIRET, SIREN, SIRET

SEEN = date(2026, 11, 2)


@pytest.mark.parametrize(
    "company",
    [SIRET, "732 829 320 00074", "732\u00a0829\u202f320\u00a000074", "732.829.320.00074", " 732-829-320 00074 "],
)
def test_s32_spaces_are_accepted(company):
    assert numbers.numbers_of(company=company) == Numbers(siren=SIREN, siret=SIRET)


def test_a_siren_alone_is_enough_to_begin():
    assert numbers.numbers_of(company="732 829 320") == Numbers(siren=SIREN)


def test_sto_104_la_poste_has_a_rule_of_its_own():
    assert numbers.numbers_of(company=POST_SIRET) == Numbers(siren=POST_SIREN, siret=POST_SIRET)


@pytest.mark.parametrize(
    ("company", "reason"),
    [
        ("11122233344455", "key"),  # S32: passes Luhn's rule as fourteen digits, its SIREN does not
        ("732829321", "key"),
        ("73282932", "key"),
        ("7328293200007", "key"),
        ("73282932O00074", "not-digits"),
        ("٧٣٢٨٢٩٣٢٠", "not-digits"),
        ("", "not-digits"),
        ("=1+1", "not-digits"),
    ],
)
def test_s32_a_wrong_number_is_refused_with_its_reason(company, reason):
    with pytest.raises(WrongValueError) as caught:
        numbers.numbers_of(company=company)
    assert (caught.value.field, caught.value.reason) == ("company", reason)


@given(st.integers(min_value=0, max_value=9_999_999))
def test_every_number_with_a_right_key_is_taken_and_no_neighbour(place):
    siren = luhn_siren(place)
    siret = siret_of(siren)
    assert numbers.numbers_of(company=siret).siret == siret
    assert numbers.numbers_of(company=siren).siren == siren
    neighbour = f"{siren[:-1]}{(int(siren[-1]) + 1) % 10}"
    with pytest.raises(WrongValueError):
        numbers.numbers_of(company=neighbour)


@pytest.mark.parametrize(
    ("siret", "reason"), [(POST_SIRET, "other-company"), ("73282932000075", "key"), (SIREN, "key"), ("", "key")]
)
def test_the_siret_is_of_the_siren(siret, reason):
    with pytest.raises(WrongValueError) as caught:
        numbers.siret_of(siren=SIREN, typed=siret)
    assert (caught.value.field, caught.value.reason) == ("siret", reason)


def test_the_group_is_another_company():
    assert numbers.group_of(siren=SIREN, typed="") == ""
    assert numbers.group_of(siren=SIREN, typed="732 829 320") == ""
    assert numbers.group_of(siren=SIREN, typed="356 000 000") == POST_SIREN
    with pytest.raises(WrongValueError):
        numbers.group_of(siren=SIREN, typed="356000001")


@pytest.mark.django_db
class TestRegisters:
    def test_sto_105_a_finess_number_of_the_file_counts_whatever_its_key(self):
        with pytest.raises(WrongValueError) as caught:
            numbers.numbers_of(company=SIREN, finess="290000010")
        assert caught.value.field == "finess"

        Establishment.objects.create(finess="290000010", name="Clinique des Dunes", siret=SIRET, seen_on=SEEN)

        assert numbers.numbers_of(company=SIREN, finess="29 000 001 0").finess == "290000010"

    def test_nothing_is_known_of_most_companies(self):
        assert numbers.known(Numbers(siren=SIREN, siret=SIRET, finess="290000017")) is None

    def test_an_establishment_is_proposed_with_its_name(self):
        Establishment.objects.create(
            finess="290000017", name="Clinique des Dunes", siret=SIRET, town="Brest", seen_on=SEEN
        )
        wanted = Known(name="Clinique des Dunes", siret=SIRET, town="Brest")

        assert numbers.known(Numbers(siren=SIREN, finess="290000017")) == wanted
        assert numbers.known(Numbers(siren=SIREN, siret=SIRET)) == wanted
        assert numbers.known(Numbers(siren=SIREN)) is None

    def test_s32_a_finess_number_of_somebody_else_proposes_nothing(self):
        Establishment.objects.create(finess="290000017", name="Clinique des Dunes", siret=POST_SIRET, seen_on=SEEN)

        assert numbers.known(Numbers(siren=SIREN, siret=SIRET, finess="290000017")) is None

    def test_a_legal_entity_and_a_structure_are_known_too(self):
        LegalEntity.objects.create(finess="290000025", name="Groupe des Dunes", siren=SIREN, town="Brest", seen_on=SEEN)
        Organisation.objects.create(
            technical_id="F1", siret=SIRET, name="Cabinet des Dunes", city="Brest", seen_on=SEEN
        )

        assert numbers.known(Numbers(siren=SIREN)) == Known(name="Groupe des Dunes", town="Brest")
        assert numbers.known(Numbers(siren=SIREN, finess="290000025")) == Known(name="Groupe des Dunes", town="Brest")
        assert numbers.known(Numbers(siren=SIREN, siret=SIRET)).name == "Cabinet des Dunes"
