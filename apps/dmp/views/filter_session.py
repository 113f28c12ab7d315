"""Filters kept in the session under a short token: addresses hold neither words nor names (SEC-16)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest

from apps.dmp.filters import Filters
from apps.dmp.models import Folder
from apps.ui import kept as session

_NAME = "dmp_filters"


def keep(request: HttpRequest, space_id: UUID, filters: Filters) -> str:
    """Token under which the filters stay until the session ends or ten newer ones came; empty when nothing is set."""
    return session.keep(request, name=_NAME, space_id=space_id, value=filters.as_dict()) if filters.active else ""


def kept(request: HttpRequest, space_id: UUID, token: str) -> Filters:
    """The filters of a token; none for a token that this session does not know or that belongs to another space."""
    value = session.kept(request, name=_NAME, space_id=space_id, token=token)
    return Filters() if value is None else Filters.from_dict(value)


def with_folder_name(filters: Filters, folders: Iterable[Folder]) -> Filters:
    """The same with what its folder is called today; no name for one that was deleted since."""
    names = {str(folder.id): folder.name for folder in folders}
    return replace(filters, folder_name=names.get(filters.folder, ""))
