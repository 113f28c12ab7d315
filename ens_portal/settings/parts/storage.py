from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from ens_portal.settings import env
from ens_portal.settings.parts.paths import STATE_DIR

# Where encrypted contents lie: a folder that all processes share, or a bucket of an S3 service.
FILES_STORAGE = env.text("ENS_FILES_STORAGE", default="local", choices=("local", "s3"))
_FOLDER = {"location": env.text("ENS_FILES_DIR", default=str(STATE_DIR / "files"))}
_BUCKET = {
    "bucket_name": env.text("ENS_OBJECTS_BUCKET", default=""),
    "endpoint_url": env.text("ENS_OBJECTS_ENDPOINT", default="") or None,
    "region_name": env.text("ENS_OBJECTS_REGION", default="") or None,
    "access_key": env.secret("ENS_OBJECTS_ACCESS_KEY", default="", least=0) or None,
    "secret_key": env.secret("ENS_OBJECTS_SECRET_KEY", default="", least=0) or None,
}
if FILES_STORAGE == "s3" and not all(_BUCKET[name] for name in ("bucket_name", "access_key", "secret_key")):
    msg = "ENS_OBJECTS_BUCKET, ENS_OBJECTS_ACCESS_KEY or ENS_OBJECTS_SECRET_KEY is missing for ENS_FILES_STORAGE=s3"
    raise ImproperlyConfigured(msg)
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "apps.files.gateways.store_s3.ObjectStorage", "OPTIONS": _BUCKET}
    if FILES_STORAGE == "s3"
    else {"BACKEND": "apps.files.gateways.store_folder.FolderStorage", "OPTIONS": _FOLDER},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# 32 bytes in hexadecimal; wraps the key of every vault (architecture 3.11). Version of a key: its number, counted up.
FILES_MASTER_KEY = env.secret("ENS_FILES_MASTER_KEY")
FILES_MASTER_KEY_VERSION = env.number("ENS_FILES_MASTER_KEY_VERSION", default=1, least=1)
# The next one before a rotation, the former one during it (docs/domain/files.md).
FILES_SECOND_MASTER_KEY = env.secret("ENS_FILES_SECOND_MASTER_KEY", default="", least=0)
FILES_SECOND_MASTER_KEY_VERSION = env.number("ENS_FILES_SECOND_MASTER_KEY_VERSION", default=0)
_KEY = re.compile("[0-9a-fA-F]{64}")
if not _KEY.fullmatch(FILES_MASTER_KEY) or not _KEY.fullmatch(FILES_SECOND_MASTER_KEY or FILES_MASTER_KEY):
    msg = "ENS_FILES_MASTER_KEY and ENS_FILES_SECOND_MASTER_KEY are 64 hexadecimal digits each"
    raise ImproperlyConfigured(msg)
if FILES_SECOND_MASTER_KEY and FILES_SECOND_MASTER_KEY_VERSION in {0, FILES_MASTER_KEY_VERSION}:
    msg = f"ENS_FILES_SECOND_MASTER_KEY_VERSION={FILES_SECOND_MASTER_KEY_VERSION}: two keys need two numbers from 1"
    raise ImproperlyConfigured(msg)
# Outside systems, by dotted path (architecture 3.4).
GATEWAYS = {
    "scanner": env.text("ENS_SCANNER_GATEWAY"),
    "mss_relay": env.text("ENS_MSS_RELAY_GATEWAY", default="apps.mss.gateways.smtp.SmtpRelay"),
    "store_web": env.text("ENS_STORE_WEB_GATEWAY", default="apps.store.gateways.web.client.GuardedWeb"),
}
# For `apps.files.gateways.scanner_clamd.ClamdScanner`: path of a socket, or host:port. Its StreamMaxLength must not be
# less than ours.
CLAMD_ADDRESS = env.text("ENS_CLAMD_ADDRESS", default="/var/run/clamav/clamd.ctl")
CLAMD_SECONDS = env.number("ENS_CLAMD_SECONDS", default=60, least=1)
CLAMD_MAX_BYTES = env.number("ENS_CLAMD_MAX_BYTES", default=25_000_000, least=1_000_000)
