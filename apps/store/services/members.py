"""People of a publisher: their roles, their mandate, their leaving; requests to join (PU-02, STO-13)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from apps.access import AccessDeniedError, Actor
from apps.common.dates import PARIS
from apps.files import services as files
from apps.files.models import StoredFile, Vault
from apps.formats import media
from apps.store import policies
from apps.store.models import Member
from apps.store.services import acting, uploads
from apps.store.services.errors import UnknownRowError, WrongValueError
from apps.store.services.publishers import locked

LARGEST = 20_000_000  # bytes of a mandate (STO-30)


def members_of(publisher_id: UUID) -> list[Member]:
    """Everybody who acts for the organisation now, with their account, in the order they came. One query."""
    running = Member.objects.filter(publisher_id=publisher_id, ended_at=None).select_related("user")
    return list(running.order_by("started_at", "id"))


def own_publisher(actor: Actor) -> UUID:
    """Id of the organisation that somebody acts for. Raises `UnknownRowError` for people without one."""
    if not actor.organisation_id:
        raise UnknownRowError
    return UUID(actor.organisation_id)


def member_for(*, actor: Actor, member_id: UUID) -> Member:
    """A running member of one's own organisation. Raises `UnknownRowError`."""
    running = Member.objects.filter(ended_at=None).select_related("user", "publisher")
    found = running.filter(id=member_id, publisher_id=own_publisher(actor)).first()
    if found is None:
        raise UnknownRowError
    return found


@transaction.atomic
def change_roles(*, actor: Actor, member_id: UUID, roles: Collection[str], at: datetime) -> None:
    """Give a member other roles; by an administrator, with effect at the member's next request.

    Raises `AccessDeniedError`, `UnknownRowError`; `WrongValueError` for unknown or no roles, and when nobody would be
    administrator any more.
    """
    me = acting.member_who_acts(actor, Member.Role.OWNER)
    locked(me.publisher_id)
    member = member_for(actor=actor, member_id=member_id)
    right = checked_roles(roles)
    if right == member.roles:
        return
    if Member.Role.OWNER not in right:
        _keep_an_owner(member)
    member.roles = right
    member.save(update_fields=["roles"])
    _trace(actor, "member.roles", member, at, roles=" ".join(right))


@transaction.atomic
def end(*, actor: Actor, member_id: UUID, at: datetime) -> None:
    """End a membership; by an administrator, or by the member themself. The row stays with its dates.

    Raises `AccessDeniedError`, `UnknownRowError`; `WrongValueError` for the last administrator.
    """
    me = acting.member_who_acts(actor)
    locked(me.publisher_id)
    member = member_for(actor=actor, member_id=member_id)
    if member.id != me.id and not me.is_owner:
        raise AccessDeniedError(policies.NO_ROLE)
    _keep_an_owner(member)
    member.ended_at, member.ended_by_id = at, me.user_id
    member.save(update_fields=["ended_at", "ended_by"])
    _trace(actor, "member.end", member, at)


@transaction.atomic
def add_mandate(*, actor: Actor, member_id: UUID, data: bytes, until: date, at: datetime) -> None:
    """Keep the mandate of somebody who signs: a PDF in the vault of the organisation, readable once the antivirus has
    looked (STO-48, SEC-11). By an administrator, or by the member themself; it takes the place of an earlier one.

    Raises `AccessDeniedError`, `UnknownRowError`, `WrongValueError`, `StoreUnavailableError`.
    """
    me = acting.member_who_acts(actor)
    locked(me.publisher_id)
    member = member_for(actor=actor, member_id=member_id)
    if member.id != me.id and not me.is_owner:
        raise AccessDeniedError(policies.NO_ROLE)
    if not data or len(data) > LARGEST or media.sniff(data) != media.PDF:
        raise WrongValueError("mandate", "not-a-pdf")
    if until < at.astimezone(PARIS).date():
        raise WrongValueError("until", "past")
    if uploads.is_too_much(publisher_id=member.publisher_id, size=len(data), at=at):
        raise WrongValueError("mandate", "too-often")
    content = files.Content(data=data, media_type=media.PDF)
    file = files.store_for(owner_kind=Vault.Owner.ORGANISATION, owner_id=member.publisher_id, content=content, at=at)
    member.mandate_vault_id, member.mandate_file_id, member.mandate_until = file.vault_id, file.id, until
    member.save(update_fields=["mandate_vault_id", "mandate_file_id", "mandate_until"])
    _trace(actor, "member.mandate", member, at, until=until.isoformat())


@transaction.atomic
def read_mandate(*, actor: Actor, member_id: UUID, at: datetime) -> files.Content:
    """The mandate of a member of one's own organisation; each opening is traced.

    Raises `UnknownRowError`, `FileNotReadableError`, `FileGoneError`, `StoreUnavailableError`.
    """
    acting.member_who_acts(actor)
    member = member_for(actor=actor, member_id=member_id)
    file = mandate_files([member]).get(member.id)
    if file is None:
        raise UnknownRowError
    data = files.read(file)
    _trace(actor, "member.mandate.read", member, at)
    return files.Content(data=data, media_type=file.media_type)


def mandate_files(members: Collection[Member]) -> dict[UUID, StoredFile]:
    """The stored mandate of each member who has one: one query."""
    keys = {(one.mandate_vault_id, one.mandate_file_id): one.id for one in members if one.mandate_file_id}
    return {keys[file.vault_id, file.id]: file for file in StoredFile.objects.filter(pk__in=list(keys))}


def checked_roles(roles: Collection[str]) -> list[str]:
    """Known roles in their order, each once. Raises `WrongValueError`."""
    if not roles:
        raise WrongValueError("roles", "missing")
    if not set(roles) <= set(Member.Role.values):
        raise WrongValueError("roles", "unknown")
    return [role for role in Member.Role.values if role in roles]


def _keep_an_owner(member: Member) -> None:
    """Raises `WrongValueError` when this member is the last administrator; the organisation is locked."""
    if not member.is_owner:
        return
    others = Member.objects.filter(publisher_id=member.publisher_id, ended_at=None, roles__contains=["owner"])
    if not others.exclude(id=member.id).exists():
        raise WrongValueError("roles", "last-owner")


def _trace(actor: Actor, act: str, member: Member, at: datetime, **facts: str) -> None:
    acting.trace(
        actor=actor, act=act, publisher_id=member.publisher_id, target=f"member:{member.id}", at=at, facts=facts
    )
