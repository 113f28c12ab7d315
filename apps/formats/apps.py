from __future__ import annotations

from django.apps import AppConfig


class FormatsConfig(AppConfig):
    name = "apps.formats"
