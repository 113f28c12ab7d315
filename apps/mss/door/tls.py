"""Encryption of the door: TLS 1.2 at least, and nobody without a certificate of the one authority (MSS-04)."""

from __future__ import annotations

import ssl

from django.conf import settings


class DoorNotConfiguredError(Exception):
    """A file of the certificates is not named, not there, or not one."""


def context() -> ssl.SSLContext:
    """The authorities of the machine count for nothing. Raises `DoorNotConfiguredError`."""
    if not all((settings.MSS_DOOR_CA, settings.MSS_DOOR_CERTIFICATE, settings.MSS_DOOR_KEY)):
        msg = "ENS_SMTP_CA, ENS_SMTP_CERTIFICATE and ENS_SMTP_KEY name the PEM files of the door"
        raise DoorNotConfiguredError(msg)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.verify_mode = ssl.CERT_REQUIRED
    try:
        made.load_verify_locations(settings.MSS_DOOR_CA)
        made.load_cert_chain(settings.MSS_DOOR_CERTIFICATE, settings.MSS_DOOR_KEY)
    except OSError as error:  # ssl.SSLError is one
        msg = f"the PEM files of the door cannot be used: {error.strerror or type(error).__name__}"
        raise DoorNotConfiguredError(msg) from error
    return made
