"""`manage.py dmp_prepare`: plan the files inside documents that were filed before their type could be shown."""

from __future__ import annotations

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.dmp import services


class Command(BaseCommand):
    """May be stopped and started again at any time; the queue `scan` does the work."""

    help = "Plans pages and texts of files inside documents that have none, and queues their preparation."

    def handle(self, *_args: object, **_options: object) -> None:
        planned = sum(services.plan_missing(at=timezone.now()))
        self.stdout.write(f"{planned} files planned")
