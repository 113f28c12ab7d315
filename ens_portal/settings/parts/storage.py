from __future__ import annotations

from typing import Any

from ens_portal.settings import env
from ens_portal.settings.parts.paths import STATE_DIR

STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": env.text("ENS_FILES_DIR", default=str(STATE_DIR / "files"))},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# 32 bytes in hexadecimal; wraps the key of every vault (architecture 3.11).
FILES_MASTER_KEY = env.secret("ENS_FILES_MASTER_KEY")
# Outside systems, by dotted path (architecture 3.4).
GATEWAYS = {"scanner": env.text("ENS_SCANNER_GATEWAY")}
