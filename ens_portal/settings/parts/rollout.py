"""The roll-out: secret of the codes of notices (SEC-06), length of the transition of older DMPs (SPA-21)."""

from __future__ import annotations

from ens_portal.settings import env
from ens_portal.settings.parts.paths import STATE_DIR

# Eligibility files: those that operators put there, and below `received` those that were uploaded (RO-02).
IMPORT_DIR = env.text("ENS_IMPORT_DIR", default=str(STATE_DIR / "imports"))
NOTICE_CODE_KEY = env.secret("ENS_NOTICE_CODE_KEY")
# Left to a decree, so there is no length by default: nobody is opened by silence (SPA-21).
DMP_TRANSITION_DAYS: int | None = env.number("ENS_DMP_TRANSITION_DAYS", default=0) or None
# Where people write to, line by line as on an envelope (SPA-02, O-10).
OPPOSITION_POSTAL_ADDRESS = env.names("ENS_OPPOSITION_POSTAL_ADDRESS")
# Maildir into which the mail system drops what comes back to ENS_MAIL_FROM (SPA-04).
BOUNCES_DIR = env.text("ENS_BOUNCES_DIR", default=str(STATE_DIR / "bounces"))
