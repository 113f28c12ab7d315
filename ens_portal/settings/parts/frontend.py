from __future__ import annotations

from ens_portal.settings import env
from ens_portal.settings.parts.paths import BASE_DIR, STATE_DIR

STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["png", "jpg", "gif", "webp", "woff", "woff2", "zip", "gz", "br", "svg"]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Findings of front-end.md 6.2: escape by default, no integrity attributes beside hashed names, mark optional fields.
DSFR_CONTENT_IS_SAFE = False
DSFR_USE_INTEGRITY_CHECKSUMS = False
DSFR_MARK_OPTIONAL_FIELDS = True

# Marks of the State are for authorised entities only (front-end.md 6.3).
STATE_BRANDING = env.flag("ENS_STATE_BRANDING", default=False)
SUPPORT_PHONE = env.text("ENS_SUPPORT_PHONE", default="02 61 91 40 40")
ACCESSIBILITY_STATE = env.text(
    "ENS_ACCESSIBILITY_STATE",
    default="non conforme",
    choices=("non conforme", "partiellement conforme", "totalement conforme"),
)
