"""The operator that takes the mails of the secure mailbox (MSS-04)."""

from __future__ import annotations

from ens_portal.settings import env

# Without a host nothing leaves: mails wait in the queue, and metrics tell how long.
MSS_RELAY_HOST = env.text("ENS_MSS_RELAY_HOST", default="")
MSS_RELAY_PORT = env.number("ENS_MSS_RELAY_PORT", default=25, least=1)
_OPEN = ("none",) if env.text("ENS_ENV", choices=env.ENVIRONMENTS) != "production" else ()
MSS_RELAY_TLS = env.text("ENS_MSS_RELAY_TLS", default="starttls", choices=("starttls", "implicit", *_OPEN))
# Paths of PEM files: the one authority that is believed, our certificate and its key.
MSS_RELAY_CA = env.text("ENS_MSS_RELAY_CA", default="")
MSS_RELAY_CERTIFICATE = env.text("ENS_MSS_RELAY_CERTIFICATE", default="")
MSS_RELAY_KEY = env.text("ENS_MSS_RELAY_KEY", default="")
# X-MSS-NIL of what we send (MSS-34): product reference of the sending software.
MSS_SOFTWARE = env.text("ENS_MSS_SOFTWARE", default="ens-portal")
