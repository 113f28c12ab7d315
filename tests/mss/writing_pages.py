"""The page of an answer, as tests fill it in."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.mss.models import Draft, Thread
from apps.mss.services import drafting
from apps.spaces.models import HealthSpace
from tests.harness.client import PortalClient
from tests.mss.writing import JPEG, writer


def account(space: HealthSpace) -> User:
    return User.objects.get(pk=writer(space).user_id)


def page_of(thread: Thread, step: str = "") -> str:
    return reverse(f"mss:reply{step}", args=[thread.space_id, thread.id])


def hidden(response: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())
    return unescape(found[1]) if found else ""


def brought(page: Any) -> dict[str, str]:
    """What the form of writing sends beside what somebody writes."""
    return {name: hidden(page, name) for name in ("draft", "seen", "boxes")}


def checked(page: Any) -> dict[str, str]:
    """What the form of the check sends."""
    return {name: hidden(page, name) for name in ("draft", "seen", "pieces", "boxes", "a")}


def fill(client: PortalClient, thread: Thread, act: str = "envoyer", **fields: Any) -> Any:
    """Open the page, write, use a button."""
    page = client.get(page_of(thread))
    kept = brought(page)
    return client.post(page_of(thread), {**kept, "text": "Bonjour docteur.", "act": act, **fields})


def photo(data: bytes = JPEG, name: str = "genou.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def text_in(space: HealthSpace) -> str:
    return drafting.text_of(Draft.objects.get(space_id=space.id))


def count(client: PortalClient, path: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)
