"""Counts equal a recount after any sequence of acts (S46, MSS-35)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.mss.jobs.purging import purge_bin
from apps.mss.models import Message, Thread
from apps.mss.services import reading, tidying
from apps.mss.views.folders import Folder, in_folder, tabs
from tests import factories
from tests.harness.clock import NOON
from tests.mss.arriving import letter, receive
from tests.mss.writing import writer

ACTS = ["arrive", "answer", "read", "unread", "bin", "restore", "close", "reopen", "purge", "twice"]
step = st.tuples(st.sampled_from(ACTS), st.integers(min_value=0, max_value=5))


def play(space, steps) -> None:
    actor = writer(space)
    for hour, (act, which) in enumerate(steps):
        at = NOON + timedelta(hours=hour)
        threads = list(Thread.objects.filter(space_id=space.id).order_by("started_at", "id"))
        if act == "arrive" or not threads:
            receive(letter(number=f"n{hour}"), space, at=at)
            continue
        thread = threads[which % len(threads)]
        if act in {"answer", "twice"}:
            first = Message.objects.filter(space_id=space.id, thread_id=thread.id).order_by("received_at", "id")[0]
            data = letter(number=f"n{hour}", fields=f"In-Reply-To: <{first.message_id}>\r\n")
            for _ in range(2 if act == "twice" else 1):
                receive(data, space, at=at)
            continue
        _do(act, actor, thread, at)


def _do(act, actor, thread, at) -> None:
    if act == "purge":
        purge_bin(at=at + timedelta(days=31))
        return
    services = {
        "read": reading.open_thread, "unread": reading.mark_unread, "bin": tidying.bin_thread,
        "restore": tidying.restore_thread, "close": tidying.close_thread, "reopen": tidying.reopen_thread,
    }  # fmt: skip
    services[act](actor=actor, thread_id=thread.id, at=at)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(step, min_size=1, max_size=12))
def test_s46_what_is_shown_equals_a_recount(steps):
    space = factories.space()
    play(space, steps)

    for thread in Thread.objects.filter(space_id=space.id):
        letters = list(Message.objects.filter(space_id=space.id, thread_id=thread.id))
        assert thread.messages == len(letters)
        assert thread.unread == sum(each.direction == "in" and each.read_at is None for each in letters)
        assert thread.last_at == max(each.received_at for each in letters)
    shown = {tab.folder: tab.count for tab in tabs(actor=writer(space))}
    for folder in Folder:
        assert shown[folder] == in_folder(actor=writer(space), folder=folder).count()
    unread = Message.objects.filter(space_id=space.id, direction="in", read_at=None, thread__binned_at=None)
    assert shown[Folder.UNREAD] == len(set(unread.values_list("thread_id", flat=True)))
    assert shown[Folder.UNREAD] == reading.unread_threads(writer(space))
