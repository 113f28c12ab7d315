"""Pages of the staff: who may come in (SEC-15: the role is that of the session)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.db.models.functions import Now
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone

from apps.access import Actor, Role
from apps.accounts import sessions
from apps.accounts.models import StaffMembership, StaffRole, User

View = Callable[..., HttpResponseBase]


class StaffRequest(HttpRequest):
    """A request past `require_staff`, for annotations."""

    actor: Actor
    user: User
    staff_roles: frozenset[StaffRole]


def roles_of(request: HttpRequest, *, at: datetime | None = None) -> frozenset[StaffRole]:
    """Roles of the staff that run at this instant, without one at that of the database; kept on the request.

    One query, and none for sessions of other people.
    """
    known: frozenset[StaffRole] | None = getattr(request, "staff_roles", None)
    if known is not None:
        return known
    user = getattr(request, "user", None)
    roles: frozenset[StaffRole] = frozenset()
    session = getattr(request, "session", {})
    if isinstance(user, User) and session.get(sessions.ROLE) == Role.STAFF:
        running = StaffMembership.objects.filter(user=user, started_at__lte=at or Now(), ended_at__isnull=True)
        roles = frozenset(StaffRole(role) for role in running.values_list("role", flat=True))
    request.staff_roles = roles  # type: ignore[attr-defined]  # as StaffRequest says
    return roles


def require_staff(*roles: StaffRole) -> Callable[[View], View]:
    """Decorator of views for members of the staff who hold one of `roles` now; sets `request.actor`.

    Visitors go to the sign-in page. For everybody else the page does not exist, including members of the staff who
    signed in as holders: a role is taken by a sign-in of its own.
    """

    def decorator(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401  any view's
            user, now = request.user, timezone.now()
            if not isinstance(user, User):
                return redirect_to_login(request.get_full_path())
            held = roles_of(request, at=now)
            if held.isdisjoint(roles):
                raise Http404
            level = sessions.facts_of(request).level
            actor = Actor(role=Role.STAFF, at=now, user_id=user.pk, level=level, staff_roles=held)
            request.actor = actor  # type: ignore[attr-defined]  # as StaffRequest says
            return view(request, *args, **kwargs)

        return checked

    return decorator
