"""The second person of a refusal (decisions.md 26, RV-08)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.accounts.models import StaffRole
from apps.audit.services import AuditEvent
from apps.store.models import Mail
from apps.store.services import confirming
from apps.store.services.errors import (
    ChangedError,
    SamePersonError,
    TransitionRefusedError,
    UnknownRowError,
    WrongValueError,
)
from apps.store.states import Queue, Status
from tests.harness.clock import NOON
from tests.store.commission import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposed():
    dossier = scenes.opined("defavorable", queue=Queue.CONFIRMER)
    return dossier, scenes.decision(dossier)


def confirm(by, dossier, *, seen=0):
    return confirming.confirm_refusal(actor=scenes.at_work(by), candidacy_id=dossier.pk, seen=seen, at=NOON)


def send_back(by, dossier, reason="La pièce 4 n'a pas été lue."):
    return confirming.return_refusal(actor=scenes.at_work(by), candidacy_id=dossier.pk, reason=reason, seen=0, at=NOON)


def test_sto_60_confirmed_by_another_person_the_notice_leaves(proposed):
    dossier, row = proposed
    second = scenes.delegate(dossier)
    confirm(second, dossier)
    dossier.refresh_from_db()
    row.refresh_from_db()
    assert (dossier.status, dossier.queue) == (Status.REFUSED, "")
    assert (row.confirmed_by, row.confirmed_at, row.notified_at) == (second, NOON, NOON)
    assert Mail.objects.filter(template="dossier_decide_refuse").count() == 1
    assert AuditEvent.objects.filter(action="store.decision.confirm", target=f"decision:{row.pk}").count() == 1


def test_decisions_26_never_by_whoever_proposed_it(proposed):
    dossier, row = proposed
    scenes.declared(dossier, row.decided_by)
    for act in (confirm, send_back):
        with pytest.raises(SamePersonError, match="decided_by"):
            act(row.decided_by, dossier)
    row.refresh_from_db()
    assert (row.confirmed_at, row.returned_at) == (None, None)


@pytest.mark.parametrize("part", ["assessor", "second_reader"])
def test_sto_19_never_by_whoever_judged_the_dossier(part):
    who = scenes.person(StaffRole.DELEGATE, StaffRole.ASSESSOR)
    dossier = scenes.opined("defavorable", queue=Queue.CONFIRMER, **{part: who})
    scenes.decision(dossier)
    scenes.declared(dossier, who)
    with pytest.raises(SamePersonError, match=part):
        confirm(who, dossier)


def test_sent_back_with_a_reason_the_delegates_decide_anew(proposed):
    dossier, row = proposed
    second = scenes.delegate(dossier)
    send_back(second, dossier)
    dossier.refresh_from_db()
    row.refresh_from_db()
    assert (dossier.status, dossier.queue, dossier.reasons) == (Status.OPINION, Queue.DELEGATE, ["returned"])
    assert (row.returned_by, row.return_reason, row.notified_at) == (second, "La pièce 4 n'a pas été lue.", None)
    assert confirming.proposed(dossier) is None
    assert not Mail.objects.exclude(template="review_turn").exists()


def test_a_return_needs_a_reason(proposed):
    dossier, _row = proposed
    with pytest.raises(WrongValueError, match="reason"):
        send_back(scenes.delegate(dossier), dossier, reason=" ")


def test_the_refusal_that_waits_is_the_newest_open_one():
    dossier = scenes.opined("defavorable", queue=Queue.CONFIRMER)
    scenes.decision(dossier, returned_by=scenes.person(), returned_at=NOON)
    newest = scenes.decision(dossier, decided_at=NOON - timedelta(hours=1))
    assert confirming.proposed(dossier) == newest


def test_s34_and_turns(proposed):
    dossier, _row = proposed
    second = scenes.delegate(dossier)
    with pytest.raises(ChangedError):
        confirm(second, dossier, seen=9)
    decided = scenes.opined("defavorable")
    scenes.declared(decided, second)
    with pytest.raises(TransitionRefusedError):
        confirm(second, decided)
    bare = scenes.opined("defavorable", queue=Queue.CONFIRMER)
    scenes.declared(bare, second)
    with pytest.raises(UnknownRowError):
        confirm(second, bare)
