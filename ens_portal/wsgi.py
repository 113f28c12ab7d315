"""WSGI entry point; the process belongs to the web unless ENS_PROCESS says otherwise."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ens_portal.settings")
os.environ.setdefault("ENS_PROCESS", "web")

application = get_wsgi_application()
