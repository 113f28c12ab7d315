"""Numbers, names and addresses of services (S32)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from apps.store.services import numbering
from tests.harness.clock import NOON
from tests.store import factories

pytestmark = pytest.mark.django_db


class TestNumber:
    def test_the_first_of_a_year(self):
        assert numbering.next_number(at=NOON) == "2026-0001"

    def test_one_after_the_highest(self):
        for number in ("2026-0009", "2026-0147", "2025-0900"):
            factories.candidacy(number=number)
        assert numbering.next_number(at=NOON) == "2026-0148"

    def test_beyond_four_digits_it_goes_on(self):
        for number in ("2026-9999", "2026-10000"):
            factories.candidacy(number=number)
        assert numbering.next_number(at=NOON) == "2026-10001"

    def test_the_year_is_that_of_paris(self):
        assert numbering.next_number(at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == "2027-0001"

    def test_it_waits_for_the_others(self, django_assert_num_queries):
        with django_assert_num_queries(1):
            numbering.wait_for_turn()


class TestServices:
    def test_s32_found_however_it_is_written(self):
        known = factories.service(factories.publisher(), name="Carnet Souffle", folded_name="CARNET SOUFFLE")
        assert numbering.service_named(publisher=known.publisher, name="carnet-SOUFFLE ") == known
        assert numbering.service_named(publisher=known.publisher, name="Carnet Soufflé") == known
        assert numbering.service_named(publisher=known.publisher, name="Carnet du souffle") is None

    def test_s32_not_that_of_another_publisher(self):
        known = factories.service(factories.publisher(), name="Carnet Souffle", folded_name="CARNET SOUFFLE")
        other = factories.publisher()
        assert numbering.service_named(publisher=other, name=known.name) is None

    def test_two_publishers_may_have_services_of_one_name(self):
        first, second = factories.publisher(siren="800000010"), factories.publisher(siren="800000028")
        assert numbering.new_service(publisher=first, name="Équilibre Sucre").slug == "equilibre-sucre"
        made = numbering.new_service(publisher=second, name="Équilibre Sucre")
        assert made.slug == "equilibre-sucre-800000028"
        assert made.folded_name == "EQUILIBRE SUCRE"

    def test_names_that_give_the_same_address(self):
        publisher = factories.publisher(siren="800000010")
        slugs = [numbering.new_service(publisher=publisher, name=name).slug for name in ("Sucre", "Sucre !", "Sucre ?")]
        assert slugs == ["sucre", "sucre-800000010", "sucre-800000010-2"]

    def test_a_name_without_latin_letters(self):
        assert numbering.new_service(publisher=factories.publisher(), name="健康").slug == "service"

    def test_sto_109_every_service_has_a_token_of_its_own(self):
        publisher = factories.publisher()
        tokens = {numbering.new_service(publisher=publisher, name=name).domain_token for name in ("A", "B", "C")}
        assert len(tokens) == 3
        assert min(len(token) for token in tokens) >= 32


def test_a_long_name_fits():
    made = numbering.new_service(publisher=factories.publisher(), name="n" * 80)
    assert len(made.slug) == 80
