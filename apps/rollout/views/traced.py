"""What members of the staff open in the console is traced, lists and figures too (pages.md 2, SEC-20)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpResponseBase

from apps.accounts.staff import StaffRequest
from apps.audit.services import Line, record

View = Callable[..., HttpResponseBase]


def traced(action: str, *, target: str = "") -> Callable[[View], View]:
    """Decorator under `require_staff` of pages to read: one line for each one shown, none where nothing was.

    `target` takes the values of the address: `wave:{wave_id}`. Without its line nothing is shown (SEC-13).
    """

    def decorator(view: View) -> View:
        @wraps(view)
        def shown(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401  any view's
            answer = view(request, *args, **kwargs)
            if request.method == "GET" and answer.status_code == HTTPStatus.OK:
                line = Line(action=action, target=target.format(**kwargs))
                record(actor=request.actor, at=request.actor.at, line=line)
            return answer

        return shown

    return decorator
