"""Pages of publishers: who may come in (STO-13; SEC-15: the role is that of the session)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from apps.access import Actor, Role
from apps.accounts import sessions
from apps.accounts.models import User
from apps.store.models import Member, Publisher

View = Callable[..., HttpResponseBase]


class PublisherRequest(HttpRequest):
    """A request past `require_publisher`, for annotations; `member` and `publisher` only past `require_member`."""

    actor: Actor
    user: User
    member: Member
    publisher: Publisher


def require_publisher(view: View) -> View:
    """Somebody signed in as a publisher, with or without an organisation yet; sets `request.actor`.

    Visitors go to the sign-in page. For holders and the staff the page does not exist.
    """

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401  any view's
        user, now = request.user, timezone.now()
        if not isinstance(user, User):
            return redirect_to_login(request.get_full_path())
        if request.session.get(sessions.ROLE) != Role.PUBLISHER:
            raise Http404
        member = Member.objects.select_related("publisher").filter(user=user, ended_at=None).first()
        organisation = member.publisher_id.hex if member is not None else ""  # 32 letters, as the trail keeps them
        level = sessions.facts_of(request).level
        actor = Actor(role=Role.PUBLISHER, at=now, user_id=user.pk, level=level, organisation_id=organisation)
        request.actor = actor  # type: ignore[attr-defined]  # as PublisherRequest says
        request.member = member  # type: ignore[attr-defined]  # as PublisherRequest says
        request.publisher = member.publisher if member else None  # type: ignore[attr-defined]  # the same
        return view(request, *args, **kwargs)

    return checked


def require_member(view: View) -> View:
    """The same for somebody who acts for an organisation; others are sent to register or join one."""

    @wraps(view)
    def checked(request: PublisherRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401  any view's
        if not request.actor.organisation_id:
            return redirect("store:publisher_register")
        return view(request, *args, **kwargs)

    return require_publisher(checked)
