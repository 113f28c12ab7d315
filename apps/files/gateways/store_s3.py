"""S3 services as a store of encrypted objects: django-storages, with times after which it counts as away."""

from __future__ import annotations

from typing import Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage


class ObjectStorage(S3Storage):  # type: ignore[misc]  # django-storages has no types
    """`troubles`: exceptions beside OSError that mean « away » (`apps.files.gateways.store`)."""

    troubles = (BotoCoreError, ClientError, Boto3Error)

    def get_default_settings(self) -> dict[str, Any]:
        """Two tries of 3 s to connect and 10 s to answer: a page waits for half a minute at the most."""
        times = Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 2}, signature_version="s3v4")
        return {
            **super().get_default_settings(),
            "client_config": times,
            "transfer_config": TransferConfig(use_threads=False),
        }

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        """A bucket that is not there answers 404 for each object: that is no loss of the object."""
        try:
            opened: File[bytes] = super()._open(name, mode)
        except FileNotFoundError:
            self.connection.meta.client.head_bucket(Bucket=self.bucket_name)
            raise
        return opened
