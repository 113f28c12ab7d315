"""No row can point into another space: the database refuses it (architecture 3.11)."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from apps.common.ids import uuid7
from apps.dmp.models import Document, Folder, ReadMark
from apps.spaces.models import SameSpace, SpaceOwned
from tests import factories
from tests.dmp.rows import document
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db


def check_now():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class TestSameSpace:
    def test_relation_inside_a_space_is_joined_on_the_pair(self):
        space = factories.space()
        first = document(space)
        second = document(space, replaces_id=first.id)
        check_now()
        assert Document.objects.select_related("replaces").get(pk=second.pk).replaces == first
        assert list(first.replaced_by.all()) == [second]

    def test_relation_into_another_space_is_refused(self):
        elsewhere = document(factories.space())
        with pytest.raises(IntegrityError, match="dmp_document_replaces_same_space"), transaction.atomic():
            document(factories.space(), replaces_id=elsewhere.id)
            check_now()

    def test_moving_a_row_into_another_space_is_refused(self):
        row = document(factories.space())
        ReadMark.objects.create(space_id=row.space_id, document_id=row.id, user_id=uuid7(), read_at=NOON)
        with pytest.raises(IntegrityError), transaction.atomic():
            ReadMark.objects.update(space_id=factories.space().id)
            check_now()

    def test_every_relation_between_rows_of_a_space_has_its_constraint(self):
        for model in (Document, Folder, ReadMark):
            columns = {field.column_in_space for field in model._meta.fields if hasattr(field, "column_in_space")}
            held = {item.column for item in model._meta.constraints if isinstance(item, SameSpace)}
            assert columns == held

    def test_constraints_are_equal_by_their_words(self):
        one, other = (SameSpace(column="x", to="dmp.Document", name="n") for _ in range(2))
        assert one == other
        assert hash(one) == hash(other)
        assert one != SameSpace(column="y", to="dmp.Document", name="n")


def test_every_row_of_a_space_has_a_key_and_indexes_that_start_with_the_space():

    owned = [model for model in apps.get_models() if issubclass(model, SpaceOwned)]
    assert Document in owned
    for model in owned:
        assert [field.attname for field in model._meta.pk_fields] == ["space_id", "id"], model
        for constraint in model._meta.total_unique_constraints:
            assert constraint.fields[0] == "space", constraint.name
