"""M-01: what a list of conversations holds: one of four folders, or what a search found in all but the bin (MSS-40)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import pgettext

from apps.access import Actor
from apps.mss import searching
from apps.mss.models import Message, Thread
from apps.ui import kept as session

SEARCH_AT_MOST = 200
_NAME = "mss_search"


class Folder(StrEnum):
    """Values of `dossier` in the address."""

    RECEIVED = "recus"
    UNREAD = "non-lus"
    CLOSED = "clos"
    BIN = "corbeille"


_CONDITIONS = {
    Folder.RECEIVED: Q(binned_at=None, closed_at=None),
    Folder.UNREAD: Q(binned_at=None, unread__gt=0),
    Folder.CLOSED: Q(binned_at=None, closed_at__isnull=False),
    Folder.BIN: Q(binned_at__isnull=False),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A link to a folder with its number of conversations."""

    folder: Folder
    label: str
    count: int


def folder_of(text: str) -> Folder:
    return Folder(text) if text in set(Folder) else Folder.RECEIVED


def in_folder(*, actor: Actor, folder: Folder) -> QuerySet[Thread]:
    return Thread.objects.visible_to(actor).filter(_CONDITIONS[folder]).order_by("-last_at", "-id")


def found(*, actor: Actor, words: str) -> QuerySet[Thread]:
    """Conversations with a message that holds every word: in subject, sender, text or names of files."""
    hits = Message.objects.visible_to(actor).filter(search=searching.query(words)).order_by().values("thread_id")
    return Thread.objects.visible_to(actor).filter(id__in=hits, binned_at=None).order_by("-last_at", "-id")


def tabs(*, actor: Actor) -> list[Tab]:
    """All folders with their counts, by one statement."""
    counts = Thread.objects.visible_to(actor).aggregate(
        **{folder.name: Count("id", filter=condition) for folder, condition in _CONDITIONS.items()}
    )
    labels = {
        Folder.RECEIVED: pgettext("folder", "Received"),
        Folder.UNREAD: pgettext("folder", "Unread"),
        Folder.CLOSED: pgettext("folder", "Closed"),
        Folder.BIN: pgettext("folder", "Bin"),
    }
    return [Tab(folder=folder, label=labels[folder], count=counts[folder.name]) for folder in Folder]


def keep_words(request: HttpRequest, space_id: UUID, words: str) -> str:
    """Token of a search; empty for none."""
    said = words.strip()[:SEARCH_AT_MOST]
    return session.keep(request, name=_NAME, space_id=space_id, value=said) if searching.plain(said) else ""


def kept_words(request: HttpRequest, space_id: UUID, token: str) -> str:
    value = session.kept(request, name=_NAME, space_id=space_id, token=token)
    return value if isinstance(value, str) else ""
