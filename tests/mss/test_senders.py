"""What is said beside the name of a sender (MSS-22, SEC-23, M-02)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from apps.mss.models import Correspondent
from apps.mss.services.senders import Origin, origins
from tests import factories
from tests.mss.writing import helper, writer

pytestmark = pytest.mark.django_db


@pytest.fixture
def space():
    return factories.space()


def box(space, name: str = "Dr Karim Benali", *, number: int = 0, **values: object) -> Correspondent:
    return Correspondent.objects.create(
        space=space, address=f"box{number}@x.mssante.example", display_name=name, **values
    )


def listed(space, name: str = "Dr Karim Benali", **values: object) -> Correspondent:
    return box(space, name, number=99, is_listed=True, **({"kind": "PER", "national_id": "810100000073"} | values))


def origin_of(space, row: Correspondent) -> Origin:
    return origins(actor=writer(space), boxes=[row])[row.id]


class TestOrigin:
    @pytest.mark.parametrize(
        ("kind", "national_id", "origin"),
        [
            ("PER", "810100000073", Origin.PROFESSIONAL),
            ("PER", "0449301234", Origin.LISTED),
            ("ORG", "1440000016", Origin.LISTED),
            ("APP", "", Origin.LISTED),
            ("", "810100000073", Origin.LISTED),
        ],
    )
    def test_mss_22_what_the_directory_knows(self, space, kind, national_id, origin):
        assert origin_of(space, listed(space, kind=kind, national_id=national_id)) is origin

    def test_mss_22_what_it_does_not_know(self, space):
        assert origin_of(space, box(space)) is Origin.UNLISTED

    @pytest.mark.parametrize(
        "name",
        [
            "Dr Karim Benali",
            "BENALI Karim",
            "Karim Bénali",
            "Benali, Karim",
            "docteur karim benali",
            "Pr  Karim-Benali",
        ],
    )
    def test_sec_23_a_stranger_with_a_known_name_is_said(self, space, name):
        listed(space)

        assert origin_of(space, box(space, name)) is Origin.LOOK_ALIKE

    @pytest.mark.parametrize("name", ["Karim Benalia", "Karim", "Benali", "Dr Karim", "Dr", "x"])
    def test_sec_23_another_name_is_another_name(self, space, name):
        listed(space)

        assert origin_of(space, box(space, name)) is Origin.UNLISTED

    def test_sec_23_names_of_another_space_say_nothing(self, space):
        listed(factories.space())

        assert origin_of(space, box(space)) is Origin.UNLISTED

    def test_two_strangers_of_one_name_are_strangers(self, space):
        box(space, number=1)

        assert origin_of(space, box(space)) is Origin.UNLISTED

    def test_mss_81_a_helper_is_told_the_same(self, space):
        listed(space)
        row = box(space)

        assert origins(actor=helper(space, manages=False), boxes=[row]) == {row.id: Origin.LOOK_ALIKE}


class TestQueries:
    def test_none_where_all_are_listed_and_one_for_any_number_of_strangers(self, space):
        actor, known = writer(space), listed(space)
        with CaptureQueriesContext(connection) as none:
            origins(actor=actor, boxes=[known])
        rows = [box(space, f"N {number}", number=number) for number in range(20)]
        with CaptureQueriesContext(connection) as one:
            origins(actor=actor, boxes=rows[:1])
        with CaptureQueriesContext(connection) as twenty:
            origins(actor=actor, boxes=rows)

        assert (len(none), len(one), len(twenty)) == (0, 1, 1)


class TestPart:
    @pytest.mark.parametrize(
        ("origin", "words"),
        [
            (Origin.PROFESSIONAL, "Vérifié dans l'annuaire (RPPS)"),
            (Origin.LISTED, "Vérifié dans l'annuaire"),
            (Origin.UNLISTED, "Expéditeur hors annuaire"),
            (Origin.LOOK_ALIKE, "Expéditeur hors annuaire qui porte le nom d'un autre correspondant"),
        ],
    )
    def test_m_02_the_words_of_the_page(self, origin, words):
        page = render_to_string("mss/parts/origin.html", {"origin": origin}).replace("&#x27;", "'")

        assert words in page
        assert ("Ne répondez que si vous savez de qui il s'agit." in page) is (origin is Origin.LOOK_ALIKE)

    def test_nothing_is_said_of_our_own_side(self):
        assert render_to_string("mss/parts/origin.html", {"origin": None}).strip() == ""
