"""White lists for tests, in the published shape."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import datetime, timedelta
from html import escape

from apps.directory.services import Imported
from apps.directory.trusting import import_trusted_domains
from tests.harness.clock import NOON

HOSPITAL, LABORATORY, OPERATOR = "hopital.mssante.example", "labo.mssante.example", "pro.mssante.example"
ISSUED = NOON - timedelta(hours=1)
NAMESPACE = "https://listeblanche.mssante.fr/schema"


def trust_list(
    *domains: str,
    issued: datetime | str = ISSUED,
    operator: str = "CN=portail,O=Opérateur,C=FR",
    namespace: str = NAMESPACE,
) -> bytes:
    """The file that lists these domains, all of one operator."""
    date = issued if isinstance(issued, str) else issued.isoformat()
    entries = "".join(_entry(domain, operator) for domain in domains)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><ListeBlanche xmlns="{namespace}">'
        f"<DateDeGeneration>{date}</DateDeGeneration><Domaines>{entries}</Domaines></ListeBlanche>"
    ).encode()


def _entry(domain: str, operator: str) -> str:
    return (
        f"<Domaine><Nom>{escape(domain)}</Nom><Description>Essai</Description>"
        f"<DNCertificatOperateur>{escape(operator)}</DNCertificatOperateur><DateMAJ>2026-01-05</DateMAJ></Domaine>"
    )


def bring(data: bytes, *, at: datetime = NOON, force: bool = False) -> Imported:
    """Import the file."""
    return import_trusted_domains(source=io.BytesIO(data), at=at, force=force)


def trust_these(*domains: str, at: datetime = NOON) -> None:
    """Make these domains the trusted ones, whatever was trusted before."""
    bring(trust_list(*domains, issued=at), at=at, force=True)


def many(count: int) -> Iterable[str]:
    """So many domains."""
    return (f"d{number}.mssante.example" for number in range(count))
