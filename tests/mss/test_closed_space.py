"""A space that closes has no box from that commit on (MSS-13, SEC-04, MSS-70)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from apps.access import AccessDeniedError
from apps.accounts.models import User
from apps.mss.door.recipients import verdict_of
from apps.mss.jobs.filing import file_arrivals
from apps.mss.jobs.sending import send_due
from apps.mss.models import Draft, Message, OutgoingMail, Thread
from apps.mss.quota import Uses
from apps.mss.services import answering
from apps.mss.services.outgoing import send_again
from apps.mss.standing import standing_of
from apps.spaces.models import HealthSpace
from apps.spaces.services import close_space
from tests import factories
from tests.dmp.factories import holder_of
from tests.harness.clock import NOON
from tests.mss.arriving import arrive, letter
from tests.mss.outgoing import answered, conversation, draft, holder
from tests.mss.relays import Kept

pytestmark = pytest.mark.django_db
Reason = HealthSpace.ClosureReason


@pytest.fixture(autouse=True)
def _domain(settings):
    settings.MSS_PATIENT_DOMAIN = "patient.mssante.example"


@pytest.fixture
def space():
    return factories.space()


def close(space, reason=Reason.HOLDER):
    actor = factories.holder(space) if reason == Reason.HOLDER else factories.system(space)
    close_space(actor=actor, space_id=space.id, reason=reason, at=NOON)


def at_the_door(space):
    identity = space.identity
    return verdict_of(f"{identity.ins_number}{identity.ins_key}@patient.mssante.example", Uses()).answer


class TestDoor:
    def test_mss_13_its_next_recipient_is_refused(self, space):
        assert at_the_door(space) == "250 2.1.5 OK"
        close(space)
        assert at_the_door(space) == "550 5.2.1 Messagerie fermee"

    def test_mss_70_after_an_opposition_it_is_as_if_there_had_never_been_one(self, space):
        close(space, Reason.LATE_OPPOSITION)
        assert at_the_door(space) == "550 5.1.1 Aucune messagerie Mon espace sante pour cette adresse"


class TestWriting:
    def test_no_draft_is_seen_or_sent(self, space):
        actor = holder(space)
        thread = conversation(space)
        row = draft(space, by=User.objects.get(pk=actor.user_id), thread=thread)
        close(space)
        closed = replace(actor, rights=replace(actor.rights, space_open=False))  # as the entry makes it
        for rows in (Draft, Message, Thread):
            assert not rows.objects.visible_to(closed).exists()
        with pytest.raises(AccessDeniedError):
            answering.send(actor=closed, draft_id=row.id, to_all=False, at=NOON)
        assert Draft.objects.filter(pk=row.pk).exists()  # kept with the archive, for a reopening (SPA-31)

    def test_no_page(self, space):
        person = holder_of(space)
        conversation(space)
        close(space)
        assert person.client.get(f"/e/{space.id}/messagerie/").status_code == 404


class TestSending:
    def test_what_waits_does_not_leave(self, space):
        answered(space)
        relay = Kept()
        close(space)
        assert send_due(relay=relay, at=NOON) == {"unsendable": 1}
        mail = OutgoingMail.objects.get()
        assert (mail.state, mail.problem, relay.mails) == ("refused", "space-closed", [])

    def test_after_a_reopening_it_says_why_and_may_leave(self, space):
        message = answered(space)
        relay = Kept()
        close(space)
        send_due(relay=relay, at=NOON)
        HealthSpace.objects.filter(pk=space.pk).update(
            status="open", closed_at=None, closure_reason="", closure_reference=""
        )
        standing = standing_of(OutgoingMail.objects.get())
        assert (str(standing.reason), standing.may_try_again) == (
            "Cet espace a été clos avant le départ du message.", True,
        )  # fmt: skip
        send_again(actor=holder(space), message_id=message.id, at=NOON)
        assert send_due(relay=relay, at=NOON) == {"sent": 1}

    def test_a_suspended_one_keeps_it_waiting_and_costs_no_try(self, space):
        answered(space)
        relay = Kept()
        HealthSpace.objects.filter(pk=space.pk).update(status="suspended")
        send_due(relay=relay, at=NOON)
        mail = OutgoingMail.objects.get()
        assert (mail.state, mail.problem, mail.attempts) == ("waiting", "space-suspended", 0)
        HealthSpace.objects.filter(pk=space.pk).update(status="open")
        assert send_due(relay=relay, at=NOON + timedelta(hours=2)) == {"sent": 1}


def test_rel_02_what_the_door_took_before_is_filed_all_the_same(space):
    """250 was said: it stays with the archive (MSS-38)."""
    arrive(letter(), space)
    close(space)
    file_arrivals(at=NOON)
    assert Message.objects.filter(space_id=space.id).count() == 1
