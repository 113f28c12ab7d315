"""Reads of the roll-out: sums, curves, rates, and the proof that they agree (RO-01, RO-09, RO-10, ROL-22)."""

from __future__ import annotations

from apps.rollout.figures.differences import Difference, reconcile

__all__ = ["Difference", "reconcile"]
