"""A box over its limit: the door asks to try again later (452 4.2.2), and says nothing of others (MSS-70)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.common.ids import uuid7
from apps.mss import quota
from apps.mss.door.recipients import verdict_of
from apps.mss.models import Attachment
from apps.spaces.models import HealthSpace
from tests import factories
from tests.harness.clock import NOON
from tests.mss.arriving import arrive, letter, receive
from tests.mss.test_attaching import mixed

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n" + b"x" * 991  # 1,000 bytes


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def limit(settings):
    settings.MSS_BOX_BYTES = 8_000
    return 8_000


def address(space):
    return f"{space.identity.ins_number}{space.identity.ins_key}@patient.mssante.example"


@pytest.fixture(autouse=True)
def _domain(settings):
    settings.MSS_PATIENT_DOMAIN = "patient.mssante.example"


def filled(space, number):
    """Bytes of the messages as they came."""
    mails = [mixed((f"{each}.pdf", "application/pdf", PDF), number=f"m{each}") for each in range(number)]
    for mail in mails:
        receive(mail, space)
    return sum(map(len, mails))


def answer(space, uses=None):
    return verdict_of(address(space), uses or quota.Uses()).answer


class TestUse:
    def test_messages_as_they_came_and_their_files_count(self, space):
        raw = filled(space, 2)
        assert quota.used_bytes(space_id=space.id) == raw + 2_000

    def test_a_message_without_files_counts(self, space):
        data = letter(text="x" * 5_000)
        receive(data, space)
        assert quota.used_bytes(space_id=space.id) == len(data)

    def test_what_is_held_counts_once(self, space):
        data = mixed(("IHE_XDM.ZIP", "application/zip", b"PK\x03\x04 nothing"))
        receive(data, space)
        assert quota.used_bytes(space_id=space.id) == sum(Attachment.objects.values_list("size", flat=True))
        assert Attachment.objects.filter(size=len(data)).count() == 1

    def test_what_the_door_has_taken_counts_before_it_is_filed(self, space):
        data = letter()
        arrive(data, space)
        assert quota.used_bytes(space_id=space.id) == len(data)

    def test_another_box_does_not(self, space):
        filled(space, 2)
        assert quota.used_bytes(space_id=factories.space().id) == 0

    def test_an_empty_one(self, space):
        assert (quota.used_bytes(space_id=space.id), quota.Uses().is_full(space.id)) == (0, False)

    def test_what_is_erased_makes_room(self, space, limit):
        filled(space, 3)
        assert quota.Uses().is_full(space.id)
        Attachment.objects.filter(name="0.pdf").delete()
        assert not quota.Uses().is_full(space.id)

    def test_of_a_space_that_is_not_there(self):
        assert quota.used_bytes(space_id=uuid7()) == 0


class TestRemembered:
    def test_what_this_door_took_is_added_to_what_was_counted(self, space, limit):
        uses = quota.Uses()
        assert not uses.is_full(space.id)
        uses.add(space.id, 7_999)
        assert not uses.is_full(space.id)
        uses.add(space.id, 1)
        assert uses.is_full(space.id)

    def test_what_is_erased_is_seen_a_minute_later(self, space, limit, monkeypatch):
        clock = [0.0]
        monkeypatch.setattr(quota, "monotonic", lambda: clock[0])
        uses = quota.Uses()
        filled(space, 3)
        assert uses.is_full(space.id)
        Attachment.objects.filter(name="0.pdf").delete()
        clock[0] = 59.9
        assert uses.is_full(space.id)
        clock[0] = 60.0
        assert not uses.is_full(space.id)

    def test_a_box_that_nobody_asked_about_is_not_remembered(self, space, limit):
        uses = quota.Uses()
        uses.add(space.id, 8_000)
        assert not uses.is_full(space.id)

    def test_the_oldest_of_too_many_are_counted_again(self, limit, monkeypatch):
        monkeypatch.setattr(quota, "REMEMBERED", 2)
        uses, spaces = quota.Uses(), [factories.space() for _ in range(3)]
        for space in spaces:
            uses.is_full(space.id)
            uses.add(space.id, 8_000)
        assert [uses.is_full(space.id) for space in reversed(spaces)] == [True, True, False]


class TestDoor:
    def test_a_full_box_is_asked_for_later(self, space, limit):
        filled(space, 2)
        assert answer(space) == "250 2.1.5 OK"
        receive(mixed(("last.pdf", "application/pdf", PDF), number="last"), space)
        assert answer(space) == "452 4.2.2 Messagerie pleine"
        assert verdict_of(address(space), quota.Uses()).space_id is None

    def test_what_waits_counts_at_the_door_too(self, space, limit):
        for number in range(40):
            arrive(letter(number=str(number)), space)
        assert answer(space) == "452 4.2.2 Messagerie pleine"

    @pytest.mark.parametrize(
        ("status", "reason", "said"),
        [
            ("closed", "late-opposition", "550 5.1.1"),
            ("closed", "holder", "550 5.2.1"),
            ("suspended", "", "450 4.2.1"),
            ("deleted", "holder", "550 5.1.1"),
        ],
    )
    def test_mss_70_of_a_space_that_is_not_open_nothing_is_told(self, space, limit, status, reason, said):
        filled(space, 3)
        closed_at = None if status == "suspended" else NOON
        HealthSpace.objects.filter(pk=space.pk).update(status=status, closed_at=closed_at, closure_reason=reason)
        assert answer(space).startswith(said)

    def test_one_statement_and_once_a_minute_another_one_whatever_it_holds(self, space):
        counts = []
        for number in (1, 20):
            filled(space, number)
            uses = quota.Uses()
            for _ in range(2):
                with CaptureQueriesContext(connection) as queries:
                    answer(space, uses)
                counts.append(len(queries))
        assert counts == [2, 1, 2, 1]
