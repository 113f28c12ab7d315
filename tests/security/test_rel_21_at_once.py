"""REL-21: acts of two people or two tabs at once have one effect, and no fault of the server."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from apps.access import AccessDeniedError
from apps.audit.services import events_of
from apps.dmp import services
from apps.dmp.models import Document, ReadMark
from apps.dmp.services import Deposit
from apps.files.models import Vault
from apps.spaces.models import HealthSpace
from tests import factories
from tests.dmp.cda import Cda
from tests.dmp.factories import filed
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOON + timedelta(minutes=1)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Results, or exceptions, of acts that begin together, each on a connection of its own."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return act()
        except Exception as error:  # noqa: BLE001  the test looks at it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def actions(space: HealthSpace, action: str) -> int:
    return events_of(space.id).filter(action=action).count()


def test_rel_21_the_same_document_filed_by_four_at_once_is_one_row():
    space = factories.space()
    deposit = Deposit(data=Cda(patient=space.identity).data())

    def act() -> object:
        return services.deposit_document(actor=factories.system(space), deposit=deposit, at=NOON).id

    found = at_once(act, act, act, act)

    assert len(set(found)) == 1, found
    assert Document.objects.filter(space=space).count() == 1
    assert actions(space, "dmp.document.deposit") == 1
    assert Vault.objects.count() == 1


def test_rel_21_two_first_documents_at_once_share_one_vault():
    space = factories.space()

    def act(number: int) -> Callable[[], object]:
        data = Cda(patient=space.identity, unique_id=f"1.2.250.1.999.{number}").data()
        return lambda: services.deposit_document(actor=factories.system(space), deposit=Deposit(data=data), at=NOON).id

    found = at_once(*(act(number) for number in range(4)))

    assert len(set(found)) == Document.objects.filter(space=space).count() == 4, found
    assert Vault.objects.count() == 1


def test_rel_21_hiding_twice_at_once_leaves_one_line():
    space = factories.space()
    row = filed(space)

    def act() -> object:
        return services.hide_document(actor=factories.holder(space), document_id=row.id, at=LATER).is_hidden

    assert at_once(act, act, act) == [True, True, True]
    assert actions(space, "dmp.document.hide") == 1


def test_rel_21_two_selections_in_opposite_order_do_not_lock_each_other_out():
    space = factories.space()
    ids = [filed(space, unique_id=f"1.2.250.1.999.{number}").id for number in range(6)]

    def act(order: list[object]) -> Callable[[], object]:
        return lambda: len(
            services.hide_documents(actor=factories.holder(space), document_ids=order, at=LATER)  # type: ignore[arg-type]
        )

    assert at_once(act(list(ids)), act(ids[::-1])) == [6, 6]
    assert actions(space, "dmp.document.hide") == 6


def test_rel_21_two_first_readings_at_once_leave_one_mark_and_two_lines():
    space = factories.space()
    row, reader = filed(space), factories.user(person=space.identity)

    def act() -> object:
        actor = factories.holder(space, user_id=reader.id)
        return services.open_document(actor=actor, document_id=row.id, at=LATER).problem

    assert at_once(act, act) == ["", ""]
    assert ReadMark.objects.count() == 1
    assert actions(space, "dmp.document.read") == 2


def test_acc_37_a_document_that_comes_while_the_space_closes_is_not_filed():
    """The actor was built before; the space is looked at again under its lock."""
    space = factories.space()
    closing, waiting = threading.Event(), threading.Event()

    def close() -> None:
        with transaction.atomic():
            row = HealthSpace.objects.select_for_update(of=("self",)).get(pk=space.id)
            closing.set()
            waiting.wait(5)
            row.status, row.closed_at = HealthSpace.Status.CLOSED, NOON
            row.save()

    def deposit() -> object:
        closing.wait(5)
        threading.Timer(0.3, waiting.set).start()
        deposit = Deposit(data=Cda(patient=space.identity).data())
        return services.deposit_document(actor=factories.system(space), deposit=deposit, at=NOON)

    _closed, answer = at_once(close, deposit)

    assert isinstance(answer, AccessDeniedError)
    assert answer.decision.rule == "ACC-37.space"
    assert not Document.objects.exists()


def test_rel_21_a_clock_that_runs_behind_does_not_break_the_hiding():
    """Filed by a machine whose clock is ahead of ours: the act succeeds, and stays after the receipt."""
    space = factories.space()
    row = filed(space, at=LATER)

    hidden = services.hide_document(actor=factories.holder(space), document_id=row.id, at=NOON)

    assert hidden.hidden_at == LATER
