"""What people do in a mailbox."""

from __future__ import annotations
