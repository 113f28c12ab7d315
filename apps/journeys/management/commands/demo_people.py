"""`manage.py demo_people`: who can sign in to the demonstration."""

from __future__ import annotations

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.journeys.demonstration import staff
from apps.journeys.demonstration.codes import codes
from apps.journeys.demonstration.load import FRANCECONNECT_FILE


class Command(BaseCommand):
    """Names and purposes of the people on the simulator's list, the first one first."""

    help = "Prints the test people of the demonstration."

    def handle(self, *_args: object, **_options: object) -> None:
        path = Path(settings.STATE_DIR) / FRANCECONNECT_FILE
        if not path.is_file():
            self.stdout.write("No test people yet: run demo_load.")
            return
        self.stdout.write("Test people (Se connecter, then FranceConnect):")
        for person in json.loads(path.read_text(encoding="utf-8")):
            self.stdout.write(f"  {person['label']:<22} {person['note']}")
        self.stdout.write("Staff and publisher (Se connecter, then Identifiant et second facteur):")
        for account in staff.ACCOUNTS:
            self.stdout.write(f"  {account.email:<26} {account.note}")
        self.stdout.write(f"  password: {staff.PASSWORD}")
        self.stdout.write(f"  key for an application of one-time codes: {staff.SEED}")
        self.stdout.write(
            "Notices whose six weeks run (/opposition/, /activation/): code, birth date, number of the addressee:"
        )
        for one in codes(at=timezone.now()):
            self.stdout.write(f"  {one.code}  {one.birth_date}  {one.situation:<14} {one.name}  {one.number}")
