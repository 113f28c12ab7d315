"""Nothing leaves for a box that is no longer in the trust space (MSS-01, MSS-02)."""

from __future__ import annotations

import pytest

from apps.mss.jobs.sending import send_due
from apps.mss.models import OutgoingMail
from apps.mss.standing import Progress, standing_of
from tests import factories
from tests.directory.trust_lists import trust_these
from tests.harness.clock import NOON
from tests.mss.arriving import SENDER
from tests.mss.outgoing import answered
from tests.mss.relays import Kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail() -> OutgoingMail:
    return OutgoingMail.objects.get(message_id=answered(factories.space()).id)


def sent(mail: OutgoingMail) -> tuple[dict[str, int], Kept]:
    relay = Kept()
    counts = send_due(relay=relay, at=NOON)
    mail.refresh_from_db()
    return dict(counts), relay


def test_mss_02_a_listed_domain_is_written_to(mail):
    trust_these(SENDER.partition("@")[2])

    counts, relay = sent(mail)
    assert (counts, mail.state, len(relay.mails)) == ({"sent": 1}, "sent", 1)


def test_mss_02_a_domain_that_left_the_list_is_not(mail):
    trust_these("autre.mssante.example")

    counts, relay = sent(mail)
    assert (counts, mail.state, mail.problem) == ({"refused": 1}, "refused", "outside")
    assert relay.tries == 0
    told = standing_of(mail)
    assert told.progress is Progress.REFUSED
    assert "ne fait plus partie de la messagerie sécurisée de santé" in str(told.reason)
    assert told.may_try_again


def test_mss_03_without_a_list_the_operator_decides(mail):
    counts, relay = sent(mail)
    assert (counts, mail.state, len(relay.mails)) == ({"sent": 1}, "sent", 1)
