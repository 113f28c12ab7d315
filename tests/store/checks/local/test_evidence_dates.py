"""Ends of evidence and days of audits (STO-108)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.store.checks.registry import CHECKS
from tests.harness.clock import NOON
from tests.store.checks.local.dossiers import end, file, run, subject

TODAY = NOON.date()
AUDIT = ("CRI-SEC-05",)
CERTIFICATE = ("CRI-DM-02",)


def judged(**values):
    return end(run("evidence_dates", subject(files=[file(b"%PDF-", **values)])))


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (61, ("pass", "")),
        (60, ("pass", "")),
        (59, ("flag", "evidence-ends-soon")),
        (0, ("flag", "evidence-ends-soon")),  # its last day
        (-1, ("fail", "evidence-ended")),
    ],
)
def test_sto_108_the_end_of_a_certificate_decides(days, expected):
    assert judged(criteria=CERTIFICATE, valid_until=TODAY + timedelta(days=days)) == expected


@pytest.mark.parametrize(
    ("issued", "expected"),
    [
        ((2026, 11, 25), ("pass", "")),
        ((2025, 5, 26), ("pass", "")),  # 18 months tomorrow
        ((2025, 5, 25), ("fail", "evidence-audit-old")),  # 18 months today
        ((2024, 1, 1), ("fail", "evidence-audit-old")),
        ((2026, 11, 26), ("flag", "evidence-in-future")),
    ],
)
def test_sto_108_a_penetration_test_is_less_than_18_months_old(issued, expected):
    assert judged(criteria=AUDIT, issued_on=date(*issued)) == expected


def test_sto_108_a_penetration_test_without_a_day_is_for_a_person():
    assert judged(criteria=AUDIT) == ("flag", "evidence-no-date")
    assert judged(criteria=AUDIT, valid_until=TODAY + timedelta(days=400)) == ("flag", "evidence-no-date")


def test_sto_108_a_recent_penetration_test_may_have_an_end_too():
    recent = TODAY - timedelta(days=30)

    assert judged(criteria=AUDIT, issued_on=recent, valid_until=TODAY - timedelta(days=1)) == ("fail", "evidence-ended")
    assert judged(criteria=AUDIT, issued_on=recent, valid_until=TODAY + timedelta(days=90)) == ("pass", "")


def test_sto_108_other_evidence_may_be_old():
    assert judged(
        criteria=CERTIFICATE, issued_on=TODAY - timedelta(days=3000), valid_until=TODAY + timedelta(days=90)
    ) == ("pass", "")


def test_days_are_those_of_paris():
    """23:30 UTC in winter is already the next day in Paris."""
    made = file(b"%PDF-", criteria=CERTIFICATE, valid_until=date(2026, 11, 25))
    night = subject(files=[made], at=datetime(2026, 11, 25, 23, 30, tzinfo=UTC))

    assert end(run("evidence_dates", night)) == ("fail", "evidence-ended")


def test_the_days_left_are_measured():
    made = file(b"%PDF-", criteria=CERTIFICATE, valid_until=TODAY + timedelta(days=10))

    assert run("evidence_dates", subject(files=[made])).measured == {"ends_on": "2026-12-05", "days_left": 10}


def test_sto_108_the_day_in_the_answer_is_looked_at_too():
    old, recent = {"tested_on": "2025-05-25"}, {"tested_on": "2025-05-26"}

    assert end(run("evidence_dates", subject(CRI_SEC_05=old))) == ("fail", "evidence-audit-old")
    assert end(run("evidence_dates", subject(CRI_SEC_05=recent))) == ("pass", "")
    assert CHECKS["evidence_dates"].targets(subject(CRI_SEC_05=recent)) == ("CRI-SEC-05",)
    assert CHECKS["evidence_dates"].targets(subject(CRI_SEC_05={"tested_on": "hier"})) == ()


def test_sto_108_it_stands_for_a_file_without_a_day():
    made = file(b"%PDF-", criteria=AUDIT)
    dossier = subject(files=[made], CRI_SEC_05={"tested_on": "2026-11-01"})

    assert CHECKS["evidence_dates"].targets(dossier) == ("CRI-SEC-05", str(made.id))
    assert end(run("evidence_dates", dossier, str(made.id))) == ("pass", "")


def test_only_files_with_a_date_to_look_at_are_targets():
    plain, audit = file(b"a", name="a.pdf", criteria=("CRI-RGP-03",)), file(b"b", name="b.pdf", criteria=AUDIT)
    dated = file(b"c", name="c.pdf", valid_until=TODAY)
    dossier = subject(files=[plain, audit, dated])

    assert CHECKS["evidence_dates"].targets(dossier) == (str(audit.id), str(dated.id))
