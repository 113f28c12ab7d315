from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from apps.access import SYSTEM, AccessDeniedError, Decision
from apps.audit import jobs
from apps.audit.models import AppendOnlyError, AuditEvent
from apps.audit.services import (
    PLATFORM_SCOPE,
    Line,
    SealState,
    content_readings,
    events_of,
    record,
    record_many,
    seal_state,
)
from apps.common.ids import uuid7
from tests import factories
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    return record(actor=SYSTEM, at=NOON, line=Line(action="test.line.write", actor_id="test"))


class TestAppendOnly:
    def test_sec_13_row_trigger_refuses_a_change(self, line):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            AuditEvent.objects.filter(pk=line.pk).update(reason="other")

    def test_sec_13_row_trigger_refuses_a_deletion(self, line):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            AuditEvent.objects.filter(pk=line.pk).delete()

    @pytest.mark.parametrize("statement", ["UPDATE audit_auditevent SET reason = ''", "DELETE FROM audit_auditevent"])
    def test_sec_13_application_role_has_no_right_to_change(self, line, statement):
        with (
            connection.cursor() as cursor,
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
        ):
            cursor.execute("SET LOCAL ROLE ens_app")
            cursor.execute(statement)

    def test_application_role_writes_and_reads(self, line):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE ens_app")
            record(actor=SYSTEM, at=NOON, line=Line(action="test.line.write"))
            cursor.execute("SELECT count(*) FROM audit_auditevent")
            assert cursor.fetchone() == (2,)
            cursor.execute("RESET ROLE")

    def test_the_model_refuses_too(self, line):
        line.reason = "other"
        with pytest.raises(AppendOnlyError):
            line.save()
        with pytest.raises(AppendOnlyError):
            line.delete()


class TestRecord:
    def test_line_without_a_space_belongs_to_the_platform(self, line):
        assert line.scope_id == PLATFORM_SCOPE
        assert list(events_of(PLATFORM_SCOPE)) == [line]

    def test_line_of_an_actor_belongs_to_the_space(self):
        space = factories.space()
        user = factories.user()
        record(actor=factories.holder(space, user_id=user.id), at=NOON, line=Line(action="dmp.document.read"))
        written = events_of(space.id).get()
        assert (written.actor_role, written.actor_id, written.purpose, written.level) == (
            "holder",
            str(user.id),
            "OWN",
            "eidas1",
        )

    def test_idn_53_denial_keeps_outcome_and_rule(self):
        decision = Decision(allowed=False, rule="ACC-10")
        denied = record(actor=SYSTEM, at=NOON, line=Line(action="dmp.document.read", decision=decision))
        assert (denied.outcome, denied.rule) == ("deny", "ACC-10")
        assert AccessDeniedError(decision).decision.rule == "ACC-10"

    def test_many_lines_at_once(self):
        space = factories.space()
        assert record_many(actor=factories.holder(space), at=NOON, lines=[Line(action="a.b.c")] * 3) == 3
        assert events_of(space.id).count() == 3

    def test_newest_first(self):
        times = (NOON, NOON + timedelta(seconds=1))
        first, second = (record(actor=SYSTEM, at=at, line=Line(action="a.b.c")) for at in times)
        assert [event.id for event in events_of(PLATFORM_SCOPE)] == [second.id, first.id]


class TestSealState:
    def test_sec_13_says_how_many_lines_wait_and_since_when(self, settings, tmp_path):
        settings.AUDIT_HEADS_DIR = str(tmp_path)
        with time_machine.travel(NOON, tick=False):
            record_many(actor=SYSTEM, at=NOON, lines=[Line(action="a.b.c")] * 2)
        jobs.seal(at=NOON)
        with time_machine.travel(NOON + timedelta(seconds=5), tick=False):
            record_many(actor=SYSTEM, at=NOON, lines=[Line(action="a.b.c")] * 3)

        state = seal_state(at=NOON + timedelta(seconds=65))

        assert state == SealState(waiting=3, late=0, lag=timedelta(seconds=60), sealed=2, checkpoint=1)
        assert seal_state(at=NOON + timedelta(seconds=66)).late == 3

    def test_nothing_waits_before_the_first_line(self):
        assert seal_state(at=NOON) == SealState(waiting=0, late=0, lag=timedelta(), sealed=0, checkpoint=0)

    def test_a_clock_that_runs_behind_gives_no_negative_lag(self):
        record_many(actor=SYSTEM, at=NOON, lines=[Line(action="a.b.c")])

        assert seal_state(at=NOON - timedelta(days=9999)).lag == timedelta()


def test_readings_of_contents_are_counted_by_scope():
    one, other = uuid7(), uuid7()
    for scope, facts, decision in (
        (one, {"content": True}, None),
        (one, {"content": True}, Decision(allowed=True, rule="ACC-09")),
        (one, {"content": False}, None),
        (one, {"content": True}, Decision(allowed=False, rule="ACC-09")),
        (one, {}, None),
        (other, {"content": True}, None),
    ):
        line = Line(action="dmp.document.read", scope_id=scope, facts=facts, decision=decision)
        record(actor=SYSTEM, at=NOON, line=line)

    assert content_readings([one, other, uuid7()]) == {one: 2, other: 1}
    assert content_readings([other]) == {other: 1}
