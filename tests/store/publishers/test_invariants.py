"""An organisation that somebody acts for has an administrator."""

from __future__ import annotations

import pytest

from apps.store.invariants import publishers_without_an_administrator
from apps.store.models import Member
from tests.harness.clock import NOON
from tests.store.factories import member, publisher

pytestmark = pytest.mark.django_db


def test_pu_02_there_is_always_an_administrator():
    pia = member()
    member(publisher=pia.publisher, roles=["technical"])
    publisher()  # whose people have all gone

    assert publishers_without_an_administrator(at=NOON) == 0

    Member.objects.filter(pk=pia.pk).update(ended_at=NOON, ended_by=pia.user)

    assert publishers_without_an_administrator(at=NOON) == 1
