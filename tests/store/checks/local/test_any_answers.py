"""Answers of any shape: somebody else filled them in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.store.checks.base import Finding
from apps.store.checks.local import CHECKS_LOCAL
from tests.store.checks.local.dossiers import TOOLS, subject

CRITERIA = (
    "CRI_LEG_01",
    "CRI_LEG_03",
    "CRI_URB_01",
    "CRI_INT_02",
    "CRI_FIC_03",
    "CRI_FIC_04",
    "CRI_ELI_02",
    "CRI_SEC_01",
)
NAMES = (
    "siren", "siret", "finess", "host_name", "certificate", "activities", "ends_on", "uris", "contact_email",
    "technical_email", "app_store_url", "play_store_url", "url", "hosts", "web_url",
)  # fmt: skip
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
)
FIELDS = st.dictionaries(st.sampled_from(NAMES), JSON, max_size=8)
ANSWERS = st.dictionaries(st.sampled_from(CRITERIA), FIELDS | JSON, max_size=8)
WITHOUT_ROWS = [check for check in CHECKS_LOCAL if check.code not in {"siren", "finess"}]


@pytest.mark.parametrize("check", CHECKS_LOCAL, ids=lambda check: check.code)
@given(answers=ANSWERS)
def test_targets_never_raise_and_fit_into_a_row(check, answers):
    targets = check.targets(subject(**answers))

    assert isinstance(targets, tuple)
    assert len(set(targets)) == len(targets)
    assert all(isinstance(target, str) and 0 < len(target) <= 2000 for target in targets)


@pytest.mark.parametrize("check", WITHOUT_ROWS, ids=lambda check: check.code)
@settings(deadline=None)
@given(answers=ANSWERS, target=st.text(max_size=60))
def test_any_target_has_a_finding(check, answers, target):
    assert isinstance(check.run(target=target, subject=subject(**answers), tools=TOOLS), Finding)


@pytest.mark.parametrize("code", ["siren", "finess"])
@pytest.mark.django_db
@settings(max_examples=25, deadline=None)
@given(
    answers=ANSWERS, target=st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
)
def test_any_number_has_a_finding(code, answers, target):
    (check,) = [check for check in CHECKS_LOCAL if check.code == code]

    assert isinstance(check.run(target=target, subject=subject(**answers), tools=TOOLS), Finding)
