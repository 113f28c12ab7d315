"""Every pair of states, allowed or refused; one person and many give the same (ROL-20)."""

from __future__ import annotations

from itertools import product

import pytest
from django.db import DatabaseError, transaction
from psycopg import sql

from apps.rollout.models import EligiblePerson, PersonTransition
from apps.rollout.transitions import ALLOWED, Step, TransitionRefusedError, move, move_many, sources_of
from tests.harness.clock import NOON
from tests.rollout import factories

pytestmark = pytest.mark.django_db
State = EligiblePerson.State
PAIRS = list(product(State, State))
EVERYBODY = sql.SQL("(SELECT identity_id FROM rollout_eligibleperson)")


def in_state(state):
    return factories.person(state=state, state_reason="before", notice_sent_at=NOON, window_ends_at=NOON)


def step(to, **values):
    return Step(**{"to": to, "at": NOON, "actor": "rollout.test", "reason": "because", **values})


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_rol_20_the_table_decides_for_one_and_for_many(before, after):
    one, many = in_state(before), in_state(before)
    only_many = sql.SQL("(SELECT {}::uuid AS identity_id)").format(sql.Literal(str(many.pk)))
    moved = move_many(step(after), source=only_many)
    if (before, after) in ALLOWED:
        move(one, step(after))
    else:
        with pytest.raises(TransitionRefusedError):
            move(one, step(after))
    rows = [
        list(PersonTransition.objects.filter(person_id=who.pk).values_list("from_state", "to_state", "rule", "actor"))
        for who in (one, many)
    ]
    one.refresh_from_db()
    many.refresh_from_db()
    assert one.state == many.state == (after if (before, after) in ALLOWED else before)
    assert rows[0] == rows[1]
    assert len(rows[0]) == moved == ((before, after) in ALLOWED)


def test_rol_20_a_step_says_who_when_how_and_why():
    who = in_state(State.NOTICE_SENT)
    move(who, step(State.OPPOSED, channel="phone", reason="letter"), hold="")
    row = PersonTransition.objects.get()
    assert (row.person_id, row.from_state, row.to_state) == (who.pk, "NOTICE_SENT", "OPPOSED")
    assert (row.at, row.actor, row.channel, row.rule, row.reason) == (
        NOON, "rollout.test", "phone", "SPA-07", "letter",
    )  # fmt: skip


def test_rol_20_steps_are_written_once():
    move(in_state(State.ELIGIBLE), step(State.NOTICE_QUEUED))
    for change in (PersonTransition.objects.all().delete, lambda: PersonTransition.objects.update(actor="x")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()


def test_columns_are_changed_in_the_same_statement_for_many():
    in_state(State.NOTICE_SENT), in_state(State.OPPOSED)
    assert move_many(step(State.OPEN), source=EVERYBODY, sets=sql.SQL(", hold = %(hold)s"), hold="conflict") == 1
    assert sorted(EligiblePerson.objects.values_list("state", "hold")) == [("OPEN", "conflict"), ("OPPOSED", "")]


def test_nobody_who_opposed_is_opened_by_the_end_of_a_window():
    assert State.OPPOSED not in sources_of(State.OPEN)
    assert set(sources_of(State.OPEN)) == {"NOTICE_SENT", "OPEN_FAILED", "OPENING_ASKED", "OPPOSED_DMP_KEPT"}
