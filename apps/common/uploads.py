"""How much a browser may send: counted while it arrives, before anything is kept (SEC-11)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class SizeGuard(FileUploadHandler):
    """First of the upload handlers: stops at the limit of the page, `UPLOAD_LIMITS` by name of its address.

    What had arrived is deleted with the temporary file; the page finds no file and says so.
    """

    received = 0

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> bytes:
        """Pass on what is within the limit."""
        self.received += len(raw_data)
        if self.received > self._limit():
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler makes the file."""

    def _limit(self) -> int:
        match: Any = getattr(self.request, "resolver_match", None)
        name = match.view_name if match is not None else ""
        return settings.UPLOAD_LIMITS.get(name, settings.UPLOAD_LIMITS[""])
