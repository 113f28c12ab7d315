"""Invented populations in the shape of the eligibility file: deterministic, streaming (docs/demonstration.md)."""

from __future__ import annotations

from apps.rollout.population.plans import PopulationPlan
from apps.rollout.population.rows import COLUMNS, EligibilityRow, LabelledRow
from apps.rollout.population.writer import generate, write_file

__all__ = ["COLUMNS", "EligibilityRow", "LabelledRow", "PopulationPlan", "generate", "write_file"]
