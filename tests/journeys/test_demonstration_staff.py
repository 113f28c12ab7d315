"""Staff and publisher of the demonstration can sign in as `demo_people` says."""

from __future__ import annotations

from collections import Counter
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command

from apps.accounts import factors
from apps.accounts.models import StaffMembership, StaffRole, User
from apps.journeys.demonstration import staff
from apps.journeys.demonstration.load import FRANCECONNECT_FILE
from tests.accounts.identifiers import give_code, give_password
from tests.harness.client import PortalClient
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db


def test_everybody_signs_in_with_what_is_printed():
    staff.load_staff(at=NOON)
    code = factors.code_of(secret=staff.SEED, step=int(NOON.timestamp()) // 30)

    with time_machine.travel(NOON, tick=False):
        for account in staff.ACCOUNTS:
            browser = PortalClient()
            give_password(browser, email=account.email, password=staff.PASSWORD)
            landing = "/choisir-espace/" if account.roles else "/editeurs/"
            assert give_code(browser, code)["Location"] == landing, account.email


def test_each_role_has_somebody_and_publishers_have_none():
    staff.load_staff(at=NOON)

    roles = Counter(StaffMembership.objects.values_list("role", flat=True))
    assert set(roles) == set(StaffRole.values)
    # decisions.md 26, STO-17, STO-57: what takes two people has two, the commission nine seats.
    assert (roles["assessor"], roles["delegate"], roles["member"]) == (2, 2, 9)
    assert set(User.objects.filter(staff_memberships=None).values_list("email", flat=True)) == {
        "editeur@demo.example", "editeur2@demo.example", "editeur3@demo.example",
    }  # fmt: skip


def test_demo_people_prints_password_and_key(settings, tmp_path):
    settings.STATE_DIR = tmp_path
    (tmp_path / FRANCECONNECT_FILE).write_text("[]", encoding="utf-8")
    said = StringIO()

    call_command("demo_people", stdout=said)

    for words in (*(account.email for account in staff.ACCOUNTS), staff.PASSWORD, staff.SEED):
        assert words in said.getvalue()
