"""One mail to the operator who asked for it, about an invented person; tried once (RO-05)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.accounts.models import User
from apps.notifications.gateways.base import Relay
from apps.rollout.mails import letter_of
from apps.rollout.models import Notice
from apps.rollout.sample import fictive_mail
from apps.rollout.texts import Voice


def send_trial(*, user_id: UUID, kind: Notice.Kind, voice: Voice, relay: Relay, at: datetime) -> None:
    """Nothing is kept of it. Raises the errors of the relay, which the log shows."""
    address = User.objects.get(pk=user_id).email
    if address:
        relay.hand_over(letter_of(fictive_mail(kind=kind, voice=voice, address=address, at=at)))
