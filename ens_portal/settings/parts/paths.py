from __future__ import annotations

from pathlib import Path

from ens_portal.settings import env

BASE_DIR = Path(__file__).resolve().parents[3]
STATE_DIR = BASE_DIR / env.text("ENS_STATE_DIR", default=".ens")  # a relative one is the checkout's
