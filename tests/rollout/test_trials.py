"""Samples of notices to the operators who asked for them: each leaves once, whatever the queue does (RO-05, REL-01)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from apps.accounts.models import StaffRole
from apps.notifications.gateways.base import RelayUnavailableError
from apps.rollout.jobs.trial import send_trials
from apps.rollout.models import Notice, TrialRequest
from apps.rollout.services import notices
from apps.rollout.texts import Voice
from tests import factories
from tests.harness.clock import NOON
from tests.notifications.relays import Box

pytestmark = pytest.mark.django_db


def nadia(**values):
    return factories.staff(StaffRole.OPERATOR, **{"email": "nadia@example.fr", **values})


def ask(user, *, kind=Notice.Kind.FIRST, voice=Voice.SELF, at=NOON):
    actor = factories.at_work(user)
    notices.send_trial(actor=actor, address=user.email, kind=kind, voice=voice, at=at)


def test_rel_01_one_request_is_one_mail_however_often_the_task_comes():
    ask(nadia())
    box = Box()

    assert [send_trials(relay=box, at=NOON) for _ in range(3)] == [1, 0, 0]
    assert [letter.address for letter in box.letters] == ["nadia@example.fr"]
    assert TrialRequest.objects.count() == 0


def test_two_requests_are_two_mails_in_their_order():
    user, box = nadia(), Box()
    ask(user, kind=Notice.Kind.RECEIPT)
    ask(user, kind=Notice.Kind.FIRST, voice=Voice.CHILD, at=NOON + timedelta(seconds=1))

    assert send_trials(relay=box, at=NOON + timedelta(minutes=1)) == 2
    assert len({letter.message_id for letter in box.letters}) == 2
    assert ["Camille E., né(e) en 2017" in letter.text for letter in box.letters] == [False, True]


def test_rel_03_what_the_queue_lost_is_found_by_the_clock():
    entry = settings.CELERY_BEAT_SCHEDULE["rollout.send_trial_notice"]

    assert (entry["task"], entry["schedule"]) == ("rollout.send_trial_notice", 60.0)


def test_it_goes_to_the_address_of_now_and_to_nobody_without_one():
    user, box = nadia(), Box()
    ask(user)
    user.email = ""
    user.save(update_fields=["email"])

    assert send_trials(relay=box, at=NOON) == 0
    assert (box.letters, TrialRequest.objects.count()) == ([], 0)


def test_a_relay_that_is_away_is_told_and_the_mail_is_not_tried_again():
    ask(nadia())
    box = Box(faults=[RelayUnavailableError()])

    with pytest.raises(RelayUnavailableError):
        send_trials(relay=box, at=NOON)

    assert send_trials(relay=box, at=NOON) == 0
