from __future__ import annotations

from datetime import date

import pytest
from django.db import transaction

from apps.directory.models import Organisation
from tests.harness.queries import LockWithoutOfError, UnorderedSliceError, shuffler

NAMES = [f"Practice {number:02d}" for number in range(30)]


@pytest.fixture
def practices(db):
    Organisation.objects.bulk_create(
        Organisation(technical_id=f"R{number:02d}", name=name, seen_on=date(2026, 11, 1))
        for number, name in enumerate(NAMES)
    )


@pytest.mark.usefixtures("practices")
class TestUnorderedRows:
    def test_are_shuffled(self):
        shuffler.seed(1)

        names = [row.name for row in Organisation.objects.all()]

        assert names != NAMES
        assert sorted(names) == NAMES

    def test_of_values_and_of_iterators_are_shuffled(self):
        shuffler.seed(1)

        assert list(Organisation.objects.values_list("name", flat=True)) != NAMES
        assert [row.name for row in Organisation.objects.iterator()] != NAMES

    def test_keep_their_order_once_they_have_one(self):
        assert list(Organisation.objects.order_by("technical_id").values_list("name", flat=True)) == NAMES
        assert [row.name for row in Organisation.objects.order_by("technical_id").iterator()] == NAMES

    def test_are_shuffled_once_a_queryset(self):
        queryset = Organisation.objects.all()

        assert list(queryset) == list(queryset)

    def test_may_not_be_sliced(self):
        with pytest.raises(UnorderedSliceError, match="Organisation"):
            list(Organisation.objects.all()[:3])
        with pytest.raises(UnorderedSliceError):
            Organisation.objects.filter(name="Practice 01")[0]

    def test_get_first_and_exists_are_not_slices(self):
        assert Organisation.objects.get(technical_id="R07").name == "Practice 07"
        assert Organisation.objects.filter(technical_id="R07").exists()
        assert Organisation.objects.filter(technical_id="R07").first() is not None


@pytest.mark.usefixtures("practices")
class TestLocks:
    def test_without_of_fail(self):
        with transaction.atomic(), pytest.raises(LockWithoutOfError, match="Organisation"):
            Organisation.objects.select_for_update().get(technical_id="R01")
        with transaction.atomic(), pytest.raises(LockWithoutOfError):
            Organisation.objects.filter(technical_id="R01").select_for_update(nowait=True)

    def test_with_of_pass(self):
        with transaction.atomic():
            assert Organisation.objects.select_for_update(of=("self",)).get(technical_id="R01").name == "Practice 01"

    def test_of_django_itself_pass(self):
        _row, created = Organisation.objects.update_or_create(technical_id="R01", defaults={"name": "Cabinet"})

        assert not created
