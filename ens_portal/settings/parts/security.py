from __future__ import annotations

from ens_portal.settings import env

SECRET_KEY = env.secret("SECRET_KEY", least=50)  # Django's own measure of a deployment
SECRET_KEY_FALLBACKS = env.names("SECRET_KEY_FALLBACKS", default="")
ALLOWED_HOSTS = env.names("ENS_ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.names("ENS_TRUSTED_ORIGINS", default="")
PORTAL_URL = env.text("ENS_PORTAL_URL")
METRICS_TOKEN = env.secret("ENS_METRICS_TOKEN", default="")

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^-/"]  # probes come over plain http on the internal network
SECURE_HSTS_SECONDS = 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# 0 = no proxy in front; with a proxy, the number of hops whose X-Forwarded-* is believed (SEC-09).
TRUSTED_PROXY_COUNT = env.number("ENS_TRUSTED_PROXY_COUNT")
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # the provider's redirect back must carry it
# An outcome that waits for its page ends with the session; in a cookie it would greet the next person (SEC-16).
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_COOKIE_SECURE = True
CSRF_USE_SESSIONS = True
CSRF_FAILURE_VIEW = "apps.ui.errors.csrf_failure"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",  # Argon2id (SEC-18)
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 1800

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [
    "apps.common.uploads.SizeGuard",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# By name of the address; "" is for all others.
UPLOAD_LIMITS = {"": 25_000_000, "rollout:import_new": 2_000_000_000}
