"""SEC-04, SEC-01, S41: the second before a right ends and the one at its end, on every address, no job running.

What each address answers stands in the matrix: the column of who has the right until the second, then that of who had
it, with a session that was opened while the right was running.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils.dateparse import parse_datetime

from apps.accounts.models import InsIdentity
from apps.common.dates import PartialDate
from apps.spaces.majority import majority_at
from apps.spaces.models import Delegation, Representation
from tests.access.matrix import CONFIRMED, MATRIX, Answer
from tests.access.test_matrix import IN_SPACE_NAMES, PATTERNS, address, class_of
from tests.cast import Cast, Who, client_of, make_cast
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
REAUTHENTICATE = "/confirmer-identite/"


def asked(client: Client, method: str, path: str) -> Any:
    """The answer; whatever the request changed is taken back."""
    with transaction.atomic():
        answer = getattr(client, method)(path)
        transaction.set_rollback(True)
    return answer


def answers(client: Client, cast: Cast, who: Who, method: str) -> dict[str, Answer]:
    return {name: class_of(asked(client, method, address(name, who, cast))) for name in IN_SPACE_NAMES}


def column(who: Who, method: str) -> dict[str, Answer]:
    return {name: getattr(MATRIX[name], method)[who] for name in IN_SPACE_NAMES}


def walked(clock: Any, cast: Cast, who: Who, end: datetime, method: str) -> list[dict[str, Answer]]:
    """Signed in ten seconds before the end; every address a second before it, at it and a second after it."""
    clock.move_to(end - timedelta(seconds=10))
    client = client_of(cast.users[who])
    found = []
    for step in (-SECOND, timedelta(), SECOND):
        clock.move_to(end + step)
        found.append(answers(client, cast, who, method))
    return found


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


STEPS = pytest.mark.parametrize("step", [-SECOND, timedelta(), SECOND], ids=["before", "at", "after"])
METHODS = pytest.mark.parametrize("method", ["get", "post"])
BIRTHS = {
    "2008-11-25": "2026-11-24T23:00:00Z",
    "2008-02-29": "2026-02-28T23:00:00Z",  # 1 March, when the year has no 29 February
    "2008-07-00": "2026-06-30T22:00:00Z",  # a day that nobody knows: the first of the month
}


@METHODS
@pytest.mark.parametrize("born", BIRTHS)
def test_sec_04_a_parent_at_midnight_of_the_eighteenth_birthday(clock, born, method):
    cast = make_cast()
    midnight = majority_at(PartialDate.parse(born))
    assert midnight.astimezone(UTC) == parse_datetime(BIRTHS[born])
    InsIdentity.objects.filter(pk=cast.child_space.identity_id).update(birth_date=born)
    Representation.objects.filter(space=cast.child_space, ended_at=None).update(ends_at=midnight)

    found = walked(clock, cast, Who.PARENT, midnight, method)

    assert found == [column(who, method) for who in (Who.PARENT, Who.EX_PARENT, Who.EX_PARENT)]


@METHODS
def test_sec_04_a_delegate_at_the_end_of_the_delegation(clock, method):
    cast = make_cast()
    end = NOON + timedelta(hours=1)
    Delegation.objects.filter(space=cast.space, person=cast.users[Who.DELEGATE].identity).update(ends_at=end)

    found = walked(clock, cast, Who.DELEGATE, end, method)

    assert found == [column(who, method) for who in (Who.DELEGATE, Who.EXPIRED_DELEGATE, Who.EXPIRED_DELEGATE)]


HISTORY = {"journeys:access_history"}
HIDING = {"dmp:document_hide", "dmp:document_unhide", "dmp:selection_hide"}
ARRANGING = {
    f"dmp:{name}"
    for name in (
        "selection_file", "folder_create", "folder_rename", "folder_delete", "document_pin", "document_unpin",
    )
}  # fmt: skip
DOCUMENTS = {name for name in IN_SPACE_NAMES if name.startswith("dmp:")}
REDUCED: list[tuple[dict[str, str], set[str]]] = [
    ({"documents": "read", "history": "read"}, HIDING | ARRANGING),
    ({"documents": "manage"}, HISTORY),
    ({"history": "read"}, DOCUMENTS),
    ({}, DOCUMENTS | HISTORY),
]


@METHODS
@pytest.mark.parametrize(("sections", "closed"), REDUCED, ids=["reads", "no history", "no documents", "nothing"])
def test_sec_01_spa_55_a_delegate_with_reduced_sections(clock, sections, closed, method):
    cast = make_cast()
    Delegation.objects.filter(space=cast.space, person=cast.users[Who.DELEGATE].identity).update(sections=sections)

    found = answers(client_of(cast.users[Who.DELEGATE]), cast, Who.DELEGATE, method)

    open_ones = {name: answer for name, answer in column(Who.DELEGATE, method).items() if name not in closed}
    assert {name: found[name] for name in closed} == dict.fromkeys(closed, Answer.NOT_FOUND)
    assert {name: found[name] for name in open_ones} == open_ones


@pytest.mark.parametrize(
    ("who", "seconds", "method"),
    [
        (Who.HOLDER, 299, "get"),
        (Who.HOLDER, 300, "get"),
        (Who.HOLDER, 301, "post"),
        (Who.PARENT, 299, "post"),
        (Who.PARENT, 300, "get"),
        (Who.PARENT, 300, "post"),
        (Who.DELEGATE, 300, "get"),
    ],
)
def test_idn_37_who_asks_again_after_five_minutes_and_who_does_not(clock, who, seconds, method):
    """The list of the acts that ask stands in the matrix; taking the question away from one of them fails here."""
    cast = make_cast()
    client = client_of(cast.users[who])
    clock.move_to(NOON + timedelta(seconds=seconds))
    found = set()
    for name in MATRIX:
        if name in {"accounts:sign_out", "accounts:fc_start"} or name.startswith("accounts:reauthenticate"):
            continue
        response = asked(client, method, address(name, who, cast))
        if response.headers.get("Location", "").startswith(REAUTHENTICATE + "?next="):
            found.add(name)

    wanted = {name for name, people in CONFIRMED.items() if who in people}
    assert found == (wanted if seconds >= 300 else set())


@STEPS
@pytest.mark.parametrize("limit", [timedelta(minutes=15), timedelta(hours=8)], ids=["idle", "absolute"])
def test_sec_04_15_a_session_ends_at_its_second_on_every_address(clock, limit, step):
    cast = make_cast()
    client = client_of(cast.users[Who.HOLDER])
    for ten_minutes in range(1, int(limit / timedelta(minutes=10)) if limit > timedelta(hours=1) else 0):
        clock.move_to(NOON + ten_minutes * timedelta(minutes=10))
        client.get(address("journeys:dashboard", Who.HOLDER, cast))
    clock.move_to(NOON + limit + step)
    name = "dmp:document_detail"
    first = class_of(asked(client, "get", address(name, Who.HOLDER, cast)))

    assert first is (Answer.OK if step < timedelta() else Answer.SIGN_IN)
    if step >= timedelta():
        assert answers(client, cast, Who.HOLDER, "get") == column(Who.VISITOR, "get")


def test_sec_01_every_act_that_asks_again_is_an_address():
    assert set(CONFIRMED) <= set(PATTERNS)
