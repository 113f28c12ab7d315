from __future__ import annotations

from uuid import UUID

import pytest
from psycopg import sql

from apps.access import Actor, Decision, Role
from apps.audit.bulk import record_for_scopes
from apps.audit.services import Line, events_of, record
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
FIRST, SECOND = UUID("0193a000-0000-7000-8000-000000000001"), UUID("0193a000-0000-7000-8000-000000000002")
SCOPES = sql.SQL("(VALUES ({}::uuid), ({}::uuid)) AS wanted (scope)").format(str(FIRST), str(SECOND))
SYSTEM = Actor(role=Role.SYSTEM, at=NOON)
RULE = Decision(allowed=True, rule="SPA-03")


def write(**values: object) -> int:
    line = Line(action="spaces.space.open", target="space:", actor_id="job", decision=RULE, **values)
    return record_for_scopes(actor=SYSTEM, line=line, at=NOON, source=SCOPES, scope="scope")


class TestRecordForScopes:
    def test_decisions_33_one_line_a_scope(self):
        assert write() == 2

        assert [events_of(scope).get().target for scope in (FIRST, SECOND)] == [f"space:{FIRST}", f"space:{SECOND}"]

    def test_a_line_is_the_one_that_record_would_write(self):
        write(facts={"count": 2})
        line = Line(
            action="spaces.space.open",
            target=f"space:{SECOND}",
            actor_id="job",
            decision=RULE,
            scope_id=SECOND,
            facts={"count": 2},
        )
        record(actor=SYSTEM, line=line, at=NOON)

        one, other = ({**vars(event), "id": "", "_state": ""} for event in events_of(SECOND))
        assert one == other

    def test_a_denial_is_written_as_one(self):
        line = Line(action="spaces.space.open", target="space:", decision=Decision(allowed=False, rule="SPA-36"))
        record_for_scopes(actor=SYSTEM, line=line, at=NOON, source=SCOPES, scope="scope")

        assert {(events_of(scope).get().outcome, events_of(scope).get().rule) for scope in (FIRST, SECOND)} == {
            ("deny", "SPA-36")
        }
