"""Samples and cases that stand beside this checkout on the developers' machines; tests that need them skip
elsewhere.
"""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="shared samples are not beside this checkout")


def shared(name: str) -> Path:
    """Path of one file or folder of the shared material, whether it is there or not."""
    return SHARED / name
