"""The door of the mailbox: where it listens, whom it believes, and how much it holds (MSS-04, decisions 23)."""

from __future__ import annotations

from ens_portal.settings import env

MSS_DOOR_HOST = env.text("ENS_SMTP_HOST", default="127.0.0.1")
MSS_DOOR_PORT = env.number("ENS_SMTP_PORT", default=2525, least=1)
MSS_DOOR_NAME = env.text("ENS_SMTP_NAME", default="localhost")  # how the door names itself to operators
# Paths of PEM files: the one authority whose certificates are believed, our certificate and its key.
MSS_DOOR_CA = env.text("ENS_SMTP_CA", default="")
MSS_DOOR_CERTIFICATE = env.text("ENS_SMTP_CERTIFICATE", default="")
MSS_DOOR_KEY = env.text("ENS_SMTP_KEY", default="")
MSS_DOOR_CONNECTIONS = env.number("ENS_SMTP_CONNECTIONS", default=1_000, least=1)
MSS_DOOR_CONNECTIONS_AN_ADDRESS = env.number("ENS_SMTP_CONNECTIONS_AN_ADDRESS", default=100, least=1)
MSS_DOOR_RECIPIENTS = env.number("ENS_SMTP_RECIPIENTS", default=100, least=100)  # RFC 5321 4.5.3.1.8: 100 at least
MSS_DOOR_REFUSALS = env.number("ENS_SMTP_REFUSALS", default=50, least=1)  # recipients in a connection [proposal]
MSS_DOOR_IDLE_SECONDS = env.number("ENS_SMTP_IDLE_SECONDS", default=60, least=1)
MSS_DOOR_MESSAGE_SECONDS = env.number("ENS_SMTP_MESSAGE_SECONDS", default=900, least=1)
MSS_DOOR_MEMORY_BYTES = env.number("ENS_SMTP_MEMORY_BYTES", default=100_000_000, least=1_000_000)
# A trace of a delivery (who handed in, when, how large) is kept so long after the message was filed [proposal]. It
# tells repetitions, which servers go on with for some days (RFC 5321 4.5.4.1).
MSS_ARRIVAL_DAYS = env.number("ENS_MSS_ARRIVAL_DAYS", default=90, least=30)
MSS_DOOR_READERS = env.number("ENS_SMTP_READERS", default=4, least=1)  # threads that ask the database
