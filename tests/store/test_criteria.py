"""The referential as data (STO-26 to STO-33)."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.store import criteria, orientation

VERSION = criteria.CURRENT


def test_the_first_version_has_69_criteria_of_different_codes():
    found = criteria.criteria_of(VERSION)
    assert len(found) == 69
    assert len({criterion.code for criterion in found}) == 69
    assert Counter(criterion.is_blocking for criterion in found) == {True: 54, False: 15}


def test_sto_33_every_version_can_be_read_and_an_unknown_one_cannot():
    for version in criteria.VERSIONS:
        assert criteria.criteria_of(version)
    with pytest.raises(FileNotFoundError):
        criteria.criteria_of("1999-1")


def test_every_criterion_stands_in_one_section_and_every_section_has_some():
    sections = Counter(criteria.section_of(criterion).slug for criterion in criteria.criteria_of(VERSION))
    assert set(sections) == {section.slug for section in criteria.SECTIONS}


def test_fields_belong_to_criteria_that_are():
    codes = {criterion.code for criterion in criteria.criteria_of(VERSION)}
    assert set(criteria.FIELDS) <= codes
    for fields in criteria.FIELDS.values():
        assert len({field.name for field in fields}) == len(fields)


def test_tags_of_the_referential_are_those_of_the_questions():
    tags = {criterion.tag for criterion in criteria.criteria_of(VERSION)}
    assert tags - {"all", "exchange", "exchange_write"} <= set(orientation.NAMES)


def answers(**values: str) -> dict[str, str]:
    return dict.fromkeys(orientation.NAMES, "no") | values


def test_sto_28_the_orientation_decides_what_applies():
    plain = {criterion.code for criterion in criteria.applicable(VERSION, answers(), exchange="none")}
    assert "CRI-LEG-01" in plain
    assert plain.isdisjoint({"CRI-SEC-02", "CRI-LEG-06", "CRI-RGP-07", "CRI-ETH-06"})
    web = {criterion.code for criterion in criteria.applicable(VERSION, answers(web="yes"), exchange="none")}
    assert web - plain == {"CRI-SEC-02", "CRI-SEC-03", "CRI-ACC-01"}
    reading = {criterion.code for criterion in criteria.applicable(VERSION, answers(), exchange="read")}
    assert {"CRI-RGP-07", "CRI-SEX-01"} <= reading
    assert "CRI-INT-03" not in reading
    both = {criterion.code for criterion in criteria.applicable(VERSION, answers(), exchange="read_write")}
    assert both - reading == {"CRI-INT-03"}


def test_measures_need_an_exchange():
    found = criteria.applicable(VERSION, answers(exchange_measure="yes"), exchange="none")
    assert "CRI-INT-04" not in {criterion.code for criterion in found}


@given(chosen=st.sets(st.sampled_from(orientation.NAMES)), more=st.sampled_from(orientation.NAMES))
def test_one_more_yes_never_takes_a_criterion_away(chosen, more):
    fewer = answers(**dict.fromkeys(chosen, "yes"))
    before = set(criteria.applicable(VERSION, fewer, exchange="read_write"))
    after = set(criteria.applicable(VERSION, {**fewer, more: "yes"}, exchange="read_write"))
    assert before <= after


def test_the_questionnaire_is_complete_with_a_yes_or_no_to_each():
    assert orientation.is_complete(answers())
    assert not orientation.is_complete({**answers(), "ai": ""})
    assert not orientation.is_complete({})


def test_sources_are_shown_without_the_mark_of_their_certainty():
    assert criteria.criterion_of(VERSION, "CRI-LEG-05").source == "Code conso. L111-1"
    assert not any("[" in criterion.source for criterion in criteria.criteria_of(VERSION))
