"""Formats of documents: hardened XML, media types, CDA to values and to accessible HTML."""

from __future__ import annotations

import logging

# pikepdf tells at import, at level INFO, that its logger works: a line on the standard error of every command.
logging.getLogger("pikepdf").setLevel(logging.WARNING)
