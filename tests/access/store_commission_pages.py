"""Who may reach the pages of this family of the store (SEC-01)."""

from __future__ import annotations

from tests.access.lines import Line

LINES: dict[str, Line] = {}
