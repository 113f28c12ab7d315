"""REL-02: kills of the sealer leave every line sealed once, in chains without a hole (SEC-13)."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.utils import timezone

from apps.access import SYSTEM
from apps.audit import services
from apps.audit.models import AuditSeal
from apps.audit.services import AuditEvent, Line, record_many
from apps.common.invariants import findings
from tests.faults.processes import KILLS, Machine

pytestmark = pytest.mark.faults
LINES = 30  # before each kill, ten a scope


def broken() -> dict[str, int]:
    return {one.name: one.count for one in findings(at=timezone.now()) if one.name.startswith("audit.") and one.count}


@pytest.mark.parametrize("point", ["audit.seal.before_commit", "audit.seal.before_export"])
def test_rel_02_the_sealer_is_killed_five_times(machine: Machine, point: str):
    scopes = [uuid4() for _ in range(3)]
    for _kill in range(KILLS):
        lines = [Line(action="test.line.write", scope_id=scopes[number % 3]) for number in range(LINES)]
        record_many(actor=SYSTEM, lines=lines, at=timezone.now())
        assert machine.dies("manage.py", "audit_seal", at=point)
        assert broken() == {}

    machine.runs("manage.py", "audit_seal")

    assert services.seal_state(at=timezone.now()).late == 0
    assert AuditEvent.objects.count() == AuditSeal.objects.count() == LINES * KILLS
    for scope in scopes:
        numbers = AuditSeal.objects.filter(scope_id=scope).order_by("seq").values_list("seq", flat=True)
        assert list(numbers) == list(range(1, LINES * KILLS // 3 + 1))
    machine.runs("manage.py", "audit_verify")
