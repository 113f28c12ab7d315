"""What became of a message that was sent, and trying it again (M-03, MSS-65)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from apps.access import AccessDeniedError
from apps.mss.services import outgoing
from apps.mss.services.answering import TooManyMessagesError
from apps.spaces.entry import SpaceRequest
from apps.ui import outcome
from apps.ui.outcome import Outcome
from apps.ui.words import clock


@require_POST
def message_send_again(request: SpaceRequest, space_id: UUID, message_id: UUID) -> HttpResponse:
    """Back to the conversation, which says what came of it."""
    try:
        tried = _tried(request, message_id)
        thread_id = outgoing.thread_of(actor=request.actor, message_id=message_id)
    except outgoing.MessageMissingError as error:
        raise Http404 from error
    outcome.tell(request, tried)
    return redirect("mss:thread_detail", space_id=space_id, thread_id=thread_id)


def _tried(request: SpaceRequest, message_id: UUID) -> Outcome:
    """What came of it in words. Raises `MessageMissingError`."""
    try:
        number = outgoing.send_again(actor=request.actor, message_id=message_id, at=timezone.now())
    except AccessDeniedError:
        detail = _("This correspondent takes no more messages, or the conversation is closed.")
        return Outcome(title=_("Message not sent again"), detail=detail, level=messages.ERROR)
    except TooManyMessagesError as error:
        later = clock(error.retry_at) if error.retry_at else pgettext("instant", "a later time")
        detail = _("Many messages have left this space within the hour. Try again from %(time)s on.") % {"time": later}
        return Outcome(title=_("Message not sent again"), detail=detail, level=messages.ERROR)
    if not number:
        detail = _("There is nothing to try again: look at its state below.")
        return Outcome(title=_("Message not sent again"), detail=detail, level=messages.INFO)
    return Outcome(title=_("Message on its way again"), detail=_("Its state below changes when it has left."))
