"""Values of the domain rules that a deployment may set. The rule stands in docs/domain."""

from __future__ import annotations

from ens_portal.settings import env

# Authorities (OID) of an INS that imports and deposits accept; the real NIR only in production (IDN-05, decisions 28).
INS_AUTHORITIES = env.names("ENS_INS_AUTHORITIES", default="1.2.250.1.213.1.4.8,1.2.250.1.213.1.4.9")
# Six weeks by law (SPA-03): an administrator may lengthen the window, never shorten it.
OPPOSITION_WINDOW_DAYS = env.number("ENS_OPPOSITION_WINDOW_DAYS", default=42, least=42)
# Both labels of a document together are refused while the DMP's parameter is false (DMP-35).
DMP_ALLOW_ANNOUNCEMENT_AND_HIDING = env.flag("ENS_DMP_ALLOW_ANNOUNCEMENT_AND_HIDING", default=False)
DMP_MAX_DOCUMENT_BYTES = env.number("ENS_DMP_MAX_DOCUMENT_BYTES", default=20_000_000, least=1_000_000)
# A full load of the directory that would end more than this share of the professionals is refused (DIR-06).
DIRECTORY_MAX_DROP_PERCENT = env.number("ENS_DIRECTORY_MAX_DROP_PERCENT", default=2)
# An invitation of a relative or of a second parent that nobody answered expires after so many days [proposal] (SPA-54).
INVITATION_DAYS = env.number("ENS_INVITATION_DAYS", default=15, least=1)
# Domain of the addresses of patients (MSS-10), and largest message with its attachments, in bytes (decisions 23).
MSS_PATIENT_DOMAIN = env.text("ENS_MSS_PATIENT_DOMAIN", default="patient.mssante.fr").lower()
MSS_MAX_MESSAGE_BYTES = env.number("ENS_MSS_MAX_MESSAGE_BYTES", default=25_000_000, least=100_000)
# What one box may hold, in bytes, before the door asks to try again later (452 4.2.2) [proposal].
MSS_BOX_BYTES = env.number("ENS_MSS_BOX_BYTES", default=2_000_000_000, least=50_000_000)
# The white list of the trust space is good for so many days after its date; alarm when it was not brought in, or will
# expire, for so many hours; a list that lacks more than this share of the domains is refused (MSS-03) [proposal].
MSS_TRUST_DAYS = env.number("ENS_MSS_TRUST_DAYS", default=14, least=1)
MSS_TRUST_ALARM_HOURS = env.number("ENS_MSS_TRUST_ALARM_HOURS", default=48, least=1)
MSS_TRUST_MAX_DROP_PERCENT = env.number("ENS_MSS_TRUST_MAX_DROP_PERCENT", default=10)
