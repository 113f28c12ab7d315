"""Who the operator is and whom it believes: the authority of the trust space alone, TLS 1.2 at least (MSS-04)."""

from __future__ import annotations

import ssl
from pathlib import Path

from simulators.certificates import OPERATOR, Certificates, make_certificates


def as_client(folder: Path) -> ssl.SSLContext:
    """To speak to the portal's door: its name is checked, our certificate shown."""
    made = make_certificates(folder)
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=made.authority)
    return _with_ours(context, made)


def as_server(folder: Path) -> ssl.SSLContext:
    """For those who speak to our own door: nobody without a certificate of the authority."""
    made = make_certificates(folder)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=made.authority)
    context.verify_mode = ssl.CERT_REQUIRED
    return _with_ours(context, made)


def _with_ours(context: ssl.SSLContext, made: Certificates) -> ssl.SSLContext:
    pair = made.of(OPERATOR)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(pair.certificate, pair.key)
    return context
