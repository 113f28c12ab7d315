"""The store of the demonstration: a publisher who may sign, nine seats, three sessions to come."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from stdnum.fr import siren, siret

from apps.common.workdays import is_workday
from apps.files import jobs
from apps.files.gateways.scanner_embedded import EmbeddedScanner
from apps.files.models import StoredFile
from apps.journeys.demonstration import store
from apps.journeys.demonstration.staff import PUBLISHER, load_staff
from apps.store.models import AddressProof, CommissionMember, Member, Session
from apps.store.services.mandates import why_not
from tests.cast import client_of
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
SINCE = NOON - timedelta(days=100)


@pytest.fixture(params=[date(2026, 11, 25), date(2027, 1, 31), date(2026, 12, 18)], ids=str)
def today(request):
    return request.param


@pytest.fixture
def loaded(today, django_capture_on_commit_callbacks):
    at = NOON + (today - NOON.date())
    with django_capture_on_commit_callbacks(execute=True):
        load_staff(at=SINCE)
        store.load_store(today=today, since=SINCE, at=at)
    return at


def test_the_numbers_are_right_and_nobodys():
    assert siren.is_valid(store.SIREN)
    assert siret.is_valid(store.SIRET)
    assert store.SIREN.startswith("000")


def test_the_publisher_may_sign_once_the_antivirus_has_looked(loaded):
    own = Member.objects.get(user__email=PUBLISHER)
    assert own.roles == ["owner", "signatory"]
    file = StoredFile.objects.get(pk=(own.mandate_vault_id, own.mandate_file_id))
    jobs.scan(vault_id=file.vault_id, file_id=file.id, scanner=EmbeddedScanner(), at=loaded)

    assert why_not(own, at=loaded) == ""


def test_nothing_is_sent_and_its_address_counts(loaded):
    assert mail.outbox == []
    assert AddressProof.objects.exclude(confirmed_at=None).values_list("email", flat=True).get() == PUBLISHER


def test_nine_seats_with_their_declaration(loaded):
    assert set(CommissionMember.objects.values_list("seat", flat=True)) == set(CommissionMember.Seat.values)
    assert CommissionMember.objects.filter(interests_declared_on=None).count() == 0
    assert CommissionMember.objects.values("user").distinct().count() == 9


def test_three_sessions_on_working_days(loaded, today):
    days = list(Session.objects.order_by("held_on").values_list("held_on", flat=True))

    assert len(days) == 3
    assert all(is_workday(day) and day >= today + timedelta(days=14) for day in days)


def test_the_publisher_sees_its_home(loaded):
    with time_machine.travel(loaded, tick=False):
        page = client_of(Member.objects.get().user).get("/editeurs/").content.decode()
    assert "Brise Santé" in page
