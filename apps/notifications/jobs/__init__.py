"""What machines carry on with: mails that leave, and events that become notices. Safe to run twice, late or never."""

from __future__ import annotations

from apps.notifications.jobs.delivering import Outcome, deliver
from apps.notifications.jobs.forgetting import forget
from apps.notifications.jobs.security import tell_security
from apps.notifications.jobs.sweeping import sweep

__all__ = ["Outcome", "deliver", "forget", "sweep", "tell_security"]
