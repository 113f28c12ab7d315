from __future__ import annotations

from ens_portal.settings import env

# Points where processes die on purpose, for `make faults`; a system check refuses them in production (SEC-29).
FAILPOINTS = env.names("ENS_FAILPOINTS", default="")
