"""Bringing in the white list of the trust space: whole or not at all, the last valid one stays (MSS-03)."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from apps.access import Actor, Role
from apps.audit.services import Line, record
from apps.common.locks import advisory_lock
from apps.directory import services, trust
from apps.directory.models import TrustedDomain, TrustedList
from apps.directory.services import Imported
from apps.directory.trust_list import TrustFault, TrustList, TrustListError, read_trust_list
from apps.formats.xml import MAX_BYTES

_CLOCKS = timedelta(hours=1)  # by which the clock of the publisher may be ahead of ours


def import_trusted_domains(*, source: BinaryIO, at: datetime, force: bool = False) -> Imported:
    """Put a newer list in the place of the present one; the same list again says that it is still the last one.

    Counts domains: `accepted` are new or have another operator. Raises `TrustListError` when the list is no list, has
    no date or one to come, is expired, and, unless `force`, when it is older than the present one or lacks more than
    `MSS_TRUST_MAX_DROP_PERCENT` of its domains; `LockTakenError` when another import is at work. Then nothing is
    written, and the present list is good until it expires.
    """
    data = source.read(MAX_BYTES + 1)
    found = read_trust_list(data)
    expires_at = found.issued_at + timedelta(days=settings.MSS_TRUST_DAYS)
    _require_current(found, expires_at, at)
    with advisory_lock(services.LOCK, wait=False), transaction.atomic():
        present = dict(TrustedDomain.objects.values_list("domain", "operator"))
        if not force:
            _require_likely(found, present)
        row = TrustedList(
            issued_at=found.issued_at,
            expires_at=expires_at,
            checked_at=at,
            sha256=hashlib.sha256(data).hexdigest(),
            domains=len(found.operators),
        )
        imported = _write(found, row, present)
        _record(imported, at)
    trust.forget()
    return imported


def _require_current(found: TrustList, expires_at: datetime, at: datetime) -> None:
    if found.issued_at > at + _CLOCKS:
        raise TrustListError(TrustFault.FUTURE)
    if expires_at <= at:
        raise TrustListError(TrustFault.EXPIRED)


def _require_likely(found: TrustList, present: dict[str, str]) -> None:
    last = TrustedList.objects.order_by("-issued_at", "-id").first()
    if last is not None and found.issued_at < last.issued_at:
        raise TrustListError(TrustFault.OLDER)
    gone = len(present.keys() - found.operators.keys())
    if gone * 100 > len(present) * settings.MSS_TRUST_MAX_DROP_PERCENT:
        raise TrustListError(TrustFault.SHRUNK, f"{gone}/{len(present)}")


def _write(found: TrustList, row: TrustedList, present: dict[str, str]) -> Imported:
    row.save()
    changed = {name for name, operator in found.operators.items() if present.get(name) != operator}
    TrustedDomain.objects.exclude(domain__in=found.operators.keys() - changed).delete()
    TrustedDomain.objects.update(source=row)
    TrustedDomain.objects.bulk_create(
        [TrustedDomain(domain=name, operator=found.operators[name], source=row) for name in sorted(changed)],
        batch_size=1000,
    )
    TrustedList.objects.exclude(id=row.id).delete()
    return Imported(
        read=found.read,
        accepted=len(changed),
        unchanged=len(found.operators) - len(changed),
        refused=found.refused,
        ignored=found.repeated,
        faults=[("domain", found.refused)] if found.refused else [],
    )


def _record(imported: Imported, at: datetime) -> None:
    line = Line(action="directory.trust.import", actor_id="directory.import", facts=imported.counts())
    record(actor=Actor(role=Role.SYSTEM, at=at), at=at, line=line)
