"""Contexts of the sites: certificate and versions of each."""

from __future__ import annotations

import ssl
import warnings
from pathlib import Path

from simulators.candidate_site.sites import Site, Tls


def context(site: Site, pair: tuple[Path, Path]) -> ssl.SSLContext:
    """How this site shakes hands. Old versions are spoken on purpose."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*pair)
    if site.tls in {Tls.OLD_TOO, Tls.OLD_ONLY}:
        made.set_ciphers("ALL:@SECLEVEL=0")
        made.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    if site.tls is Tls.OLD_ONLY:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            made.maximum_version = ssl.TLSVersion.TLSv1_1
    return made
