"""Settings of production; demo.py and test.py say what differs. Every variable stands in docs/configuration.md."""

from __future__ import annotations

from ens_portal.settings import env
from ens_portal.settings.parts.audit import *
from ens_portal.settings.parts.background import *
from ens_portal.settings.parts.csp import *
from ens_portal.settings.parts.database import *
from ens_portal.settings.parts.faults import *
from ens_portal.settings.parts.frontend import *
from ens_portal.settings.parts.i18n import *
from ens_portal.settings.parts.identity import *
from ens_portal.settings.parts.limits import *
from ens_portal.settings.parts.logs import *
from ens_portal.settings.parts.mail import *
from ens_portal.settings.parts.mss_door import *
from ens_portal.settings.parts.mss_relay import *
from ens_portal.settings.parts.paths import *
from ens_portal.settings.parts.rest import *
from ens_portal.settings.parts.rollout import *
from ens_portal.settings.parts.rules import *
from ens_portal.settings.parts.security import *
from ens_portal.settings.parts.storage import *
from ens_portal.settings.parts.store import *

ENS_ENV = env.text("ENS_ENV", choices=env.ENVIRONMENTS)
DEBUG = False

INSTALLED_APPS = [
    "apps.ui",
    "dsfr",  # before django.forms, or radios fall back to naked inputs (front-end.md 6.2, 5)
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "apps.ui.staticfiles.PortalStaticFilesConfig",
    "csp",
    "django_structlog",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "apps.common",
    "apps.access",
    "apps.formats",
    "apps.audit",
    "apps.files",
    "apps.directory",
    "apps.accounts",
    "apps.notifications",
    "apps.spaces",
    "apps.dmp",
    "apps.mss",
    "apps.rollout",
    "apps.store",
    "apps.journeys",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "apps.ui.middleware.SecurityHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.accounts.middleware.SessionRulesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "apps.ui.middleware.ErrorPagesMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "apps.spaces.middleware.SpaceMiddleware",
    "apps.files.middleware.StoreUnavailableMiddleware",
]

ROOT_URLCONF = "ens_portal.urls"
WSGI_APPLICATION = "ens_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.journeys.frame.frame",
            ],
        },
    },
]
