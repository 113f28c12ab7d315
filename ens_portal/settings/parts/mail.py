from __future__ import annotations

from urllib.parse import urlsplit

from ens_portal.settings import env
from ens_portal.settings.parts.security import PORTAL_URL

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.text("ENS_MAIL_HOST")
EMAIL_PORT = env.number("ENS_MAIL_PORT", default=587, least=1)
EMAIL_HOST_USER = env.text("ENS_MAIL_USER", default="")
EMAIL_HOST_PASSWORD = env.secret("ENS_MAIL_PASSWORD", default="", least=0)
EMAIL_USE_TLS = True
EMAIL_USE_SSL = False
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("ENS_MAIL_FROM")
MAIL_DOMAIN = urlsplit(PORTAL_URL).hostname or "localhost"
MAIL_GROUPING_MINUTES = env.number("ENS_MAIL_GROUPING_MINUTES", default=60, least=1)
NOTICE_RETENTION_DAYS = env.number("ENS_NOTICE_RETENTION_DAYS", default=365, least=30)
