"""Findings in one line each."""

from __future__ import annotations

from apps.store.checks.base import Fact, Finding, Outcome
from apps.store.checks.local.reasons import Reason


def passed(**measured: Fact) -> Finding:
    """Nothing to say."""
    return Finding(outcome=Outcome.PASS, measured=measured)


def flagged(reason: Reason, **measured: Fact) -> Finding:
    """For a person to look at."""
    return Finding(outcome=Outcome.FLAG, reason=reason.value, measured=measured)


def failed(reason: Reason, **measured: Fact) -> Finding:
    """A fact that is no matter of opinion."""
    return Finding(outcome=Outcome.FAIL, reason=reason.value, measured=measured)


def in_trouble(reason: Reason, **measured: Fact) -> Finding:
    """Something of ours that does not work: tried again, never the candidate's fault (L22)."""
    return Finding(outcome=Outcome.ERROR, reason=reason.value, measured=measured)


def skipped(reason: Reason, **measured: Fact) -> Finding:
    """Not run, and why."""
    return Finding(outcome=Outcome.SKIPPED, reason=reason.value, measured=measured)
