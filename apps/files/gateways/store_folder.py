"""A folder that all processes share, as a store of encrypted objects."""

from __future__ import annotations

from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class FolderStorage(FileSystemStorage):
    """A folder that is not there, a disk that is not mounted for instance, is away: its files are not lost."""

    def open(self, name: str, mode: str = "rb") -> File[bytes]:
        """Raises `FileNotFoundError` for an object that is not there, `NotADirectoryError` for the folder."""
        try:
            return super().open(name, mode)
        except FileNotFoundError:
            if not Path(self.location).is_dir():
                raise NotADirectoryError from None
            raise
