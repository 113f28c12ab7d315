"""What happened to the ways into an account is told once, to the present and to the former address (SEC-18, IDN-57)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.accounts.models import SecurityEvent
from apps.notifications import jobs
from apps.notifications.models import Notice, OutgoingMail
from tests import factories
from tests.cast import client_of
from tests.harness.clock import NOON
from tests.notifications.relays import Box

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(seconds=30)


@pytest.fixture
def alice():
    return factories.user(person=factories.space().identity, email="alice@example.org")


def event(user, kind="password_changed", **values):
    return SecurityEvent.objects.create(user=user, kind=kind, at=NOON, **values)


def test_an_event_becomes_a_notice_and_a_mail_once(alice):
    row = event(alice)

    assert [jobs.tell_security(at=LATER), jobs.tell_security(at=LATER)] == [1, 0]

    row.refresh_from_db()
    assert row.told_at == LATER
    notice = Notice.objects.get()
    assert (notice.kind, notice.at, notice.facts) == ("security", NOON, {"code": "password_changed"})
    assert OutgoingMail.objects.get().due_at == NOON


def test_a_change_of_address_is_told_to_both(alice):
    event(alice, "address_changed", former_address="former@example.org")
    box = Box()

    jobs.tell_security(at=LATER)
    jobs.sweep(relay=box, at=LATER)

    assert {letter.address for letter in box.letters} == {"alice@example.org", "former@example.org"}


def test_an_address_that_is_the_same_gets_one_mail(alice):
    event(alice, "address_changed", former_address="alice@example.org")

    jobs.tell_security(at=LATER)

    assert OutgoingMail.objects.count() == 1


def test_the_former_address_alone_is_told_when_there_is_no_present_one():
    event(factories.user(), "address_changed", former_address="former@example.org")

    jobs.tell_security(at=LATER)

    assert OutgoingMail.objects.get().address == "former@example.org"


def test_rel_01_told_twice_by_two_workers_is_one_notice(alice):
    row = event(alice)
    jobs.tell_security(at=LATER)
    row.told_at = None
    row.save(update_fields=["told_at"])

    jobs.tell_security(at=LATER)

    assert (Notice.objects.count(), OutgoingMail.objects.count()) == (1, 1)


def test_the_mail_does_not_say_which_event(alice):
    event(alice, "passkey_removed")
    box = Box()

    jobs.tell_security(at=LATER)
    jobs.sweep(relay=box, at=LATER)

    assert "passkey" not in box.letters[0].text.lower()
    assert box.letters[0].subject == "Sécurité de votre compte"


@pytest.mark.parametrize("kind", SecurityEvent.Kind)
def test_the_centre_says_which(alice, kind, time_machine):
    time_machine.move_to(LATER, tick=False)
    event(alice, kind)
    jobs.tell_security(at=LATER)

    html = client_of(alice).get(f"/e/{alice.identity.space.id}/notifications/").content.decode()

    assert "Sécurité de votre compte\xa0: " in html
