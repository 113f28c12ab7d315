from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import time_machine

from apps.common.ids import uuid7


def test_is_a_uuid_of_version_7_and_of_the_rfc_variant():
    made = uuid7()

    assert made.version == 7
    assert made.variant == "specified in RFC 4122"


def test_later_ids_sort_later():
    with time_machine.travel(datetime(2026, 11, 25, 12, tzinfo=UTC), tick=False) as clock:
        made = []
        for _ in range(20):
            made.append(uuid7())
            clock.shift(0.001)

    assert made == sorted(made)
    assert [str(value) for value in made] == sorted(str(value) for value in made)


def test_two_of_one_millisecond_sort_by_its_parts():
    with time_machine.travel(datetime(2026, 11, 25, 12, tzinfo=UTC), tick=False) as clock:
        made = []
        for _ in range(20):
            made.append(uuid7())
            clock.shift(0.00004)

    assert made == sorted(made)


def test_half_a_millisecond_is_half_of_4096():
    with time_machine.travel(datetime(1970, 1, 1, 0, 0, 1, 500, tzinfo=UTC), tick=False):
        made = uuid7()

    assert str(made).startswith("00000000-03e8-7800-")


def test_two_of_one_millisecond_differ():
    with time_machine.travel(datetime(2026, 11, 25, 12, tzinfo=UTC), tick=False):
        assert len({uuid7() for _ in range(1000)}) == 1000


def test_known_layout_of_the_bits():
    with time_machine.travel(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), tick=False):
        made = uuid7()

    assert str(made).startswith("00000000-03e8-7")
    assert UUID(str(made)) == made
