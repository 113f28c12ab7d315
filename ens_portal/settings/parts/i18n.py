from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ens_portal.settings.parts.paths import BASE_DIR

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Paris"
