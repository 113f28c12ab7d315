"""`manage.py demo_load`: the demonstration country, once."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from apps.common.dates import PARIS
from apps.journeys.demonstration import load


class Command(BaseCommand):
    """All or nothing; a second run changes nothing. Refused outside demonstration and tests (SEC-29)."""

    help = "Loads 2,000 invented people, 60 professionals and their documents into an empty database."

    def handle(self, *_args: object, **_options: object) -> None:
        if settings.ENS_ENV == "production":
            msg = "The demonstration country is for demonstrations: nothing was loaded."
            raise CommandError(msg)
        if load.is_loaded():
            self.stdout.write("The demonstration data are there already.")
            return
        now = timezone.now()
        with transaction.atomic():
            spaces = load.load(state=Path(settings.STATE_DIR), today=now.astimezone(PARIS).date(), at=now)
        self.stdout.write(f"{spaces} spaces, their documents and readings are loaded.")
