"""System checks of a deployment: mails leave encrypted, to a real relay, from one domain (SEC-30, SEC-29)."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import parseaddr
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register
def mail_is_safe(*, app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:  # noqa: ANN401, ARG001  Django's signature
    """E001: no TLS to the relay. E002: mails go nowhere. E003: the sender is no address."""
    if settings.ENS_ENV != "production":
        return []
    found: list[CheckMessage] = []
    if not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL):
        found.append(Error("Mails would leave unencrypted: EMAIL_USE_TLS is off.", id="notifications.E001"))
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        found.append(Error("Mails would not leave: EMAIL_BACKEND is not SMTP.", id="notifications.E002"))
    if "@" not in parseaddr(settings.DEFAULT_FROM_EMAIL)[1]:
        found.append(Error("ENS_MAIL_FROM is no address.", id="notifications.E003"))
    return found
