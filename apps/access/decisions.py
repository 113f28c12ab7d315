"""Outcome of a policy, with the rule that decided; the rule goes into the audit line (ACC-37)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    """`allowed` and the id of the rule; true when allowed."""

    allowed: bool
    rule: str

    def __bool__(self) -> bool:
        return self.allowed

    def required(self) -> Decision:
        """This decision when it permits. Raises `AccessDeniedError` otherwise."""
        if not self.allowed:
            raise AccessDeniedError(self)
        return self


class AccessDeniedError(Exception):
    """The actor sees the row but may not do this; `decision` says by which rule."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.rule)
        self.decision = decision
