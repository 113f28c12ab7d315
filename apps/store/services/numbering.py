"""Numbers of dossiers, names and slugs of services: given out one after the other under one lock (PU-07, S32)."""

from __future__ import annotations

import secrets
from datetime import datetime
from itertools import count

from django.db import connection, transaction
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr
from django.utils.text import slugify

from apps.common.dates import PARIS
from apps.common.text import fold
from apps.store.models import Candidacy, Publisher, Service

_LOCK = 0x53544F4E  # "STON"; of the transaction, so that a number that was given out is seen by the next one
_AFTER_YEAR = 6  # "2026-" has five characters
_TOKEN_BYTES = 24
_SLUG_BEFORE_SUFFIX = 80


def wait_for_turn() -> None:
    """Wait until nobody else gives out numbers and names; until the end of the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def next_number(*, at: datetime) -> str:
    """ "2026-0147": the year in Paris and a number without gaps. The caller has waited for its turn."""
    year = at.astimezone(PARIS).year
    rows = Candidacy.objects.filter(number__startswith=f"{year}-")
    last = rows.aggregate(last=Max(Cast(Substr("number", _AFTER_YEAR), IntegerField())))["last"] or 0
    return f"{year}-{last + 1:04d}"


def service_named(*, publisher: Publisher, name: str) -> Service | None:
    """The service of this publisher with that name, however it is written."""
    return Service.objects.filter(publisher=publisher, folded_name=fold(name)).first()


@transaction.atomic
def new_service(*, publisher: Publisher, name: str) -> Service:
    """A service with its address in the catalogue and the token that its domain must show (STO-109)."""
    return Service.objects.create(
        publisher=publisher,
        name=name,
        folded_name=fold(name),
        slug=_free_slug(name, publisher.siren),
        domain_token=secrets.token_urlsafe(_TOKEN_BYTES),
    )


def _free_slug(name: str, siren: str) -> str:
    """Two publishers may have services of one name: the second address ends with the SIREN."""
    plain = slugify(name)[:_SLUG_BEFORE_SUFFIX] or "service"
    tries = (plain, f"{plain}-{siren}", *(f"{plain}-{siren}-{more}" for more in range(2, 10)))
    taken = set(Service.objects.filter(slug__startswith=plain).values_list("slug", flat=True))
    return next((slug for slug in tries if slug not in taken), None) or next(
        slug for more in count(10) if (slug := f"{plain}-{siren}-{more}") not in taken
    )
