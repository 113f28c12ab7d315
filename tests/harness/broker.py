"""The real broker of the run: tests queue for real, no worker takes the messages, and they can be looked at."""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from typing import Any

import redis
from django.conf import settings

QUEUES = ("default", "mail", "scan", "review")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One queued task: its name, its arguments and the queue."""

    task: str
    ids: dict[str, Any]
    queue: str


def messages() -> list[Message]:
    """Messages that wait on the queues, oldest first in each."""
    broker = _broker()
    try:
        return [_message(raw, queue) for queue in QUEUES for raw in reversed(broker.lrange(queue, 0, -1))]
    finally:
        broker.close()


class ForeignBrokerError(RuntimeError):
    """The broker was given by the environment: its messages belong to somebody else."""


def empty_queues() -> None:
    """Throw away what waits. Raises `ForeignBrokerError` unless this run started the broker."""
    if not is_ours():
        raise ForeignBrokerError(settings.BROKER_URL)
    broker = _broker()
    try:
        broker.delete(*QUEUES)
    finally:
        broker.close()


def is_ours() -> bool:
    """Whether this run started the broker: nobody else's messages are ever touched."""
    return "ENS_TEST_VALKEY_SOCKET" in os.environ


def _broker() -> redis.Redis:
    return redis.Redis.from_url(settings.BROKER_URL)


def _message(raw: bytes, queue: str) -> Message:
    envelope = json.loads(raw)
    _args, kwargs, _options = json.loads(base64.b64decode(envelope["body"]))
    return Message(task=envelope["headers"]["task"], ids=kwargs, queue=queue)
