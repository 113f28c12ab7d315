"""People who sign in."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from apps.accounts.models.identity import InsIdentity
from apps.common.ids import uuid7


class UserManager(BaseUserManager["User"]):
    """Users are made by sign-in services only."""


class User(AbstractBaseUser):
    """Somebody who signs in. The link to an identity is made by traits at the first sign-in, never by mail (IDN-29)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    identity = models.OneToOneField(InsIdentity, on_delete=models.PROTECT, null=True, related_name="user")
    email = models.EmailField(blank=True)  # for writing to the person; never a key and never a login (SPA-57)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "id"
    EMAIL_FIELD = "email"

    objects = UserManager()

    def __str__(self) -> str:
        return str(self.id)
