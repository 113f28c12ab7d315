"""A mailbox of 5,000 conversations: its list over HTTP, and how many statements it takes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.access import Role
from apps.accounts.models import User
from apps.accounts.sessions import LEVEL, ROLE, SessionStore
from apps.common.ids import uuid7
from apps.mss.models import Correspondent, Message, Thread
from apps.spaces.models import HealthSpace
from benchmarks.holders import person_of
from benchmarks.serving import serving

THREADS = 5_000
FEW = 1
ASKED = 200
GOAL = 20  # milliseconds: what Roundcube takes on two cores
_NUMBER = "2840644288001"


def measure(folder: Path) -> Iterator[str]:
    """Lines of the result; `folder` is the state folder of this process, static files are collected in it."""
    space = _space()
    user = User.objects.create(identity=space.identity, password="!")  # noqa: S106  a mark that no password fits
    key = _signed_in(user)
    address = reverse("mss:thread_list", args=[space.id])
    _fill(space.id, FEW)
    with serving(folder) as url, httpx.Client(base_url=url) as client:
        few = _statements(address, key)
        _fill(space.id, THREADS - FEW)
        many = _statements(address, key)
        client.cookies.set(f"ens-session-{url.rpartition(':')[2]}", key)  # demo.py: each port has its own
        times = sorted(_seconds(client, address) for _ in range(ASKED))
        last = sorted(_seconds(client, f"{address}?page={THREADS // 20}") for _ in range(ASKED))
    yield (
        f"inbox of {THREADS} conversations: list in {statistics.median(times) * 1e3:.0f} ms (goal {GOAL}), 99 % within "
        f"{times[ASKED * 99 // 100] * 1e3:.0f} ms, its last page in {statistics.median(last) * 1e3:.0f} ms; "
        f"{many} statements, {few} with {FEW} conversation"
    )


def _seconds(client: httpx.Client, address: str) -> float:
    start = time.perf_counter()
    page = client.get(address)
    if page.status_code != httpx.codes.OK or "Vos analyses" not in page.text:
        msg = f"{page.status_code} {address}"
        raise RuntimeError(msg)
    return time.perf_counter() - start


def _statements(address: str, key: str) -> int:
    client = Client(HTTP_HOST="localhost")
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    client.get(address)  # what a process learns once
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def _fill(space_id: UUID, count: int) -> None:
    """Two messages a conversation; every tenth one is unread."""
    now = timezone.now()
    box = Correspondent.objects.create(
        space_id=space_id, address=f"{uuid7()}@pro.mssante.example", display_name="Dr Karim Benali"
    )
    threads = [
        Thread(space_id=space_id, subject=f"Vos analyses {number}", started_at=now - timedelta(minutes=number),
               last_at=now - timedelta(minutes=number), messages=2, unread=2 * (number % 10 == 0))
        for number in range(count)
    ]  # fmt: skip
    Thread.objects.bulk_create(threads, batch_size=1_000)
    messages = [
        Message(space_id=space_id, thread_id=thread.id, direction=Message.Direction.RECEIVED,
                message_id=f"{thread.id}.{number}@pro.mssante.example", correspondent_id=box.id,
                subject=thread.subject, received_at=thread.last_at, read_at=None if thread.unread else now)
        for thread in threads
        for number in range(2)
    ]  # fmt: skip
    Message.objects.bulk_create(messages, batch_size=1_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE mss_thread, mss_message, mss_correspondent")


def _space() -> HealthSpace:
    now = timezone.now()
    return HealthSpace.objects.create(identity=person_of(_NUMBER), opened_at=now, account_activated_at=now)


def _signed_in(user: User) -> str:
    """Key of a session that FranceConnect opened."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[LEVEL], session[ROLE] = "eidas2", Role.HOLDER.value
    session.create()
    return session.session_key or ""
