"""A sealer that is killed leaves neither a double nor a hole."""

from __future__ import annotations

import os
import random
import subprocess
import sys

import pytest
from django.db import connection
from django.utils import timezone

from apps.access import SYSTEM
from apps.audit import jobs
from apps.audit.models import AuditEvent, AuditSeal, UnsealedLine
from apps.audit.services import Line, record
from apps.audit.verification import Proof, faults
from apps.common.ids import uuid7
from apps.common.locks import advisory_lock
from tests.architecture.sources import ROOT
from tests.harness.clock import NOON

KILLS = 100
LINES = 3_000


@pytest.mark.django_db(transaction=True)
def test_sec_13_a_sealer_killed_a_hundred_times_leaves_no_double_and_no_hole(heads_dir):
    scopes = [uuid7() for _ in range(7)]
    for number in range(LINES):
        record(actor=SYSTEM, at=NOON, line=Line(action="a.b.c", scope_id=scopes[number % 7]))

    killed = run(str(heads_dir), KILLS)

    assert killed == KILLS
    with advisory_lock(jobs.LOCK, wait=True):
        sealed = AuditSeal.objects.count()
    jobs.seal(at=timezone.now())
    proof = Proof()
    assert list(faults(proof=proof, at=timezone.now())) == []
    assert 0 < sealed < LINES
    assert (proof.lines, proof.chains) == (LINES, 7)
    assert AuditSeal.objects.values("scope_id", "line_id").distinct().count() == AuditEvent.objects.count() == LINES
    assert not UnsealedLine.objects.exists()


def run(heads: str, times: int) -> int:
    arguments = [connection.settings_dict["NAME"], heads, str(times), str(random.getrandbits(32))]
    done = subprocess.run(
        [sys.executable, "-m", "tests.audit.killed", *arguments],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "ens_portal.settings.test"},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    return int(done.stdout)
