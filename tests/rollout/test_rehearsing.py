"""The counting transport: the same refusals and the same windows as a real sending, nothing leaves."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail

from apps.rollout.jobs.preparing import prepare_due
from apps.rollout.jobs.rehearsing import Counted, NotInProductionError, count_as_sent
from apps.rollout.models import EligiblePerson, Notice, PersonTransition, StopOrder
from apps.rollout.window import window_end
from tests import factories as portal
from tests.harness.clock import NOON
from tests.rollout import factories

pytestmark = pytest.mark.django_db
State = EligiblePerson.State


@pytest.fixture
def wave():
    return factories.wave(first_send_on=NOON.date())


def test_decisions_32_notices_count_as_sent_and_nothing_leaves(wave):
    by_mail, by_post = factories.person(wave=wave), factories.person(wave=wave, mail="", channel="courrier")
    prepare_due(at=NOON)

    assert count_as_sent(at=NOON) == Counted(mails=1, letters=1)
    assert count_as_sent(at=NOON) == Counted()
    assert mail.outbox == []
    for who in (by_mail, by_post):
        who.refresh_from_db()
        assert (who.state, who.notice_sent_at, who.window_ends_at) == (State.NOTICE_SENT, NOON, window_end(NOON))
    assert set(Notice.objects.values_list("state", "sent_at", "window_ends_at")) == {("sent", NOON, window_end(NOON))}
    steps = PersonTransition.objects.filter(to_state=State.NOTICE_SENT).values_list("channel", "rule", "actor")
    assert sorted(steps) == [("mail", "SPA-03", "rollout.rehearse"), ("post", "SPA-03", "rollout.rehearse")]


def test_one_channel_may_be_counted_while_the_other_is_really_sent(wave):
    factories.person(wave=wave), factories.person(wave=wave, mail="", channel="courrier")
    prepare_due(at=NOON)

    assert count_as_sent(at=NOON, channels=[Notice.Channel.POST]) == Counted(letters=1)
    assert Notice.objects.get(channel="mail").state == Notice.State.PREPARED


def test_many_slices_count_everybody_once(wave, monkeypatch):
    monkeypatch.setattr("apps.rollout.jobs.rehearsing.SLICE", 2)
    for _ in range(5):
        factories.person(wave=wave)
    prepare_due(at=NOON)

    assert count_as_sent(at=NOON).mails == 5
    assert EligiblePerson.objects.filter(state=State.NOTICE_SENT).count() == 5


def test_who_moved_on_or_died_is_not_written_to(wave):
    opposed, dead = factories.person(wave=wave), factories.person(wave=wave)
    prepare_due(at=NOON)
    EligiblePerson.objects.filter(pk=opposed.pk).update(state=State.OPPOSED)
    portal.InsIdentity.objects.filter(pk=dead.pk).update(died_on=date(2026, 11, 1))

    assert count_as_sent(at=NOON) == Counted()
    assert set(Notice.objects.values_list("state", "ended_at")) == {("cancelled", NOON)}


def test_rel_10_a_stop_holds_the_counting_transport_too(wave):
    factories.person(wave=wave)
    prepare_due(at=NOON)
    StopOrder.objects.create(reason="x", ordered_by=wave.author, ordered_at=NOON)

    assert count_as_sent(at=NOON) == Counted()
    assert Notice.objects.get().state == Notice.State.PREPARED


def test_what_is_due_later_waits(wave):
    factories.person(wave=wave)
    prepare_due(at=NOON)
    assert count_as_sent(at=NOON - timedelta(minutes=1)) == Counted()


def test_nobody_counts_as_told_in_production(settings):
    settings.ENS_ENV = "production"
    with pytest.raises(NotInProductionError):
        count_as_sent(at=NOON)
