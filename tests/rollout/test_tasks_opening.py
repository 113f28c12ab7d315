"""Beat opens what is due; a task may run twice, beside an import, or late (REL-01, REL-03)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from apps.audit.models import AuditEvent
from apps.rollout import tasks
from apps.rollout.jobs.runs import LOCK
from apps.rollout.models import EligiblePerson, ImportRun, Notice
from apps.spaces.models import HealthSpace
from tests import factories as portal
from tests.rollout import factories

State = EligiblePerson.State


def due():
    who = factories.person(wave=factories.opening_wave())
    factories.noticed(who, sent_at=timezone.now() - timedelta(days=50))
    return who


def state_of(who):
    return EligiblePerson.objects.get(pk=who.pk).state


@pytest.mark.django_db
class TestTasks:
    @pytest.mark.parametrize(
        ("name", "seconds"),
        [
            ("rollout.open_asked", 300.0),
            ("rollout.open_due", 900.0),
            ("rollout.notify_new_adults", 3600.0),
            ("rollout.ask_to_confirm", 3600.0),
        ],
    )
    def test_they_are_on_the_schedule(self, name, seconds):
        assert settings.CELERY_BEAT_SCHEDULE[name]["schedule"] == seconds

    def test_rel_01_run_twice_is_run_once(self):
        who = due()
        tasks.open_due()
        tasks.open_due()

        assert state_of(who) == State.OPEN
        assert HealthSpace.objects.count() == 1
        assert AuditEvent.objects.filter(action="rollout.opening.run").count() == 1

    def test_nothing_due_leaves_no_line(self):
        tasks.open_due()
        tasks.open_asked()
        assert not AuditEvent.objects.exists()

    def test_spa_10_who_asked_is_opened_by_the_quick_one(self):
        asked, waited = factories.person(state=State.OPENING_ASKED), due()
        tasks.open_asked()
        assert (state_of(asked), state_of(waited)) == (State.OPEN, State.NOTICE_SENT)

    def test_decisions_31_nobody_is_opened_beside_a_half_written_import(self):
        who = due()
        factories.run(state=ImportRun.State.RUNNING, staged=1, finished_at=None)
        tasks.open_due()
        tasks.open_asked()
        assert state_of(who) == State.NOTICE_SENT

    def test_spa_48_young_adults_are_written_to(self):
        child = factories.person(
            situation="MINEUR", state=State.OPEN, notice_sent_at=timezone.now() - timedelta(days=400),
            identity=portal.identity(birth_date=f"{timezone.now().year - 19}-06-01"),
        )  # fmt: skip
        EligiblePerson.objects.filter(pk=child.pk).update(notice_sent_at=timezone.now() - timedelta(days=900))
        portal.space(person=child.identity)
        tasks.notify_new_adults()
        assert Notice.objects.get().kind == Notice.Kind.MAJORITY


@pytest.mark.django_db(transaction=True)
def test_an_import_at_work_makes_the_task_wait_for_its_next_turn():
    who = due()
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
            tasks.open_due()
            assert state_of(who) == State.NOTICE_SENT
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
        tasks.open_due()
    finally:
        other.close()
    assert state_of(who) == State.OPEN
