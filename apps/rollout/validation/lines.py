"""Checks one line: its values tidied in place, and what is wrong with it (ROL-11, decisions.md 28 and 31)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import NamedTuple

from apps.rollout.validation import columns
from apps.rollout.validation.codes import Code, Finding, Severity, refused
from apps.rollout.validation.columns import COLUMNS, LIMITS, SEPARATOR, is_within_limits
from apps.rollout.validation.identity import check_identity
from apps.rollout.validation.masking import masked
from apps.rollout.validation.register import check_register

_SPACES = str.maketrans("\u00a0\u202f\u2009", "   ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What the checks depend on: `authorities` accepted here (OIDs), `today` (ISO day in Paris)."""

    authorities: Collection[str]
    today: str


class Checked(NamedTuple):
    """`values` in the order of `COLUMNS`, None when the line stays out; `findings` in the order of the columns.

    A tuple because one is made for each of millions of lines.
    """

    values: list[str] | None
    findings: list[Finding]


def check_line(*, line: str, layout: columns.Layout, rules: Rules) -> Checked:
    """Check one line of text, its end of line removed."""
    line = line if line.isascii() else line.translate(_SPACES)
    if not line.isprintable():
        return _out(Code.CHARACTER)
    values = layout.values(line)
    if values is None:
        return _out(Code.COLUMNS)
    if " ;" in line or "; " in line or line[0] == " " or line[-1] == " ":
        values = [value.strip() for value in values]
    findings: list[Finding] = []
    check_identity(values, findings, rules.authorities, rules.today)
    check_register(values, findings, rules.today)
    if not is_within_limits(SEPARATOR.join(values)):
        findings.extend(
            refused(title, Code.TOO_LONG)
            for title, value, limit in zip(COLUMNS, values, LIMITS, strict=True)
            if len(value) > limit
        )
    if not findings:
        return Checked(values, findings)
    findings = _with_shapes(findings, layout.values(line) or [])
    if any(finding.severity is Severity.REFUSED for finding in findings):
        return Checked(None, findings)
    return Checked(values, findings)


def _with_shapes(findings: list[Finding], typed: list[str]) -> list[Finding]:
    """With what stood in the file: the checks tidy values in place."""
    return [replace(finding, masked=masked(typed[COLUMNS.index(finding.field)])) for finding in findings]


def _out(code: Code) -> Checked:
    return Checked(None, [refused("", code)])
