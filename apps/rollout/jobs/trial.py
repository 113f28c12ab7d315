"""Mails to the operators who asked for one, about an invented person; each tried once (RO-05)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.notifications.gateways.base import Relay
from apps.rollout.mails import letter_of
from apps.rollout.models import Notice, TrialRequest
from apps.rollout.sample import fictive_mail
from apps.rollout.texts import Voice

AT_MOST = 50  # requests a run


def send_trials(*, relay: Relay, at: datetime) -> int:
    """Send what is asked for, oldest first; returns how many left. Run twice, even at once, each leaves once (REL-01).

    Nothing is kept of it. Raises the errors of the relay, which the log shows; the operator asks again.
    """
    waiting = TrialRequest.objects.order_by("asked_at", "id").values_list("pk", flat=True)
    return sum(_send(request_id, relay, at) for request_id in list(waiting[:AT_MOST]))


def _send(request_id: UUID, relay: Relay, at: datetime) -> bool:
    request = _taken(request_id)
    if request is None or not request.user.email:
        return False
    kind, voice = Notice.Kind(request.kind), Voice(request.voice)
    relay.hand_over(letter_of(fictive_mail(kind=kind, voice=voice, address=request.user.email, at=at)))
    return True


@transaction.atomic
def _taken(request_id: UUID) -> TrialRequest | None:
    """The request for this run alone; None when another one has it."""
    rows = TrialRequest.objects.select_for_update(of=("self",), skip_locked=True).select_related("user")
    request = rows.filter(pk=request_id).first()
    if request is not None:
        TrialRequest.objects.filter(pk=request_id).delete()
    return request
