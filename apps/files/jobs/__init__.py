"""What machines carry on with stored files: the antivirus check, the rotation of the master key."""

from __future__ import annotations

from apps.files.jobs.scanning import LOST_BYTES, bytes_of, scan, sweep, waiting

__all__ = ["LOST_BYTES", "bytes_of", "scan", "sweep", "waiting"]
