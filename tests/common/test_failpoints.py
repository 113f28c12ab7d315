from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from django.core import checks

from apps.common import failpoints
from apps.common.checks import no_failpoint_is_set
from tests.architecture.sources import ROOT

LOOP = """
import django; django.setup()
from apps.common.failpoints import reach
for number in range(1, 4):
    print(number, flush=True)
    reach("test.loop.place")
"""


def run(failpoints_set: str) -> tuple[int, str]:
    """Exit code and output of a process that reaches the point three times."""
    done = subprocess.run(
        [sys.executable, "-c", LOOP],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "ens_portal.settings", "ENS_FAILPOINTS": failpoints_set},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout.replace("\n", "")


@pytest.mark.parametrize(
    ("failpoints_set", "outcome"),
    [
        ("", (0, "123")),
        ("test.loop.other", (0, "123")),
        ("test.loop.place", (-signal.SIGKILL, "1")),
        ("test.loop.other,test.loop.place@3", (-signal.SIGKILL, "123")),
        ("test.loop.place@4", (0, "123")),
    ],
)
def test_a_process_dies_at_the_named_point_and_time(failpoints_set, outcome):
    assert run(failpoints_set) == outcome


class TestProduction:
    @pytest.fixture(autouse=True)
    def production(self, settings):
        settings.ENS_ENV = "production"
        settings.FAILPOINTS = ["test.loop.place"]

    def test_sec_29_a_failpoint_is_refused_by_a_check(self):
        (error,) = no_failpoint_is_set(app_configs=None)
        assert (error.id, error.level) == ("common.E002", checks.ERROR)

    def test_sec_29_a_failpoint_does_nothing(self):
        failpoints.reach("test.loop.place")  # this process would be dead


def test_sec_29_the_check_is_silent_without_failpoints(settings):
    settings.ENS_ENV, settings.FAILPOINTS = "production", []
    assert no_failpoint_is_set(app_configs=None) == []
