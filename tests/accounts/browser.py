"""A browser between the portal and the provider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
from django.conf import settings
from django.test import Client
from django.urls import reverse

from apps.accounts.models import SignInSession
from apps.audit.models import AuditEvent
from tests.simulators.process import Simulator

Answer = Any  # Django's test response: the client adds attributes that its type does not know


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """`sign_in` goes all the way; `start` and `come_back` are its halves."""

    client: Client
    simulator: Simulator

    def sign_in(self, *, next_url: str = "", **fields: str) -> Answer:
        return self.come_back(self.simulator.choose(self.start(next_url=next_url), **fields))

    def start(self, *, next_url: str = "") -> str:
        answer = self.client.post(reverse("accounts:fc_start"), {"next": next_url})
        assert answer.status_code == 302, answer.content
        return str(answer.headers["Location"])

    def come_back(self, address: httpx.URL, **changes: str) -> Answer:
        return self.client.get(address.path, {**dict(address.params), **changes})

    @property
    def key(self) -> str | None:
        """The session's key, as the cookie holds it."""
        cookie = self.client.cookies.get(settings.SESSION_COOKIE_NAME)
        return cookie.value if cookie and cookie.value else None

    @property
    def is_signed_in(self) -> bool:
        return "_auth_user_id" in self.client.session


def actions() -> list[tuple[str, str]]:
    """Lines of the trail in order: action and rule."""
    return list(AuditEvent.objects.order_by("at", "id").values_list("action", "rule"))


def signed_in_rows() -> int:
    return SignInSession.objects.exclude(user=None).count()
