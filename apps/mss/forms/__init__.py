"""Forms of the mailbox."""

from __future__ import annotations
