"""Measures of the work that grows with the population. They give ratios, so that machines can be compared; no test."""

from __future__ import annotations
