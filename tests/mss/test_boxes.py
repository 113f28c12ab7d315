"""Who wrote: names, kinds and numbers of the national directory (MSS-06, MSS-07, MSS-22, MSS-27; DIR-04)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.directory.models import Mailbox as Listed
from apps.directory.models import Professional
from apps.formats.mail.model import Mailbox
from apps.mss.jobs.boxes import box_of
from apps.mss.models import Correspondent, Message
from apps.mss.services import answerable
from tests import factories
from tests.directory.extracts import LEFORT
from tests.directory.mailboxes import listed_box
from tests.harness.clock import NOON
from tests.mss.arriving import SENDER, letter, receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def space():
    return factories.space()


def seen(space) -> tuple[str, bool, str, str]:
    box = Correspondent.objects.get(space=space)
    return box.display_name, box.is_listed, box.kind, box.national_id


class TestListed:
    def test_mss_06_a_listed_box_bears_what_the_directory_says(self, space):
        listed_box(SENDER, name="Dr Karim Benali", national_id=f"8{LEFORT}")
        receive(letter().replace(b"From: Dr Karim Benali", b"From: Pr Quelqu'un d'autre"), space)

        assert seen(space) == ("Dr Karim Benali", True, "PER", f"8{LEFORT}")

    def test_mss_06_the_case_of_the_address_does_not_count(self, space):
        listed_box(SENDER)
        receive(letter(sender=SENDER.upper()), space, sender=SENDER.upper())

        assert seen(space)[:2] == ("Dr Anne Lefort", True)
        assert Correspondent.objects.get().address == SENDER

    def test_mss_22_nobody_is_named_by_the_directory_but_the_very_address(self, space):
        listed_box(SENDER)
        receive(letter(sender=f"x{SENDER}"), space)

        assert seen(space) == ("Dr Karim Benali", False, "", "")

    def test_mss_06_a_box_that_enters_the_directory_is_listed_from_its_next_message_on(self, space):
        receive(letter(number="m1"), space)
        assert seen(space) == ("Dr Karim Benali", False, "", "")
        listed_box(SENDER, box_type="ORG", national_id="1440000016", name="Laboratoire des Rives")
        receive(letter(number="m2"), space)

        assert seen(space) == ("Laboratoire des Rives", True, "ORG", "1440000016")

    def test_mss_06_the_directory_changes_a_name(self, space):
        row = listed_box(SENDER)
        receive(letter(number="m1"), space)
        row.name = "Dr Anne Lefort-Martin"
        row.save()
        receive(letter(number="m2"), space)

        assert seen(space)[0] == "Dr Anne Lefort-Martin"

    def test_dir_04_a_box_that_left_the_directory_keeps_its_name(self, space):
        listed_box(SENDER)
        receive(letter(number="m1"), space)
        Listed.objects.update(is_active=False)
        receive(letter(number="m2"), space)

        assert seen(space) == ("Dr Anne Lefort", True, "PER", f"8{LEFORT}")

    def test_dir_08_one_that_is_gone_names_nobody_new(self, space):
        listed_box(SENDER, is_active=False)
        receive(letter(), space)

        assert seen(space) == ("Dr Karim Benali", False, "", "")

    def test_mss_22_no_name_is_an_address(self, space):
        listed_box(SENDER, name="contact@medecin.example")
        receive(letter(), space)

        assert seen(space)[0] == "medecin.mssante.example"

    def test_a_practice_has_no_kind(self, space):
        listed_box(SENDER, box_type="CAB", national_id="")
        receive(letter(), space)

        assert seen(space) == ("Dr Anne Lefort", True, "", "")

    def test_the_directory_is_found_by_search_and_not_the_lure(self, space):
        listed_box(SENDER, name="Dr Anne Lefort")
        receive(letter(), space)

        assert "lefort" in Message.objects.get().search


class TestEstablishment:
    @pytest.mark.parametrize(
        ("kind", "national_id", "shown"),
        [
            ("ORG", "1440000016", True),
            ("ORG", "", True),
            ("APP", "1440000016", True),
            ("APP", "312345678900017", False),
            ("APP", "", False),
            ("PER", "810100000073", False),
            ("", "", False),
        ],
    )
    def test_mss_07_as_an_establishment_or_as_a_person(self, kind, national_id, shown):
        assert Correspondent(kind=kind, national_id=national_id).is_establishment is shown


class TestLeft:
    def test_mss_27_a_professional_who_left_is_known_by_the_number_of_the_box(self, space):
        listed_box(SENDER)
        receive(letter(), space)
        boxes = list(Correspondent.objects.filter(space=space))
        assert answerable.left_activity(boxes) == []
        Professional.objects.create(
            national_id=f"8{LEFORT}", family_name="LEFORT", given_name="ANNE", profession_code="10",
            profession_label="Médecin", is_active=False, seen_on=NOON.date(),
        )  # fmt: skip

        assert answerable.left_activity(boxes) == boxes


class TestQueries:
    def test_one_look_at_the_directory_however_long_it_is(self, space):
        sender = Mailbox(address=SENDER, name="Dr Karim Benali")
        box_of(space_id=space.id, sender=sender)
        with CaptureQueriesContext(connection) as one:
            box_of(space_id=space.id, sender=sender)
        for number in range(20):
            listed_box(f"d{number}@x.mssante.example")
        with CaptureQueriesContext(connection) as twenty:
            box_of(space_id=space.id, sender=sender)

        assert (len(one), len(twenty)) == (2, 2)

    def test_nobody_is_nobody(self, space):
        assert box_of(space_id=space.id, sender=None) is None
