"""The roll-out: secret of the codes of notices (SEC-06)."""

from __future__ import annotations

from ens_portal.settings import env

NOTICE_CODE_KEY = env.secret("ENS_NOTICE_CODE_KEY")
