"""Closes all vault keys anew with the current master key, in batches; the contents are not touched (SEC-28).

Every vault key says which master key closes it, so each batch leaves a state that is right by itself: the work may be
killed at any point, run twice at once, and be started again (REL-02).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from math import inf
from time import monotonic
from uuid import UUID

from django.db import models, transaction

from apps.access import SYSTEM
from apps.audit.services import Line, record
from apps.common.failpoints import reach
from apps.files.crypto import TamperedError
from apps.files.keys import current_version, key_of, require_known, wrapped_now
from apps.files.models import KeyRotation, MasterKey, Vault

BATCH = 500  # vault keys a transaction
_ACTOR = "files.rotate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Vault keys by the version of their master key, and the row of the rotation to the current one."""

    counts: dict[int, int]
    rotation: KeyRotation | None

    @property
    def left(self) -> int:
        """Vault keys that another master key still closes."""
        return sum(count for version, count in self.counts.items() if version != current_version())


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """`last` id seen, None at the end; `unreadable` keys are not what was stored, and stay as they are (REL-07)."""

    rewrapped: int
    unreadable: int
    last: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one run did; `left` vault keys still need another master key."""

    rewrapped: int
    unreadable: int
    left: int


def standing() -> Standing:
    """How far the rotation is, by counting."""
    counted = _closed_vaults().values("master_version").annotate(number=models.Count("id"))
    counts = {row["master_version"]: row["number"] for row in counted.order_by("master_version")}
    return Standing(counts=counts, rotation=KeyRotation.objects.filter(pk=current_version()).first())


def begin(*, at: datetime) -> KeyRotation | None:
    """The row of the rotation, made when vault keys wait for it; None when there is nothing to do.

    Raises `MasterKeyMissingError` when the settings lack a key that closes vault keys, `WrongMasterKeyError` when they
    hold another one under its number: nothing is changed then.
    """
    now = standing()
    if not now.left:
        return None
    for version in {*now.counts, current_version()}:
        require_known(version)
    defaults = {"started_at": at, "moved_on_at": at}
    rotation, _made = KeyRotation.objects.get_or_create(to_version=current_version(), defaults=defaults)
    if not standing().left:  # another run has ended it since, and this one has just noted the old key again
        MasterKey.objects.exclude(version=current_version()).delete()
        return None
    return rotation


def rotate(*, clock: Callable[[], datetime], seconds: float = inf) -> Outcome:
    """Close every vault key anew, as far as `seconds` allow. Raises what `begin` raises, before anything is changed."""
    rewrapped = unreadable = 0
    last = UUID(int=0) if begin(at=clock()) else None
    end = monotonic() + seconds
    while last is not None and monotonic() < end:
        batch = rewrap_batch(at=clock(), after=last)
        rewrapped, unreadable, last = rewrapped + batch.rewrapped, unreadable + batch.unreadable, batch.last
        reach("files.rotate.between_batches")
    finish(at=clock())
    return Outcome(rewrapped=rewrapped, unreadable=unreadable, left=standing().left)


@transaction.atomic
def rewrap_batch(*, at: datetime, after: UUID, limit: int = BATCH) -> Batch:
    """Close the next vault keys behind an id; those that another process holds are left to it.

    Raises `MasterKeyMissingError`: the batch is undone.
    """
    due = _closed_vaults().exclude(master_version=current_version()).filter(id__gt=after).order_by("id")
    vaults = list(due.select_for_update(of=("self",), skip_locked=True)[:limit])
    if not vaults:
        return Batch(rewrapped=0, unreadable=0, last=None)
    done = [vault for vault in vaults if _rewrap(vault)]
    reach("files.rotate.before_write")
    Vault.objects.bulk_update(done, ["wrapped_key", "master_version"])
    row = KeyRotation.objects.filter(to_version=current_version())
    row.update(rewrapped=models.F("rewrapped") + len(done), moved_on_at=at, finished_at=None)
    reach("files.rotate.before_commit")
    return Batch(rewrapped=len(done), unreadable=len(vaults) - len(done), last=vaults[-1].id)


def _rewrap(vault: Vault) -> bool:
    try:
        key = key_of(vault)
    except TamperedError:
        return False
    vault.wrapped_key, vault.master_version = wrapped_now(vault_id=vault.id, key=key)
    return True


@transaction.atomic
def finish(*, at: datetime) -> bool:
    """True when the current master key closes every vault key: the others may be thrown away. Twice is once."""
    if standing().left:
        return False
    row = KeyRotation.objects.select_for_update(of=("self",)).filter(pk=current_version(), finished_at=None).first()
    if row is None:
        return True
    row.finished_at = at
    row.save(update_fields=["finished_at"])
    MasterKey.objects.exclude(version=current_version()).delete()
    reach("files.rotate.before_end")
    facts = {"version": row.to_version, "vaults": row.rewrapped}
    record(actor=SYSTEM, at=at, line=Line(action="files.key.rotate", actor_id=_ACTOR, facts=facts))
    return True


def _closed_vaults() -> models.QuerySet[Vault]:
    return Vault.objects.filter(wrapped_key__isnull=False)
