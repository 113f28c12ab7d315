"""Celery tasks of sign-in."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from apps.accounts.sessions import SessionStore


@shared_task(name="accounts.clear_sessions")
def clear_sessions(**_future: Any) -> None:  # noqa: ANN401  arguments of a newer version
    """Delete sessions that ended more than a day ago."""
    SessionStore.clear_expired()
