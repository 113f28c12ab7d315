"""The store: how its checks reach the internet (STO-110, STO-113), and thresholds of checks."""

from __future__ import annotations

from ens_portal.settings import env
from ens_portal.settings.parts.paths import STATE_DIR

# Resolvers of the checks; none: that of the machine.
STORE_DNS_SERVERS = env.names("ENS_STORE_DNS_SERVERS", default="")
# Ports of https that candidates may name; the first is the usual one.
STORE_HTTPS_PORTS = (443, 8443) if env.flag("ENS_STORE_ALTERNATIVE_PORT", default=False) else (443,)
# Names and places of the simulated sites; read by `gateways.web.demonstration` alone.
STORE_DEMONSTRATION_SITES = env.text("ENS_STORE_DEMONSTRATION_SITES", default=str(STATE_DIR / "candidate-site.json"))
# Copy of the list of certified hosts of health data (STO-99); without one, that check says that it could not run.
STORE_HDS_LIST = env.text("ENS_STORE_HDS_LIST", default="")
# Evidence and certificates that end in fewer days are flagged (STO-99, STO-108); how long a penetration test is recent.
STORE_ENDS_SOON_DAYS = 60
STORE_AUDIT_MONTHS = 18
# Pictures of the public page: bytes, side of a logo, shorter side of a screenshot (STO-100); bytes of a PDF (STO-30).
STORE_IMAGE_BYTES = 5_000_000
STORE_LOGO_SIDE = 512
STORE_SCREENSHOT_SIDE = 1080
STORE_PDF_BYTES = 20_000_000
# [proposal] So many founded reports of users within so many days bring a service before the desk (STO-42).
STORE_REPORTS_FOR_DESK = env.number("ENS_STORE_REPORTS_FOR_DESK", default=3)
STORE_REPORTS_DAYS = env.number("ENS_STORE_REPORTS_DAYS", default=90)
# [proposal] A renewal may be begun so many months before the end of the agreement (STO-43, PU-11).
STORE_RENEWAL_MONTHS = env.number("ENS_STORE_RENEWAL_MONTHS", default=3)
# The papers of a session of the commission leave so many days before it (STO-58); sessions are planned at least as
# far ahead. A demonstration does not wait.
STORE_PAPERS_DAYS = env.number("ENS_STORE_PAPERS_DAYS", default=7)
