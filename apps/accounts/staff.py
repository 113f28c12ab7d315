"""Pages of the staff: who may come in (SEC-15: the role is that of the session)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from apps.access import Actor, Role
from apps.accounts import sessions
from apps.accounts.models import StaffMembership, StaffRole, User

View = Callable[..., HttpResponse]


class StaffRequest(HttpRequest):
    """A request past `require_staff`, for annotations."""

    actor: Actor
    user: User


def require_staff(*roles: StaffRole) -> Callable[[View], View]:
    """Decorator of views for members of the staff who hold one of `roles` now; sets `request.actor`.

    Visitors go to the sign-in page. For everybody else the page does not exist, including members of the staff who
    signed in as holders: a role is taken by a sign-in of its own.
    """

    def decorator(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401  any view's
            user, now = request.user, timezone.now()
            if not isinstance(user, User):
                return redirect_to_login(request.get_full_path())
            held = StaffMembership.objects.filter(user=user, role__in=roles, started_at__lte=now, ended_at__isnull=True)
            if request.session.get(sessions.ROLE) != Role.STAFF or not held.exists():
                raise Http404
            actor = Actor(role=Role.STAFF, at=now, user_id=user.pk, level=sessions.facts_of(request).level)
            request.actor = actor  # type: ignore[attr-defined]  # as StaffRequest says
            return view(request, *args, **kwargs)

        return checked

    return decorator
