"""What holds for the whole run: warnings, order, time, queues."""

from __future__ import annotations

import random
import subprocess
import sys
import warnings
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import SimpleTestCase

from tests.harness.client import PortalClient

HERE = Path(__file__).parent


def test_warnings_are_errors():
    with pytest.raises(DeprecationWarning, match="old"):
        warnings.warn("old", DeprecationWarning, stacklevel=1)


def test_one_message_of_django_dsfr_is_let_through():
    warnings.warn("set DSFR_MARK_OPTIONAL_FIELDS", UserWarning, stacklevel=1)


def test_order_is_random_and_its_seed_is_printed(pytestconfig):
    seed = pytestconfig.getoption("randomly_seed")

    assert isinstance(seed, int)


def test_a_run_prints_its_seed_even_when_quiet():
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider", "--randomly-seed=42"]

    done = subprocess.run([*command, f"{HERE}/test_pages.py"], capture_output=True, text=True, timeout=120, check=False)

    assert "repeat it with --randomly-seed=42" in done.stdout


def test_the_seed_decides_what_is_random():
    first = random.getrandbits(64)
    random.seed(first)

    assert random.random() == random.Random(first).random()


def test_noon_is_an_aware_instant(at):
    assert at == datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_every_way_to_a_client_is_strict(client):
    assert isinstance(client, PortalClient)
    assert SimpleTestCase.client_class is PortalClient


def test_tasks_are_never_executed_in_the_caller():
    assert not getattr(settings, "CELERY_TASK_ALWAYS_EAGER", False)
