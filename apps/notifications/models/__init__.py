from __future__ import annotations

from apps.notifications.models.mail import OutgoingMail
from apps.notifications.models.notice import Notice
from apps.notifications.models.preference import Preference

__all__ = ["Notice", "OutgoingMail", "Preference"]
