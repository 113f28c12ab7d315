"""Seals of the trail (SEC-13): their secret and the place of the exported heads, both outside the database."""

from __future__ import annotations

from ens_portal.settings import env
from ens_portal.settings.parts.paths import STATE_DIR

AUDIT_KEY = env.secret("ENS_AUDIT_KEY")
# Still proves old seals after a change of the secret; never seals.
AUDIT_KEY_FORMER = env.secret("ENS_AUDIT_KEY_FORMER", default="", least=0)
AUDIT_HEADS_DIR = env.text("ENS_AUDIT_HEADS_DIR", default=str(STATE_DIR / "audit-heads"))
