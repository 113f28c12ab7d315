from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from apps.accounts.models import InsIdentity
from apps.audit.services import events_of
from apps.spaces.jobs import open_prepared, prepare_openings
from apps.spaces.models import HealthSpace, Representation
from tests import factories
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db


def prepare(*people: InsIdentity) -> None:
    prepare_openings()
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO space_opening (identity_id) VALUES (%s)", [[person.id] for person in people])


def represent(child: InsIdentity, person: InsIdentity, ends_at: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO space_opening_representative VALUES (%s, %s, 'MERE', %s)", [child.id, person.id, ends_at]
        )


def open_all() -> int:
    return open_prepared(rule="SPA-03", actor_id="test.open", at=NOON)


class TestOpenPrepared:
    def test_opened_rows_are_what_the_model_would_make(self):
        person, other = factories.identity(), factories.identity()
        prepare(person)
        assert open_all() == 1

        made = HealthSpace.objects.get(identity=person)
        by_model = HealthSpace.objects.create(identity=other, opened_at=NOON)
        skipped = {"id", "identity_id", "_state"}
        assert {k: v for k, v in vars(made).items() if k not in skipped} == {
            k: v for k, v in vars(by_model).items() if k not in skipped
        }

    def test_nobody_is_opened_when_the_table_is_empty(self):
        prepare()

        assert open_all() == 0

    def test_rol_21_somebody_with_a_space_keeps_it_and_gets_no_line(self):
        space = factories.space()
        person = factories.identity()
        prepare(space.identity, person)
        represent(space.identity, person, NOON + timedelta(days=1))

        assert open_all() == 1
        assert HealthSpace.objects.count() == 2
        assert not events_of(space.id).exists()
        assert not Representation.objects.exists()

    def test_sec_04_a_representation_that_ended_is_left_out(self):
        child, past, present, endless = (factories.identity() for _ in range(4))
        prepare(child)
        represent(child, past, NOON)
        represent(child, present, NOON + timedelta(seconds=1))
        represent(child, endless, None)
        open_all()

        rows = Representation.objects.order_by("ends_at").values_list("person_id", "ends_at", "starts_at", "ended_at")
        assert list(rows) == [
            (present.id, NOON + timedelta(seconds=1), NOON, None),
            (endless.id, None, NOON, None),
        ]

    def test_idn_50_one_line_a_space(self):
        people = [factories.identity() for _ in range(3)]
        prepare(*people)
        open_all()

        lines = [events_of(space.id).get() for space in HealthSpace.objects.order_by("pk")]
        assert {(line.action, line.rule, line.actor_id) for line in lines} == {
            ("spaces.space.open", "SPA-03", "test.open")
        }
        assert len({line.id for line in lines}) == 3
