"""The store with 10,000 dossiers: pages of the back office, and how fast dossiers are carried on beside bare Celery."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, cast

from amqp.exceptions import ChannelError
from celery import current_app
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.access import Role
from apps.accounts.levels import TWO_FACTORS
from apps.accounts.models import StaffMembership, User
from apps.accounts.sessions import LEVEL, ROLE, SessionStore
from apps.store.jobs import surveying
from apps.store.models import Candidacy, CandidacyStep, ConflictDeclaration
from apps.store.policies import REVIEW
from apps.store.states import Status
from apps.store.tasks import advance
from benchmarks.nothing import nothing
from benchmarks.store_listings import fill_listings
from benchmarks.store_rows import carried_on, fill

DOSSIERS = 10_000
CARRIED, STEPS, BARE = 1_000, 6, 3_000
GOAL_QUERIES, GOAL_MS, GOAL_SHARE, GOAL_ONE_MS, GOAL_SWEEP = 12, 50, 40, 60, 10
LISTS = (
    ("review_queue", "queue"), ("live_services", "services"), ("reports", "reports"), ("commission", "commission"),
    ("review_stats", "statistics"),
)  # fmt: skip
OF_ONE = (
    ("review_case", "dossier"), ("criteria_grid", "grid"), ("case_checks", "checks"), ("opinion", "report"),
    ("case_exchange", "exchange"), ("case_history", "history"), ("decide", "decision"),
)  # fmt: skip
PATIENCE = 300.0


def measure(dossiers: int = DOSSIERS) -> Iterator[str]:
    """Lines of the result; static files are collected in the state folder of this process."""
    call_command("collectstatic", interactive=False, verbosity=0)
    start = time.perf_counter()
    rows = fill(dossiers)
    yield f"store: {rows} in {time.perf_counter() - start:.0f} s"
    yield from _carrying()
    yield from _pages()
    yield from _surveying(dossiers)


def _surveying(number: int) -> Iterator[str]:
    due = fill_listings(number)
    start = time.perf_counter()
    done = surveying.survey(at=timezone.now())
    spent = time.perf_counter() - start
    start = time.perf_counter()
    surveying.survey(at=timezone.now())
    again = time.perf_counter() - start
    yield (
        f"store: sweep of {number} listings, {due} of them due: {spent:.1f} s (goal {GOAL_SWEEP}), "
        f"{done['suspended']} suspended; {again:.2f} s when nothing is due"
    )


def _pages() -> Iterator[str]:
    user = User.objects.create(password="!", email="mesure@demo.example")  # noqa: S106  a mark that no password fits
    now = timezone.now()
    for role in REVIEW:
        StaffMembership.objects.create(user=user, role=role, started_at=now - timedelta(days=1))
    case = Candidacy.objects.filter(status=Status.ASSESSMENT).order_by("id")[5]
    ConflictDeclaration.objects.create(candidacy=case, user=user, has_link=False, at=now)
    client = Client(HTTP_HOST="localhost")
    client.cookies[settings.SESSION_COOKIE_NAME] = _signed_in(user)
    pages = [(reverse(f"store:{name}"), words) for name, words in LISTS]
    pages += [(reverse(f"store:{name}", args=[case.pk]), words) for name, words in OF_ONE]
    for path, words in pages:
        first = client.get(path)  # what a process learns once
        path = first.headers.get("Location", path)  # noqa: PLW2901  the grid leads to its first criterion
        with CaptureQueriesContext(connection) as queries:
            page = client.get(path)
        if page.status_code != 200:  # noqa: PLR2004
            yield f"store: page {words} answers {page.status_code}"
            continue
        spent = sum(float(query["time"]) for query in queries) * 1e3
        yield (
            f"store: page {words}: {len(queries)} statements (goal {GOAL_QUERIES}), {spent:.0f} ms of the database "
            f"(goal {GOAL_MS})"
        )


def _carrying() -> Iterator[str]:
    with _worker():
        bare = _rate(lambda: [nothing.delay() for _ in range(BARE)], BARE, _nothing_waits)
        dossiers = carried_on(CARRIED, STEPS)
        steps = _rate(lambda: [advance.delay(candidacy_id=str(one)) for one in dossiers], CARRIED * STEPS, _all_done)
        alone = [_alone() for _ in range(20)]
    share = 100 * steps / bare
    yield (
        f"store: {CARRIED} dossiers through {STEPS} instant steps: {steps:.0f} steps/s, Celery moves {bare:.0f} "
        f"tasks/s that do nothing: {share:.0f} % (goal {GOAL_SHARE}); one dossier alone in "
        f"{statistics.median(alone):.0f} ms (goal {GOAL_ONE_MS})"
    )


def _rate(begin: Callable[[], object], number: int, is_over: Callable[[], bool]) -> float:
    start = time.perf_counter()
    begin()
    _wait(is_over, every=0.05)  # asked more often, the asking itself takes the processor
    return number / (time.perf_counter() - start)


def _wait(is_over: Callable[[], bool], *, every: float = 0.002) -> None:
    end = time.monotonic() + PATIENCE
    while not is_over():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(every)


def _nothing_waits() -> bool:
    with current_app.connection_for_read() as link:
        channel = cast("Any", link.default_channel)  # kombu's stubs know no queue
        try:
            return bool(channel.queue_declare("review", passive=True).message_count == 0)
        except ChannelError:
            return True  # the broker has no list that is empty


def _all_done() -> bool:
    waits = CandidacyStep.objects.filter(state__in=(CandidacyStep.State.DUE, CandidacyStep.State.RUNNING))
    return not waits.filter(round=1).exists()


def _alone() -> float:
    one = carried_on(1, STEPS)[0]
    steps = CandidacyStep.objects.filter(candidacy_id=one).exclude(state=CandidacyStep.State.DONE)
    start = time.perf_counter()
    advance.delay(candidacy_id=str(one))
    _wait(lambda: not steps.exists())
    return (time.perf_counter() - start) * 1e3


@contextmanager
def _worker() -> Iterator[None]:
    """The worker of the checks as `make run` starts it, with one task more that does nothing."""
    command = (
        sys.executable, "-m", "celery", "--quiet", "--broker", "", "-A", "ens_portal", "worker", "--queues", "review",
        "--concurrency", "1", "--pool", "prefork", "--include", "benchmarks.nothing", "--loglevel", "ERROR",
        "--without-gossip", "--without-mingle",
    )  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        time.sleep(4)  # until it has begun
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _signed_in(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[LEVEL], session[ROLE] = TWO_FACTORS, Role.STAFF.value
    session.create()
    return session.session_key or ""
