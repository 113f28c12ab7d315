"""Settings of the test suite: the demonstration's simulated world, stricter templates, quick storage."""

from __future__ import annotations

from ens_portal.settings.demo import *

SESSION_COOKIE_NAME = "ens-session"
MAIL_GROUPING_MINUTES = 60
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
AUDIT_HEADS_DIR = "/dev/null/audit-heads"  # a test that seals has a folder of its own
