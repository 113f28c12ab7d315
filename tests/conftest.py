"""The strict harness: each guard lives in tests/harness, where a test proves that it fails when it should."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import SimpleTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from apps.directory import trust
from tests.harness import broker
from tests.harness.client import PortalClient
from tests.harness.clock import NOON
from tests.harness.network import no_network
from tests.harness.queries import shuffler, strict_queries
from tests.harness.templates import strict_templates

# Machines of two cores run several suites at once: a slow example is no fault, a wrong one is.
hypothesis_settings.register_profile(
    "portal",
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
hypothesis_settings.load_profile("portal")
SimpleTestCase.client_class = PortalClient


@pytest.fixture(scope="session", autouse=True)
def _strict_run() -> Iterator[None]:
    """Guards that hold from the first test to the last, end-to-end journeys included."""
    with ExitStack() as guards:
        guards.enter_context(no_network())
        guards.enter_context(strict_queries())
        guards.enter_context(strict_templates())
        yield


@pytest.fixture(scope="session", autouse=True)
def _real_queue() -> Iterator[None]:
    """Tasks go to the broker of the run and are never executed in the caller; left-overs are thrown away at the end."""
    if getattr(settings, "CELERY_TASK_ALWAYS_EAGER", False):
        pytest.exit("CELERY_TASK_ALWAYS_EAGER is set: tests must queue like production")
    yield
    if broker.is_ours():
        broker.empty_queues()


@pytest.fixture(autouse=True)
def _no_list_of_another_test() -> None:
    """Whom a process believes stands in its memory for a minute."""
    trust.forget()


@pytest.fixture(autouse=True)
def _seeded_shuffle() -> None:
    """Unordered rows come in an order that the seed of the run decides."""
    shuffler.seed(random.getrandbits(64))


@pytest.fixture(autouse=True)
def _fresh_counters() -> None:
    """No test pays for the tries of another one (SEC-09)."""
    cache.clear()


@pytest.fixture
def at() -> datetime:
    return NOON


@pytest.fixture
def client() -> PortalClient:
    return PortalClient()


@pytest.fixture
def queue() -> Callable[[], list[broker.Message]]:
    """An empty broker; `queue()` gives the messages that wait."""
    broker.empty_queues()
    return broker.messages


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    seed = config.getoption("randomly_seed", None)
    if seed is not None:
        terminalreporter.write_line(f"random order: repeat it with --randomly-seed={seed}")
