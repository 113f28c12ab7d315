"""What may be typed about a person and about the days of help (SPA-53, decisions 9, IDN-11, IDN-28)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from apps.spaces.forms.people import InviteForm, RepresentativeForm, SectionsForm
from apps.spaces.services.delegations import last_day_allowed
from tests.harness.clock import NOON

ANSWERS = {
    "ins_number": "275126322074974",
    "first_name": "Diane",
    "family_name": "Morel",
    "birth_date": "14/06/1984",
    "documents": "read",
    "history": "aucun",
    "starts_on": "2026-11-25",
    "ends_on": "2027-11-25",
}


def form(**changes):
    return InviteForm({**ANSWERS, **changes}, at=NOON)


class TestTraits:
    @pytest.mark.parametrize(
        ("typed", "read"),
        [
            ("275126322074974", "2751263220749"),
            ("2 75 12 63 220 749 74", "2751263220749"),
            ("297022a02077878", "297022A020778"),
        ],
    )
    def test_idn_11_the_number_is_read_with_its_key(self, typed, read):
        shown = form(ins_number=typed)

        assert shown.is_valid(), shown.errors
        assert shown.traits().ins_number == read

    @pytest.mark.parametrize("typed", ["275126322074973", "27512632207497", "abc", "5751263220749 74"])
    def test_idn_11_a_number_with_a_mistake_is_said(self, typed):
        assert list(form(ins_number=typed).errors) == ["ins_number"]

    @pytest.mark.parametrize(
        ("typed", "read"),
        [
            ("14/06/1984", "1984-06-14"),
            ("14.06.1984", "1984-06-14"),
            ("14-06-1984", "1984-06-14"),
            (" 14 06 1984 ", "1984-06-14"),
            ("00/06/1952", "1952-06-00"),
            ("00/00/1952", "1952-00-00"),
        ],
    )
    def test_idn_28_dates_as_people_write_them(self, typed, read):
        shown = form(birth_date=typed)

        assert shown.is_valid(), shown.errors
        assert shown.traits().birth_date == read

    @pytest.mark.parametrize("typed", ["1984-06-14", "31/02/1984", "14/13/1984", "12/00/1984", "x"])
    def test_other_dates_are_refused(self, typed):
        assert list(form(birth_date=typed).errors) == ["birth_date"]


class TestDays:
    @pytest.mark.parametrize(
        ("at", "last"),
        [
            (datetime(2026, 11, 25, 12, tzinfo=UTC), "2027-11-25"),
            (datetime(2026, 11, 25, 23, tzinfo=UTC), "2027-11-26"),  # already the 26th in Paris
            (datetime(2028, 2, 29, 12, tzinfo=UTC), "2029-02-28"),
        ],
    )
    def test_decisions_9_twelve_months_from_today_in_paris(self, at, last):
        assert last_day_allowed(at=at).isoformat() == last

    @pytest.mark.parametrize(
        ("starts", "ends", "faulty"),
        [
            ("2026-11-25", "2026-11-25", []),
            ("2026-11-25", "2027-11-25", []),
            ("2026-11-25", "2027-11-26", ["ends_on"]),
            ("2026-11-24", "2027-01-01", ["starts_on"]),
            ("2027-02-01", "2027-01-31", ["ends_on"]),
            ("", "2027-01-31", ["starts_on"]),
            ("2027-01-31", "", ["ends_on"]),
        ],
    )
    def test_decisions_9_days_in_their_order_within_twelve_months(self, starts, ends, faulty):
        assert list(form(starts_on=starts, ends_on=ends).errors) == faulty

    def test_a_renewal_has_no_first_day(self):
        shown = SectionsForm({"documents": "manage", "history": "read", "ends_on": "2026-11-24"}, at=NOON)

        assert list(shown.errors) == ["ends_on"]


class TestSections:
    @pytest.mark.parametrize(
        ("documents", "history", "sections"),
        [
            ("read", "aucun", {"documents": "read"}),
            ("manage", "read", {"documents": "manage", "history": "read"}),
            ("aucun", "read", {"history": "read"}),
        ],
    )
    def test_spa_55_what_is_not_chosen_is_closed(self, documents, history, sections):
        shown = form(documents=documents, history=history)

        assert shown.is_valid()
        assert shown.terms().sections == sections

    @pytest.mark.parametrize(
        ("messages", "opened"), [("read", {"messages": "read"}), ("manage", {"messages": "manage"}), ("aucun", {})]
    )
    def test_spa_55_the_mailbox_is_opened_by_itself(self, messages, opened):
        shown = form(documents="read", history="aucun", messages=messages)

        assert shown.is_valid()
        assert shown.terms().sections == {"documents": "read", **opened}

    def test_spa_55_nothing_at_all_is_no_help(self):
        assert list(form(documents="aucun", history="aucun").errors) == ["documents"]

    @pytest.mark.parametrize(("field", "value"), [("history", "manage"), ("documents", "write"), ("documents", "")])
    def test_spa_55_levels_that_do_not_exist_are_refused(self, field, value):
        assert field in form(**{field: value}).errors


class TestRepresentative:
    def test_spa_41_quality_and_certification(self):
        traits = {name: ANSWERS[name] for name in ("ins_number", "first_name", "family_name", "birth_date")}

        assert RepresentativeForm({**traits, "capacity": "PERE", "certified": "on"}).is_valid()
        assert list(RepresentativeForm({**traits, "capacity": "ASE", "certified": "on"}).errors) == ["capacity"]
        assert list(RepresentativeForm({**traits, "capacity": "PERE"}).errors) == ["certified"]
