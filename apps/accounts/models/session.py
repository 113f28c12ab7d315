"""Sessions of browsers, kept so that a copy of the table opens nothing (SEC-15)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SignInSession(models.Model):
    """One session of one browser; of nobody until a sign-in. The key itself is only in the cookie.

    `key_hash`: SHA-256 of the key, hexadecimal. `opened_at`: start of the absolute limit, renewed at a sign-in with the
    key. `level`: acr of the sign-in (SEC-34). `device`: known since the sign-in by password or passkey, or empty.
    """

    class Means(models.TextChoices):
        """How the person signed in."""

        FRANCECONNECT = "franceconnect", _("FranceConnect")
        PASSWORD_TOTP = "password_totp", _("password and code")
        PASSWORD_RECOVERY = "recovery_code", _("password and recovery code")
        PASSKEY = "passkey", _("passkey")

    class Device(models.TextChoices):
        """What the browser says it runs on, as a word; the rest of what it says is not kept."""

        COMPUTER = "computer", _("Computer")
        PHONE = "phone", _("Phone")
        TABLET = "tablet", _("Tablet")

    key_hash = models.CharField(primary_key=True, max_length=64)
    data = models.TextField()
    expires_at = models.DateTimeField(db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="sign_in_sessions"
    )
    opened_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    level = models.CharField(max_length=8, blank=True)
    means = models.CharField(max_length=16, choices=Means.choices, blank=True)
    role = models.CharField(max_length=16, blank=True)
    device = models.CharField(max_length=8, choices=Device.choices, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gte=models.F("opened_at")),
                name="accounts_signinsession_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return self.key_hash[:8]
