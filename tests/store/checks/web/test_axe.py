"""STO-95, the machine's half."""

from __future__ import annotations

import pytest

from apps.store.gateways.web.base import UnreachableError, Visit
from tests.store.checks.web.world import SITE, MemoryBrowser, run, said


def look(violations, **more):
    return run("axe", SITE, browser=MemoryBrowser(Visit(url=SITE, violations=violations, **more)))


def test_sto_95_no_violation_passes():
    assert (said(look({})), look({}).measured) == (("pass", ""), {"nodes": 0})


def test_sto_95_violations_are_counted_by_rule_and_never_fail():
    finding = look({"label": 1, "image-alt": 3})

    assert said(finding) == ("flag", "axe-violations")
    assert finding.measured == {"rules": ["image-alt (3)", "label (1)"], "nodes": 4}


def test_sto_95_axe_that_did_not_come_through_is_tried_again():
    with pytest.raises(UnreachableError, match="broken"):
        look(None)


def test_rules_are_bounded():
    assert len(look({f"rule-{number}": 1 for number in range(90)}).measured["rules"]) == 30
