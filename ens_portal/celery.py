"""Celery application: configuration from Django's settings, tasks from the apps."""

from __future__ import annotations

import os
from typing import TextIO

from celery import Celery
from django_structlog.celery.steps import DjangoStructLogInitStep
from kombu.transport import redis

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ens_portal.settings")


class QoS(redis.QoS):
    """Messages at work. A lost connection is taken apart by the worker before its channels are closed: giving their
    messages back would end the whole worker with an AttributeError (Celery and kombu 5.7). The broker gives them back
    itself after the visibility timeout, and rows are the truth anyway (REL-03).
    """

    def restore_unacked_once(self, stderr: TextIO | None = None) -> None:
        if self.channel.connection.client is not None:
            super().restore_unacked_once(stderr)


redis.Channel.QoS = QoS

app = Celery("ens_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)
