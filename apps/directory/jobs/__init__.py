"""What machines carry on: staging and applying an extract of the national directory."""

from __future__ import annotations
