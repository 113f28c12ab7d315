"""What makes a line of the eligibility file right or wrong: pure, no row, no query (ROL-10, ROL-11)."""

from __future__ import annotations
