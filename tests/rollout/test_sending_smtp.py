"""Mails of notices over a real SMTP server on loopback that fails as told (REL-08)."""

from __future__ import annotations

from datetime import datetime
from threading import Thread

import pytest

from apps.common.dates import PARIS
from apps.notifications.gateways.smtp import KeptSmtpRelay
from apps.rollout.jobs import preparing, sending
from apps.rollout.models import EligiblePerson, Notice
from simulators.mailbox.letters import Letters
from simulators.mailbox.smtp import CatchAll
from tests.rollout import factories as rows

pytestmark = pytest.mark.django_db

AT = datetime(2026, 9, 14, 10, tzinfo=PARIS)
State = EligiblePerson.State


@pytest.fixture
def letters(settings):
    """What a real server on loopback took."""
    kept = Letters()
    with CatchAll(0, kept) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_TIMEOUT = 5
        yield kept
        server.shutdown()


def test_rel_08_many_mails_over_one_connection_each_with_its_own_end(letters):
    running = rows.wave(first_send_on=AT.date())
    names = ["a", "unknown", "b", "drop-after", "c", "drop-before", "d", "later", "e"]
    people = {name: rows.person(wave=running, mail=f"{name}@example.fr") for name in names}
    preparing.prepare_due(at=AT)

    with KeptSmtpRelay() as relay:
        counts = sending.send_due(relay=relay, at=AT)

    states = {notice.address.partition("@")[0]: notice.state for notice in Notice.objects.filter(channel="mail")}
    assert counts == {"sent": 5, "refused": 1, "uncertain": 2, "later": 1}
    assert states == dict.fromkeys("abcde", "sent") | {
        "unknown": "failed",
        "drop-after": "uncertain",
        "drop-before": "uncertain",
        "later": "prepared",
    }
    assert {EligiblePerson.objects.get(pk=people[name].pk).state for name in "abcde"} == {State.NOTICE_SENT}
    assert len(letters.all()) == 6


def test_rel_08_a_server_that_hangs_up_after_each_mail_costs_nothing(letters, settings):
    """What breaks between two mails is found before the next one leaves."""
    running = rows.wave(first_send_on=AT.date())
    for _ in range(3):
        rows.person(wave=running)
    preparing.prepare_due(at=AT)

    with KeptSmtpRelay() as relay:
        for _ in range(3):
            assert sending.send_due(relay=relay, at=AT, at_most=1) == {"sent": 1}
            relay._connection.connection.sock.close()

    assert len(letters.all()) == 3
