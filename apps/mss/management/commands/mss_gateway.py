"""`mss_gateway [--lmtp]`: the door of the mailbox, in a process of its own (MSS-04)."""

from __future__ import annotations

import asyncio
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.mss.door import tls
from apps.mss.door.server import Place, serve


class Command(BaseCommand):
    help = "Take mail of the trust space by SMTP with certificates, or by LMTP from a server on this machine."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lmtp", action="store_true", help="on loopback, for a server that has checked operators")

    def handle(self, *_args: Any, lmtp: bool, **_options: Any) -> None:  # noqa: ANN401  Django's signature
        place = self._place(lmtp=lmtp)
        self.stdout.write(f"mss_gateway {'LMTP' if lmtp else 'SMTP'} on {place.host} {place.port}")
        self.stdout.flush()
        try:
            asyncio.run(serve(place))
        except OSError as error:
            msg = f"Port {place.port} of {place.host} cannot be used: {error.strerror}."
            raise CommandError(msg) from error

    def _place(self, *, lmtp: bool) -> Place:
        host, port = settings.MSS_DOOR_HOST, settings.MSS_DOOR_PORT
        if lmtp:
            if not _is_loopback(host):
                msg = "LMTP knows no certificates: ENS_SMTP_HOST has to be a loopback address."
                raise CommandError(msg)
            return Place(host=host, port=port, tls=None)
        try:
            return Place(host=host, port=port, tls=tls.context())
        except tls.DoorNotConfiguredError as error:
            msg = f"{error}."
            raise CommandError(msg) from error


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
