"""What ends the demonstration early; raised in several modules, hence of a module of its own."""

from __future__ import annotations


class DemonstrationError(Exception):
    """The demonstration cannot start or go on; the text is for the person at the terminal."""
