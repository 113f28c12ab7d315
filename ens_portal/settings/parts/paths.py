from __future__ import annotations

from pathlib import Path

from ens_portal.settings import env

BASE_DIR = Path(__file__).resolve().parents[3]
STATE_DIR = Path(env.text("ENS_STATE_DIR", default=str(BASE_DIR / ".ens")))
