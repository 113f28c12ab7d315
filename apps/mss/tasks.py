"""Celery tasks of the mailbox: filing on queue `default`, sending on queue `mail`."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from apps.mss.gateways.base import make_relay
from apps.mss.jobs import filing, forgetting, purging, receipting, sending


@shared_task(name="mss.file_arrivals")
def file_arrivals(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """File what the door has taken and what failed before; several at once share the work."""
    filing.file_arrivals(at=timezone.now())


@shared_task(name="mss.send_mails")
def send_mails(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Queue the receipts that are due, send what waits and repeat what failed; several at once share the work."""
    at = timezone.now()
    receipting.queue_due(at=at)
    with make_relay() as relay:
        sending.send_due(relay=relay, at=at)


@shared_task(name="mss.purge_bin")
def purge_bin(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Erase what has been in the bin for thirty days."""
    purging.purge_bin(at=timezone.now())


@shared_task(name="mss.forget_arrivals")
def forget_arrivals(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Drop old traces of deliveries."""
    forgetting.forget_arrivals(at=timezone.now())
