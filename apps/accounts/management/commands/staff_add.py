"""`manage.py staff_add`: an account for a member of the staff, and the link with which they choose a password."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import StaffRole
from apps.accounts.services.resetting import address_of
from apps.accounts.services.staff import IdentifierTakenError


class Command(BaseCommand):
    """Prints the link once; it works once, for half an hour. The second factor is added at the first sign-in."""

    help = "Make an account for a member of the staff and print the link that opens it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("roles", nargs="+", choices=[role.value for role in StaffRole])

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ANN401, ARG002  Django's signature
        roles = [StaffRole(role) for role in options["roles"]]
        try:
            user = services.add_staff(email=options["email"], roles=roles, at=timezone.now())
        except IdentifierTakenError as error:
            message = "this address is in use already"
            raise CommandError(message) from error
        self.stdout.write(address_of(services.key_of(user)))
