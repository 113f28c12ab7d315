"""Whoever holds or represents is told of each choice, once (ACC-12, NOT-15)."""

from __future__ import annotations

import pytest

from apps.journeys.services.privacy import change_default_privacy
from apps.notifications.models import Notice
from apps.spaces import services
from apps.spaces.services import EmergencyChoices
from tests import factories
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def space():
    made = factories.space()
    factories.user(person=made.identity)
    return made


def told(space):
    return sorted((row.kind, row.facts["act"]) for row in Notice.objects.filter(space_id=space.id))


def test_acc_20_choices_for_emergencies(space):
    for _ in range(2):
        services.change_emergency_choices(
            actor=factories.holder(space), seen="110", wanted=EmergencyChoices(call=False), at=NOON
        )
    assert told(space) == [("privacy_change", "spaces.emergency.change")]


def test_acc_32_default_confidentiality(space):
    change_default_privacy(actor=factories.holder(space), hidden=True, at=NOON)
    assert told(space) == [("privacy_change", "spaces.privacy.change")]


def test_acc_12_administrators_and_blocks(space):
    doctor, holder = factories.professional(), factories.holder(space)
    services.name_administrator(actor=holder, national_id=doctor.national_id, is_declared_gp=True, at=NOON)
    services.block_professional(actor=holder, national_id=doctor.national_id, at=NOON)
    services.unblock_professional(actor=holder, national_id=doctor.national_id, at=NOON)
    assert told(space) == [
        ("administrator", "spaces.administrator.end"),
        ("administrator", "spaces.administrator.name"),
        ("privacy_change", "spaces.professional.block"),
        ("privacy_change", "spaces.professional.unblock"),
    ]


def test_a_withdrawal_for_a_whole_team_is_one_notice(space):
    for doctor in (first := factories.professional(), factories.professional()):
        visit = services.Visit(space_id=space.id, national_id=doctor.national_id, organisation_id="1440000000")
        services.declare_consent(visit=visit, ends_at=None, at=NOON)
    services.withdraw_consent(actor=factories.holder(space), national_id=first.national_id, at=NOON)
    assert told(space) == [("privacy_change", "spaces.consent.withdraw")]


def test_a_representative_is_told_and_a_delegate_is_not(space):
    for make in (factories.representation, factories.delegation):
        person = factories.identity()
        factories.user(person=person)
        make(of=space, person=person)
    change_default_privacy(actor=factories.holder(space), hidden=True, at=NOON)
    assert len(told(space)) == 2
