"""Looking up a professional: letters, not patterns; accents and hyphens do not count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from apps.common.text import fold
from apps.directory.models import Activity, Organisation, Professional
from apps.directory.search import Search, find_professionals, letters_in
from tests import factories
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db


def professional(family, given="ANNE", town="", **values):
    made = factories.professional(family_name=family, given_name=given, **values)
    if town:
        place = Organisation.objects.create(
            technical_id=f"R{made.national_id}", name=f"CABINET {family}", city=town, seen_on=NOON.date()
        )
        Activity.objects.create(professional=made, organisation=place)
    return made


def found(name="", **values):
    return [(one.family_name, one.given_name) for one in find_professionals(Search(name=name, **values))]


class TestNames:
    @pytest.mark.parametrize("typed", ["lefèvre", "LEFEVRE", "Lefe", " lefevre ", "lefevre  zoé", "Zoe Lefèvre"])
    def test_accents_and_capitals_do_not_count(self, typed):
        professional("LEFÈVRE", "ZOÉ")
        professional("LEGRAND", "ZOÉ")
        assert found(typed) == [("LEFÈVRE", "ZOÉ")]

    @pytest.mark.parametrize("typed", ["dupont martin", "Dupont-Martin", "martin dupont", "d'alencon", "D’Alençon"])
    def test_hyphens_and_apostrophes_do_not_count(self, typed):
        professional("DUPONT-MARTIN")
        professional("D'ALENÇON")
        assert len(found(typed)) == 1

    def test_ligatures(self):
        professional("CŒURDEROY")
        assert found("coeur") == [("CŒURDEROY", "ANNE")]

    @pytest.mark.parametrize("typed", ["", "  ", "le", "l e f", "%%%", "___", "é-é", "le%", "*le"])
    def test_sec_32_less_than_three_letters_finds_nobody(self, typed):
        professional("LEFORT")
        assert found(typed) == []

    @pytest.mark.parametrize("typed", ["lef%", "lef_rt", "%ort", "LEFORT' OR '1'='1", "lefo\\", "lef*"])
    def test_signs_of_patterns_are_letters(self, typed):
        professional("LEFORT")
        assert found(typed) == []

    def test_a_given_name_alone_finds_nobody(self):
        professional("LEFORT", "ANNE")
        assert found("anne") == []

    def test_somebody_gone_from_the_directory_is_not_found(self):
        professional("LEFORT", is_active=False)
        assert found("lefort") == []

    def test_in_the_order_of_names(self):
        for family, given_name in (("LEROY", "ZOE"), ("LEROUX", "MARC"), ("LEROY", "ANNE")):
            professional(family, given_name)
        assert found("ler") == [("LEROUX", "MARC"), ("LEROY", "ANNE"), ("LEROY", "ZOE")]


class TestTownAndNumber:
    def test_the_town_narrows(self):
        professional("LEFORT", "ANNE", town="SAINT-ÉTIENNE")
        professional("LEFORT", "KARIM", town="NANTES")
        professional("LEFORT", "HUGO")
        assert found("lefort", town="saint etienne") == [("LEFORT", "ANNE")]
        assert found("lefort", town="nan") == [("LEFORT", "KARIM")]
        assert len(found("lefort")) == 3

    def test_two_places_in_the_town_are_one_answer(self):
        one = professional("LEFORT", town="NANTES")
        place = Organisation.objects.create(technical_id="R2", name="CLINIQUE", city="NANTES", seen_on=NOON.date())
        Activity.objects.create(professional=one, organisation=place)
        assert found("lefort", town="nantes") == [("LEFORT", "ANNE")]

    def test_dir_01_by_number(self):
        one = professional("LEFORT")
        professional("LEGRAND")
        assert found(rpps=one.national_id[1:]) == [("LEFORT", "ANNE")]
        assert found(rpps="10000000000") == []

    def test_the_number_of_queries_does_not_depend_on_the_rows(self, django_assert_num_queries):
        for number in range(20):
            professional(f"LEFORT{number:02}", town="NANTES")
        with django_assert_num_queries(2):
            rows = list(find_professionals(Search(name="lefort")))
            assert [one.activities.all()[0].organisation.city for one in rows] == ["NANTES"] * 20


@pytest.mark.parametrize(("name", "letters"), [("d'Arc", 3), ("Le Goff", 4), ("é", 1), ("", 0), ("--", 0)])
def test_letters_of_the_longest_word(name, letters):
    assert letters_in(name) == letters


class FoldingTests(TestCase):
    """What the database keeps is what `fold` says, for names as registers write them."""

    @given(name=st.text(alphabet="abzéèêëàâäçñôöùûüÿÉÈÀÇŒœÆæß -'’.`ʼ", min_size=1, max_size=20))
    def test_the_database_folds_like_python(self, name):
        Professional.objects.all().delete()
        factories.professional(family_name=name)
        assert Professional.objects.get().folded_family == fold(name)
