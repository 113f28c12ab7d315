"""`manage.py dmp_prepare`: plan what documents lack that were filed before it was made: pages and texts of the files
inside, the words that a search looks in.
"""

from __future__ import annotations

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.dmp import services


class Command(BaseCommand):
    """May be stopped and started again at any time; the queue `scan` does the work."""

    help = "Plans pages, texts and search words of documents that have none; the sweep queues their preparation."

    def handle(self, *_args: object, **_options: object) -> None:
        planned = sum(services.plan_missing(at=timezone.now()))
        self.stdout.write(f"{planned} files planned")
        words = services.plan_missing_wordings(at=timezone.now())
        self.stdout.write(f"{words} documents planned for the search")
