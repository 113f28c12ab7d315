"""Messages that wait together are kept in one transaction, and each one is told of its own commit (REL-02)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest

from apps.common.ids import uuid7
from apps.mss.door import database
from apps.mss.door.accepting import Delivery
from apps.mss.door.answers import Answer
from apps.mss.door.database import AwayError, Threads, Writer
from apps.mss.models import Arrival
from apps.mss.sealing import unseal
from tests import factories
from tests.harness.clock import NOON
from tests.mss.arriving import letter
from tests.mss.door.opened import SENDER

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("listed")]


def delivery(number: int, *space_ids: UUID, sender: str = SENDER) -> Delivery:
    data = letter(number=f"w{number}", sender=sender)
    return Delivery(sender=sender, peer="", space_ids=space_ids, data=data, received_at=NOON)


def kept_together(*deliveries: Delivery) -> tuple[list[int], list[Answer | type[BaseException]]]:
    """Messages of each transaction, and what each of those who waited was told."""
    sizes: list[int] = []

    async def story() -> list[Answer | BaseException]:
        threads = Threads(readers=1)
        writer = Writer(threads, lambda ids: sizes.append(len(ids)))
        try:
            return await asyncio.gather(*map(writer.keep, deliveries), return_exceptions=True)
        finally:
            await asyncio.to_thread(threads.close)

    told = asyncio.run(story())
    return sizes, [each if isinstance(each, Answer) else type(each) for each in told]


def test_rel_02_messages_that_wait_share_a_transaction_and_each_is_sealed_for_its_row():
    space = factories.space()
    deliveries = [delivery(number, space.id) for number in range(5)]

    assert kept_together(*deliveries) == ([5], [Answer.TAKEN] * 5)
    opened = {unseal(bytes(row.sealed), row_id=row.id) for row in Arrival.objects.order_by("id")}
    assert opened == {each.data for each in deliveries}


def test_rel_02_one_that_cannot_be_kept_takes_no_other_one_with_it():
    space = factories.space()
    deliveries = [delivery(0, space.id), delivery(1, uuid7()), delivery(2, space.id)]

    assert kept_together(*deliveries) == ([1, 1], [Answer.TAKEN, AwayError, Answer.TAKEN])
    assert Arrival.objects.count() == 2


def test_mss_02_one_of_an_unknown_author_is_refused_alone():
    space = factories.space()
    deliveries = [delivery(0, space.id), delivery(1, space.id, sender="a@ailleurs.example"), delivery(2, space.id)]

    assert kept_together(*deliveries) == ([2], [Answer.TAKEN, Answer.UNTRUSTED, Answer.TAKEN])
    assert Arrival.objects.count() == 2


def test_a_fault_that_nobody_foresaw_lets_nobody_wait_for_ever():
    """A sender that no database can hold: the door refuses it at MAIL, and would not hang without that."""
    space = factories.space()
    wrong = replace(delivery(0, space.id), sender="a\udce9@b.example")
    with pytest.raises(UnicodeEncodeError):
        asyncio.run(fault_of(wrong))

    assert not Arrival.objects.exists()


async def fault_of(wrong: Delivery) -> None:
    """The fault itself, after the one who waits was told."""
    threads = Threads(readers=1)
    writer = Writer(threads, lambda _ids: None)
    try:
        waiting = asyncio.ensure_future(writer.keep(wrong))
        await asyncio.sleep(0)
        (task,) = writer._running
        with pytest.raises(AwayError):
            await waiting
        await task
    finally:
        await asyncio.to_thread(threads.close)


def test_a_transaction_has_a_largest_number_and_a_largest_size(monkeypatch):
    space = factories.space()
    monkeypatch.setattr(database, "TOGETHER", 4)
    sizes, _ = kept_together(*(delivery(number, space.id) for number in range(6)))
    monkeypatch.setattr(database, "BYTES_TOGETHER", 1)
    alone, _ = kept_together(*(delivery(number, space.id) for number in range(3)))

    assert (sorted(sizes), alone) == ([2, 4], [1, 1, 1])


def test_a_box_that_is_named_twice_has_the_message_once():
    space = factories.space()
    kept_together(delivery(0, space.id, space.id))

    assert [row.space_id for row in Arrival.objects.get().addresses.all()] == [space.id]


def test_what_a_sender_hung_up_on_before_its_turn_is_not_kept():
    space = factories.space()
    first, second = delivery(0, space.id), delivery(1, space.id)

    async def story() -> None:
        threads = Threads(readers=1)
        writer = Writer(threads, lambda _ids: None)
        waiting = [asyncio.create_task(writer.keep(each)) for each in (first, second)]
        await asyncio.sleep(0)  # both wait, nothing has begun
        waiting[1].cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await asyncio.to_thread(threads.close)

    asyncio.run(story())
    (kept,) = Arrival.objects.all()
    assert unseal(bytes(kept.sealed), row_id=kept.id) == first.data
