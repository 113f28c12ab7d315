"""The store of encrypted objects: a folder or S3, by Django's storages (settings `STORAGES`).

Whatever its kind, an object that is not there is `FileNotFoundError`, and any other trouble `StoreUnavailableError`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from apps.files.gateways.base import StoreUnavailableError


def save(content: bytes) -> str:
    """Keep bytes under a new random name, which is returned. Raises `StoreUnavailableError`."""
    with _one_kind_of_trouble():
        return default_storage.save(f"{uuid4().hex[:2]}/{uuid4().hex}", ContentFile(content))


def read(name: str) -> bytes:
    """Raises `FileNotFoundError`, `StoreUnavailableError`."""
    with _one_kind_of_trouble(), default_storage.open(name, "rb") as stored:
        return b"".join(stored.chunks())


def delete(name: str) -> None:
    """What is not there is deleted already. Raises `StoreUnavailableError`."""
    with _one_kind_of_trouble():
        default_storage.delete(name)


@contextmanager
def _one_kind_of_trouble() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except (OSError, *getattr(default_storage, "troubles", ())) as error:
        raise StoreUnavailableError(type(error).__name__) from error
