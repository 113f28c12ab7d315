"""Rows of the centre: the words of a notice and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from apps.access import Actor
from apps.notifications import services
from apps.notifications.kinds import Kind
from apps.notifications.models import Notice
from apps.notifications.words import sentence_of

# Pages of apps above this one, by name; the first argument is the space unless the page belongs to the account.
_IN_SPACE = {
    Kind.WITHDRAWN_DOCUMENT: "dmp:document_list",
    Kind.NEW_MESSAGE: "mss:thread_list",
    Kind.ANNOUNCED_RESULT: "journeys:dashboard",
    Kind.PROFESSIONAL_READ: "journeys:access_history",
    Kind.EMERGENCY_ACCESS: "journeys:access_history",
    Kind.PRIVACY_CHANGE: "journeys:settings",
    Kind.ADMINISTRATOR: "spaces:professional_list",
    Kind.DELEGATION: "spaces:delegate_list",
}
_OF_ACCOUNT = {Kind.SECURITY: "accounts:security", Kind.DELEGATION: "spaces:invitation_list"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """One row. `is_about_account`: concerns its reader, not the space they are in."""

    id: UUID
    at: datetime
    sentence: str
    is_read: bool
    is_emergency: bool
    is_about_account: bool


def lines_of(*, notices: list[Notice], actor: Actor) -> list[NoticeLine]:
    """Rows in the same order, with one look-up of documents whatever their number."""
    seen = services.seen_documents(actor=actor, notices=notices)
    return [
        NoticeLine(
            id=notice.id,
            at=notice.at,
            sentence=sentence_of(
                Kind(notice.kind), count=len(seen.intersection(notice.document_ids)), code=notice.facts.get("code", "")
            ),
            is_read=notice.read_at is not None,
            is_emergency=notice.kind == Kind.EMERGENCY_ACCESS,
            is_about_account=notice.space_id != actor.space_id,
        )
        for notice in notices
    ]


def target_of(*, notice: Notice, space_id: UUID) -> str:
    """Address of what a notice is about: its document, or the page that says who, when and why."""
    kind = Kind(notice.kind)
    if kind is Kind.NEW_DOCUMENT:
        return reverse("dmp:document_detail", args=[space_id, notice.document_ids[0]])
    here = notice.space_id == space_id
    name = _IN_SPACE.get(kind, "") if here else _OF_ACCOUNT.get(kind, "")
    try:
        return reverse(name, args=[space_id] if here else [])
    except NoReverseMatch:  # a page of an app that this deployment does not have
        return reverse("notifications:center", args=[space_id])
