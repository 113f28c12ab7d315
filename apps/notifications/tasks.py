"""Celery tasks of the outbox, queue `mail`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from apps.notifications import jobs
from apps.notifications.gateways.smtp import SmtpRelay


@shared_task(name="notifications.deliver")
def deliver(*, mail_id: str, **_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Send one mail whose event has just been written."""
    jobs.deliver(mail_id=UUID(mail_id), relay=SmtpRelay(), at=timezone.now())


@shared_task(name="notifications.sweep")
def sweep(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Send the mails that are due: grouped ones, digests, repeats, and those whose task was lost."""
    jobs.sweep(relay=SmtpRelay(), at=timezone.now())


@shared_task(name="notifications.tell_security")
def tell_security(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Tell people what happened to the ways into their account."""
    jobs.tell_security(at=timezone.now())


@shared_task(name="notifications.forget")
def forget(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Let go of what is older than the retention."""
    jobs.forget(at=timezone.now())
