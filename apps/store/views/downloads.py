"""Bytes that people have sent, always as an attachment that no browser runs (SEC-08, S31)."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpResponse
from django.utils.text import slugify

from apps.formats import media
from apps.formats.mail.names import clean_name
from apps.store.checks.local.file_type import CSV, XLSX

HEADERS = {
    "Cache-Control": "no-store, private",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}
_PLAIN = "application/octet-stream"
_SERVED = frozenset({media.PDF, media.PNG, media.JPEG, CSV, XLSX})


def attached(data: bytes, *, media_type: str, name: str) -> HttpResponse:
    """Both forms of the name; neither turns the direction of writing nor ends a line (S14, S21)."""
    full = clean_name(name) or "piece"
    stem, _dot, ending = full.rpartition(".")
    plain = f"{slugify(stem) or 'piece'}.{slugify(ending) or 'bin'}"
    served = media_type if media_type in _SERVED else _PLAIN
    response = HttpResponse(data, content_type=served, headers=HEADERS)
    response["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(full, safe='')}"
    return response
