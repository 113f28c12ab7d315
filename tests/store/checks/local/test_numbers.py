"""SIREN, SIRET and FINESS (STO-104, STO-105, S32)."""

from __future__ import annotations

import pytest

from apps.directory.models import Establishment, LegalEntity, Organisation
from apps.store.checks.registry import CHECKS
from tests.harness.clock import NOON
from tests.store.checks.local.dossiers import EXEMPLE, end, run, subject

pytestmark = pytest.mark.django_db
SIRET = "73282932000074"  # 732829320 and the establishment 00074


def entity(**values):
    return LegalEntity.objects.create(
        **{"finess": "750000002", "name": "EXEMPLE", "siren": EXEMPLE, "seen_on": NOON.date(), **values}
    )


def place(**values):
    return Establishment.objects.create(
        **{"finess": "340000017", "name": "EXEMPLE", "siret": SIRET, "seen_on": NOON.date(), **values}
    )


def siren(number, **values):
    """The end for one number typed as `siren` (9 digits) or `siret`."""
    name = "siren" if len("".join(number.split())) == 9 else "siret"
    return end(run("siren", subject(CRI_LEG_01={name: number}, **values)))


def finess(number, **values):
    return end(run("finess", subject(CRI_LEG_03={"finess": number}, **values)))


class TestSiren:
    def test_sto_104_an_entity_of_the_copy_passes(self):
        entity()
        assert siren(EXEMPLE) == ("pass", "")

    def test_sto_104_a_place_of_the_copy_passes_with_both_numbers(self):
        place()
        assert siren(SIRET) == ("pass", "")
        assert siren(EXEMPLE) == ("pass", "")

    def test_sto_104_a_place_of_care_of_the_directory_passes(self):
        Organisation.objects.create(technical_id="R1", name="CABINET", siret=SIRET, seen_on=NOON.date())

        assert siren(SIRET) == ("pass", "")

    def test_s32_spaces_are_accepted(self):
        place()
        for written in ("732 829 320 00074", "732\u00a0829\u202f320 00074", "732.829.320.00074", " 73282932000074 "):
            assert siren(written) == ("pass", "")

    @pytest.mark.parametrize(
        "number",
        [
            "11122233344455",  # S32: its SIREN is none
            "73282932000075",
            "732829321",
            "7328293200007",
            "732829320000740",
            "73282932A",
            "732-829-320",
            "７３２８２９３２０",
            "0",
            "' OR 1=1 --",
        ],
    )
    def test_s32_sto_104_a_number_without_its_key_fails(self, number):
        assert siren(number) == ("fail", "siren-number")

    def test_sto_104_a_number_that_nobody_lists_is_for_a_person(self):
        assert siren(EXEMPLE) == ("flag", "siren-not-listed")
        assert siren(SIRET) == ("flag", "siren-not-listed")

    def test_sto_104_a_number_gone_from_the_copy_is_for_a_person(self):
        entity(is_active=False)
        place(is_active=False)

        assert siren(EXEMPLE) == ("flag", "siren-no-longer-listed")
        assert siren(SIRET) == ("flag", "siren-no-longer-listed")

    def test_sto_104_one_place_that_is_open_is_enough(self):
        place(is_active=False)
        place(finess="340000025", siret="73282932000082")

        assert siren(EXEMPLE) == ("pass", "")

    def test_sto_104_la_poste_counts_the_sum_of_its_digits(self):
        # 3+5+6+4+9+8+3+7 = 45, a multiple of 5; Luhn's rule would refuse it.
        assert siren("35600000049837", siren="356000000") == ("flag", "siren-not-listed")
        assert siren("35600000049838", siren="356000000") == ("fail", "siren-number")
        assert siren("356000000", siren="356000000") == ("flag", "siren-not-listed")

    def test_sto_104_a_siret_of_another_company_fails(self):
        dossier = subject(CRI_LEG_01={"siren": "404833048", "siret": SIRET})

        assert end(run("siren", dossier, SIRET)) == ("fail", "siren-other-company")

    def test_sto_104_the_company_of_somebody_else_is_for_a_person(self):
        assert siren("404833048") == ("flag", "siren-other-publisher")
        assert siren("404833048", siren="") == ("flag", "siren-not-listed")

    def test_each_number_is_one_run(self):
        dossier = subject(CRI_LEG_01={"siren": "732 829 320", "siret": "732 829 320 00074"})

        assert CHECKS["siren"].targets(dossier) == (EXEMPLE, SIRET)
        assert CHECKS["siren"].targets(subject(CRI_LEG_01={"siren": " ", "siret": 7})) == ()

    def test_a_siren_says_nothing_of_longer_numbers_that_begin_alike(self):
        place(siret="40483304800022")

        assert siren(EXEMPLE) == ("flag", "siren-not-listed")

    @pytest.mark.parametrize("rows", [1, 20])
    def test_at_most_five_queries(self, rows, django_assert_max_num_queries):
        for number in range(rows):
            place(finess=f"{number:09d}", siret=f"{EXEMPLE}{number:05d}", is_active=False)
        with django_assert_max_num_queries(5):
            assert siren(EXEMPLE) == ("flag", "siren-no-longer-listed")


class TestFiness:
    def test_sto_105_dir_10_a_place_or_an_entity_of_the_copy_passes(self):
        entity()
        place()
        for number in ("340000017", "750000002", "34 000 001 7"):
            assert finess(number) == ("pass", "")

    def test_sto_105_corsica_has_letters(self):
        place(finess="2A0000014")

        assert finess("2a0000014") == ("pass", "")
        assert finess("2B0000020") == ("flag", "finess-not-listed")

    def test_sto_105_a_number_that_nobody_lists_is_for_a_person(self):
        assert finess("340000017") == ("flag", "finess-not-listed")

    @pytest.mark.parametrize("number", ["340000018", "34000001", "3400000170", "3A0000014", "FINESS", "３40000017"])
    def test_sto_105_a_bad_form_fails(self, number):
        assert finess(number) == ("fail", "finess-number")

    def test_sto_105_what_the_copy_lists_passes_whatever_its_key(self):
        place(finess="340000018")

        assert finess("340000018") == ("pass", "")

    def test_sto_105_a_place_gone_from_the_copy_is_for_a_person(self):
        place(is_active=False)
        assert finess("340000017") == ("flag", "finess-no-longer-listed")
        entity(finess="340000017")
        assert finess("340000017") == ("pass", "")

    def test_sto_105_the_place_of_somebody_else_is_for_a_person(self):
        place(siret="40483304800022")
        assert finess("340000017") == ("flag", "finess-other-company")
        assert finess("340000017", siren="") == ("pass", "")
        assert finess("340000017", siren="404 833 048") == ("pass", "")

    def test_without_a_number_there_is_nothing_to_check(self):
        assert CHECKS["finess"].targets(subject()) == ()
        assert CHECKS["finess"].targets(subject(CRI_LEG_03={"finess": ""})) == ()
