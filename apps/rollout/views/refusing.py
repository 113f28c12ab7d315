"""Telling on the next page that an act was not done, and why."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from apps.ui import outcome
from apps.ui.outcome import Outcome


def refused(request: HttpRequest, detail: str) -> None:
    """Nothing was changed; `detail` says what to do."""
    outcome.tell(request, Outcome(title=_("Nothing was changed"), detail=detail, level=messages.WARNING))
