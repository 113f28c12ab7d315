"""Findings in one line each. `reason`: a member of the reasons of the checks, or of the gateway's."""

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
    """A fact that is no matter of opinion."""
    return Finding(outcome=Outcome.FAIL, reason=str(reason), measured=measured)


def in_trouble(reason: StrEnum, **measured: Fact) -> Finding:
    """Something of ours that does not work: tried again, never the candidate's fault (L22)."""
    return Finding(outcome=Outcome.ERROR, reason=str(reason), measured=measured)


def skipped(reason: StrEnum, **measured: Fact) -> Finding:
    """Not run, and why."""
    return Finding(outcome=Outcome.SKIPPED, reason=str(reason), measured=measured)
