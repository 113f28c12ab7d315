"""HL7 times keep their precision and their offset (DMP-09, S07)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.dates import PartialDate
from apps.formats.cda.times import CdaTime, CdaTimeError


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("1975", "1975"),
        ("202602", "2026-02"),
        ("20210401", "2021-04-01"),
        ("202101040735+0100", "2021-01-04T07:35+01:00"),
        ("20210401171000", "2021-04-01T17:10:00"),
        ("20210401171000.1234+0200", "2021-04-01T17:10:00+02:00"),
        ("20141015103026-0500", "2014-10-15T10:30:26-05:00"),
        ("20260101003000+0400", "2026-01-01T00:30:00+04:00"),
        ("20210401171000Z", "2021-04-01T17:10:00+00:00"),
        ("19520600", "1952-06"),
        (" 20210401 ", "2021-04-01"),
    ],
)
def test_dmp_09_a_time_is_what_was_written(written, iso):
    assert CdaTime.parse(written).iso() == iso


@pytest.mark.parametrize(
    "written",
    [
        "",
        "None",
        "20210231",
        "20211301",
        "2021040",
        "202104012500",
        "202104011760",
        "20210401171000+1500",
        "0000",
        "٢٠٢١",
    ],
)
def test_what_is_no_time_is_refused(written):
    with pytest.raises(CdaTimeError):
        CdaTime.parse(written)


def test_s07_half_past_midnight_in_la_reunion_stays_1_january():
    time = CdaTime.parse("20260101003000+0400")

    assert time.as_partial_date() == PartialDate(2026, 1, 1)
    assert time.offset == 240


def test_dmp_09_a_year_stays_a_year():
    assert CdaTime.parse("1975").as_partial_date() == PartialDate(1975)


def test_an_instant_needs_minute_and_offset():
    assert CdaTime.parse("20260101").instant() is None
    assert CdaTime.parse("20260101003000").instant() is None
    moment = CdaTime.parse("20260101003000+0400").instant()
    assert moment is not None
    assert moment.isoformat() == "2026-01-01T00:30:00+04:00"
    assert moment.utcoffset() == timedelta(hours=4)


@given(
    st.datetimes().filter(lambda moment: moment.year >= 1),
    st.sampled_from([4, 6, 8, 12, 14]),
    st.one_of(st.none(), st.integers(-14 * 60, 14 * 60)),
)
def test_a_written_time_is_read_back_at_its_precision(moment, length, offset):
    digits = f"{moment.year:04d}{moment:%m%d%H%M%S}"[:length]
    has_clock = length >= 12
    sign = (
        ""
        if offset is None or not has_clock
        else f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02d}{abs(offset) % 60:02d}"
    )

    time = CdaTime.parse(digits + sign)

    assert time.written == digits + sign
    assert time.iso().replace("-", "").replace(":", "").replace("T", "").startswith(digits)
    assert time.offset == (offset if has_clock else None)
    assert time.as_partial_date().is_whole == (length >= 8)


@given(st.text(alphabet="0123456789+-.Z ", max_size=22))
def test_any_text_is_a_time_or_a_refusal(written):
    try:
        time = CdaTime.parse(written)
    except CdaTimeError:
        return
    assert time.as_partial_date().year > 0
