from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.models import StaffRole
from apps.rollout.models import StopOrder
from apps.rollout.stops import is_stopped
from tests import factories as people
from tests.harness.clock import NOON
from tests.rollout import factories

pytestmark = pytest.mark.django_db


def stop(**values):
    return StopOrder.objects.create(
        reason="codes lost", ordered_by=people.staff(StaffRole.OPERATOR), ordered_at=NOON, **values
    )


def test_rel_10_a_stop_holds_its_wave_or_everything():
    first, second = factories.wave(), factories.wave()
    stop(wave=first)
    assert is_stopped(first.id)
    assert not is_stopped(second.id)
    assert not is_stopped(None)
    stop()
    assert is_stopped(second.id)
    assert is_stopped(None)


def test_rel_10_the_database_wants_two_people_for_a_restart():
    row, asker = stop(), people.staff(StaffRole.OPERATOR)
    row.restart_asked_by, row.restart_asked_at, row.restart_reason = asker, NOON, "codes found"
    row.lifted_by, row.lifted_at = asker, NOON
    with pytest.raises(IntegrityError, match="two_people_restart"), transaction.atomic():
        row.save()
    row.lifted_by = people.staff(StaffRole.APPROVER)
    row.save()
    assert not is_stopped(None)


def test_one_stop_of_everything_at_a_time():
    stop()
    with pytest.raises(IntegrityError), transaction.atomic():
        stop()
