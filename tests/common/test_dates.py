from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.dates import PartialDate, PartialDateError

whole_dates = st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31)).map(PartialDate.of)
partial_dates = st.one_of(
    whole_dates,
    st.builds(PartialDate, st.integers(1, 9999)),
    st.builds(PartialDate, st.integers(1, 9999), st.integers(1, 12)),
)


@pytest.mark.parametrize(
    ("text", "year", "month", "day"),
    [
        ("1952-06-14", 1952, 6, 14),
        ("1952-06", 1952, 6, None),
        ("1952-06-00", 1952, 6, None),
        ("1952", 1952, None, None),
        ("1952-00-00", 1952, None, None),
        (" 2024-02-29 ", 2024, 2, 29),
    ],
)
def test_idn_28_unknown_parts_are_none(text, year, month, day):
    assert PartialDate.parse(text) == PartialDate(year, month, day)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "52-06-14",
        "1952-6-14",
        "1952-13",
        "1952-02-30",
        "2023-02-29",
        "0000-01-01",
        "1952-00-14",
        "14/06/1952",
        "1952-06-14T10",
    ],
)
def test_what_is_no_date_is_refused_with_its_text(text):
    with pytest.raises(PartialDateError):
        PartialDate.parse(text)


def test_a_day_without_a_month_is_no_date():
    with pytest.raises(PartialDateError):
        PartialDate(1952, None, 14)


@pytest.mark.parametrize(
    ("value", "iso", "with_zeros", "earliest", "latest"),
    [
        (PartialDate(1952), "1952", "1952-00-00", date(1952, 1, 1), date(1952, 12, 31)),
        (PartialDate(1952, 2), "1952-02", "1952-02-00", date(1952, 2, 1), date(1952, 2, 29)),
        (PartialDate(1952, 6, 14), "1952-06-14", "1952-06-14", date(1952, 6, 14), date(1952, 6, 14)),
    ],
)
def test_dmp_09_year_only_date_stays_a_year(value, iso, with_zeros, earliest, latest):
    assert (value.iso(), value.with_zeros(), value.earliest(), value.latest()) == (iso, with_zeros, earliest, latest)


def test_only_a_date_with_a_day_is_whole():
    assert PartialDate(1952, 6, 14).is_whole
    assert not PartialDate(1952, 6).is_whole


@given(value=partial_dates)
def test_reads_what_it_writes(value):
    assert PartialDate.parse(value.iso()) == value
    assert PartialDate.parse(value.with_zeros()) == value


@given(value=partial_dates)
def test_earliest_and_latest_enclose_what_is_known(value):
    assert value.earliest() <= value.latest()
    assert value.earliest().year == value.latest().year == value.year
    assert value.is_whole is (value.earliest() == value.latest())


@given(value=st.dates())
def test_a_date_keeps_itself(value):
    assert PartialDate.of(value).earliest() == value


@given(values=st.lists(partial_dates, min_size=2))
def test_any_mixture_of_precisions_can_be_sorted(values):
    assert len(sorted(values, key=lambda value: (value.earliest(), value.iso()))) == len(values)
