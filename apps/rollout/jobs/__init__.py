"""What machines carry on: staging and applying an eligibility file, opening spaces."""

from __future__ import annotations
