"""What somebody may be told of, by which way and how often (NOT-01, NOT-04 to NOT-13)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """Kinds of notices. The value stands in rows and in names of templates."""

    NEW_DOCUMENT = "new_document", _("New document")
    WITHDRAWN_DOCUMENT = "withdrawn_document", _("Document withdrawn by its author")
    NEW_MESSAGE = "new_message", _("New message")
    ANNOUNCED_RESULT = "announced_result", _("Update to discover with a health professional")
    PROFESSIONAL_READ = "professional_read", _("Access by a professional")
    EMERGENCY_ACCESS = "emergency_access", _("Access in an emergency")
    SECURITY = "security", _("Security of your account")
    DELEGATION = "delegation", _("Relatives who help, representatives")
    PRIVACY_CHANGE = "privacy_change", _("Change of a choice about your data")
    ADMINISTRATOR = "administrator", _("Professional who administers your space")

    @property
    def may_be_off(self) -> bool:
        """Whether its reader may leave it out. Accesses, security and legal acts are always told (IDN-57, NOT-04)."""
        return self in _SWITCHABLE

    @property
    def needs_right(self) -> bool:
        """Told only to people who may still enter the space when the mail leaves (NOT-30); the end of a right and the
        security of an account are told without.
        """
        return self not in _PERSONAL


_SWITCHABLE = frozenset({Kind.NEW_DOCUMENT, Kind.NEW_MESSAGE})
_PERSONAL = frozenset({Kind.SECURITY, Kind.DELEGATION})  # concern their reader wherever they are
PERSONAL_KINDS = tuple(sorted(kind.value for kind in _PERSONAL))


class Channel(models.TextChoices):
    """Ways of telling."""

    MAIL = "mail", _("E-mail")
    CENTRE = "centre", _("In my space")


class Frequency(models.TextChoices):
    """How often mails of a switchable kind leave (NOT-18)."""

    NEVER = "never", pgettext_lazy("frequency", "Never")
    AT_ONCE = "at_once", pgettext_lazy("frequency", "As it happens, grouped by hour")
    DAILY = "daily", pgettext_lazy("frequency", "Every day at 8 a.m.")
    WEEKLY = "weekly", pgettext_lazy("frequency", "Every Monday at 8 a.m.")
