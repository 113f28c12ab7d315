"""Clinical documents written for the demonstration, as CDA R2 in the shape of the CI-SIS (DMP-80..91)."""

from __future__ import annotations

from apps.journeys.demonstration.documents.building import build
from apps.journeys.demonstration.documents.catalogue import DOCUMENTS, DemoDocument

__all__ = ["DOCUMENTS", "DemoDocument", "build"]
