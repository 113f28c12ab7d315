"""Who comes into pages of the staff, and the rows that say so."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from apps.accounts import sessions
from apps.accounts.levels import TWO_FACTORS, Level, reaches
from apps.accounts.models import StaffMembership, StaffRole
from tests import factories
from tests.cast import client_of
from tests.harness.client import PortalClient
from tests.harness.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.staff_urls")]


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def test_a_member_with_the_role_comes_in_as_staff_of_no_space():
    sam = factories.staff(StaffRole.PLATFORM)

    answer = client_of(sam).get("/essai/plateforme/")

    assert answer.status_code == 200
    assert answer.content.decode() == f"staff {sam.pk} factors None"


@pytest.mark.parametrize("role", [role for role in StaffRole if role is not StaffRole.PLATFORM])
def test_sec_01_another_role_finds_nothing(role):
    assert client_of(factories.staff(role)).get("/essai/plateforme/").status_code == 404


def test_one_of_several_roles_is_enough():
    both = factories.staff(StaffRole.SUPPORT, StaffRole.APPROVER)

    answer = client_of(both).get("/essai/deux/")
    assert (answer.status_code, answer.content.decode()) == (200, "approver support")
    assert client_of(both).get("/essai/plateforme/").status_code == 404


def test_sec_01_people_who_are_no_staff_find_nothing():
    assert client_of(factories.user(person=factories.identity())).get("/essai/plateforme/").status_code == 404


def test_visitors_are_sent_to_the_sign_in():
    answer = PortalClient().get("/essai/plateforme/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/connexion/?next=")


def test_an_ended_role_is_over_at_once():
    sam = factories.staff(StaffRole.PLATFORM)
    browser = client_of(sam)
    assert browser.get("/essai/plateforme/").status_code == 200

    StaffMembership.objects.filter(user=sam).update(ended_at=NOON)

    assert browser.get("/essai/plateforme/").status_code == 404


def test_a_role_that_begins_tomorrow_is_not_there_yet():
    sam = factories.staff(StaffRole.PLATFORM)
    StaffMembership.objects.filter(user=sam).update(started_at=NOON + timedelta(seconds=1))

    assert client_of(sam).get("/essai/plateforme/").status_code == 404


def test_sec_15_a_session_of_a_holder_is_no_session_of_the_staff():
    sam = factories.staff(StaffRole.PLATFORM)
    browser = client_of(sam)
    session = browser.session
    session[sessions.ROLE] = "holder"
    session.save()

    assert browser.get("/essai/plateforme/").status_code == 404


def test_sec_34_the_level_of_two_factors_reaches_no_level_of_an_identity():
    assert [reaches(TWO_FACTORS, level) for level in Level] == [False, False, False]


def test_one_running_row_a_role_and_no_end_before_the_start():
    sam = factories.staff(StaffRole.PLATFORM)

    with pytest.raises(IntegrityError, match="one_running_a_role"), transaction.atomic():
        StaffMembership.objects.create(user=sam, role=StaffRole.PLATFORM, started_at=NOON)
    with pytest.raises(IntegrityError, match="ends_after_start"), transaction.atomic():
        StaffMembership.objects.create(
            user=sam, role=StaffRole.SUPPORT, started_at=NOON, ended_at=NOON - timedelta(seconds=1)
        )

    StaffMembership.objects.filter(user=sam).update(ended_at=NOON)
    assert StaffMembership.objects.create(user=sam, role=StaffRole.PLATFORM, started_at=NOON).ended_at is None
