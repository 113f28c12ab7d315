from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from celery import Celery
from django.db import transaction

from apps.common.tasks import enqueue
from apps.directory.models import Organisation
from apps.files.tasks import scan
from tests.harness.broker import Message

IDS = {"vault_id": str(UUID(int=1)), "file_id": str(UUID(int=2))}
QUEUED = Message(task="files.scan", ids=IDS, queue="scan")


elsewhere = Celery("elsewhere", broker="redis://127.0.0.1:1/0", set_as_current=False)  # nobody listens on port 1


@elsewhere.task(name="elsewhere.without_broker", shared=False)  # not in the register of the portal
def without_broker(**_ids: str) -> None:
    """Never runs."""


class UndoneError(Exception):
    """Raised to roll back."""


@transaction.atomic
def enqueue_and_undo() -> None:
    enqueue(scan, **IDS)
    raise UndoneError


@pytest.mark.django_db(transaction=True)
class TestEnqueue:
    def test_sends_after_the_commit_only(self, queue):
        with transaction.atomic():
            enqueue(scan, **IDS)
            assert queue() == []

        assert queue() == [QUEUED]

    def test_sends_nothing_after_a_rollback(self, queue):
        with pytest.raises(UndoneError):
            enqueue_and_undo()

        assert queue() == []

    def test_rel_03_a_broker_that_is_away_does_not_undo_the_act(self):
        with transaction.atomic():
            Organisation.objects.create(technical_id="R1", name="Practice", seen_on=date(2026, 11, 1))
            enqueue(without_broker, document_id="1")

        assert Organisation.objects.count() == 1
