"""Reading and showing CDA R2 documents: `read_cda`, `xds_metadata`, `render_document`, `render_header`."""

from __future__ import annotations
