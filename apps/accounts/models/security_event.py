"""What happened to the ways of somebody into their account, so that they are told (SEC-18)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.common.ids import uuid7


class SecurityEvent(models.Model):
    """One change of a factor, an address or a session, or many wrong tries. `told_at`: when the notice was made.

    `former_address`: the address that the person had before a change of address; it is told as well.
    """

    class Kind(models.TextChoices):
        """What happened."""

        PASSWORD_CHANGED = "password_changed", _("Password changed")
        PASSWORD_RESET = "password_reset", _("Password chosen anew by mail")
        PASSKEY_ADDED = "passkey_added", _("Passkey added")
        PASSKEY_REMOVED = "passkey_removed", _("Passkey removed")
        TOTP_ADDED = "totp_added", _("Code application added")
        TOTP_REMOVED = "totp_removed", _("Code application removed")
        CODES_RENEWED = "codes_renewed", _("New recovery codes")
        CODE_USED = "code_used", _("Recovery code used")
        TRIES_EXCEEDED = "tries_exceeded", _("Several failed sign-ins")
        SESSIONS_ENDED = "sessions_ended", _("Other sessions closed")
        ADDRESS_CHANGED = "address_changed", _("Mail address changed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="security_events")
    kind = models.CharField(max_length=32, choices=Kind.choices)
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    former_address = models.EmailField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["at", "id"], condition=models.Q(told_at__isnull=True), name="accounts_securityevent_untold"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
