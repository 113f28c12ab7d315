"""The field that says which member of the staff did something."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models


def done_by(**options: Any) -> models.ForeignKey[Any, Any]:  # noqa: ANN401  options of a field
    """A person of the staff; nobody who did something can be deleted."""
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **options)
