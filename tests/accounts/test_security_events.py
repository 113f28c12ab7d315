"""Rows that say what happened to the ways into an account."""

from __future__ import annotations

import pytest
from django.db import transaction

from apps.accounts import security_events
from apps.accounts.models import SecurityEvent
from tests import factories

pytestmark = pytest.mark.django_db


def test_sec_18_a_note_waits_to_be_told(at):
    sam = factories.user()

    made = security_events.note(user_id=sam.pk, kind=SecurityEvent.Kind.PASSKEY_ADDED, at=at)

    row = SecurityEvent.objects.get(pk=made.pk)
    assert (row.user_id, row.kind, row.at, row.told_at) == (sam.pk, "passkey_added", at, None)
    assert row.former_address == ""


def test_sec_18_a_change_of_address_keeps_the_former_one(at):
    sam = factories.user()

    made = security_events.note(
        user_id=sam.pk, kind=SecurityEvent.Kind.ADDRESS_CHANGED, at=at, former_address="avant@exemple.fr"
    )

    assert made.former_address == "avant@exemple.fr"


def test_a_note_goes_with_the_act_that_fails(at):
    sam = factories.user()

    with pytest.raises(RuntimeError, match="the act"), transaction.atomic():
        security_events.note(user_id=sam.pk, kind=SecurityEvent.Kind.CODE_USED, at=at)
        msg = "the act"
        raise RuntimeError(msg)

    assert not SecurityEvent.objects.exists()
