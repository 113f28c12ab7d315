from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings


@pytest.fixture(autouse=True)
def heads_dir(settings: LazySettings, tmp_path: Path) -> Iterator[Path]:
    """Exported heads of this test alone."""
    settings.AUDIT_HEADS_DIR = str(tmp_path / "heads")
    return tmp_path / "heads"
