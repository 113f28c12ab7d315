"""Findings in one line each. `reason`: a member of `reasons.Reason`, or of the gateway's."""

from __future__ import annotations

from enum import StrEnum

from apps.store.checks.base import Fact, Finding, Outcome


def passed(**measured: Fact) -> Finding:
    """Nothing to say."""
    return Finding(outcome=Outcome.PASS, measured=measured)


def flagged(reason: StrEnum | str, **measured: Fact) -> Finding:
    """For a person to look at."""
    return Finding(outcome=Outcome.FLAG, reason=str(reason), measured=measured)


def failed(reason: StrEnum | str, **measured: Fact) -> Finding:
    """A fact."""
    return Finding(outcome=Outcome.FAIL, reason=str(reason), measured=measured)


def skipped(reason: StrEnum) -> Finding:
    """Not run, and why."""
    return Finding(outcome=Outcome.SKIPPED, reason=str(reason))
