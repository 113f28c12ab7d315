"""Acts that ask who is there once more (S-10, IDN-37, SEC-14): the decorator, and when somebody was last confirmed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial, wraps
from typing import Any, overload

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import urlencode

from apps.accounts import drafts
from apps.accounts.models import User
from apps.accounts.sessions import CONFIRMED, facts_of

LIFE = timedelta(minutes=5)

View = Callable[..., HttpResponse]


def confirmed_at(request: HttpRequest) -> datetime | None:
    """When the person behind this session last proved who they are: at the sign-in, or later on."""
    opened = facts_of(request).opened_at
    written = request.session.get(CONFIRMED, "")
    return datetime.fromisoformat(written) if written else opened


def is_confirmed(request: HttpRequest, *, at: datetime) -> bool:
    """Whether this was less than five minutes ago."""
    confirmed = confirmed_at(request)
    return confirmed is not None and at < confirmed + LIFE


@overload
def confirmed_recently(act: View) -> View: ...


@overload
def confirmed_recently(act: str | Promise) -> Callable[[View], View]: ...


def confirmed_recently(act: View | str | Promise) -> View | Callable[[View], View]:
    """Decorator of views whose act needs a confirmation of less than five minutes.

    `act`: what waits, in words of the reader (« Close the space »), shown while they confirm; may be left out. Without
    a confirmation nothing happens: the browser goes to S-10, which comes back to the page. Answers of a form are kept
    for fifteen minutes and offered again. Visitors go to the sign-in page.
    """
    return _decorated("", act) if callable(act) else partial(_decorated, act)


def _decorated(act: str | Promise, view: View) -> View:
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401  any view's
        if not isinstance(request.user, User):
            return redirect_to_login(request.get_full_path())
        now = timezone.now()
        if not is_confirmed(request, at=now):
            return _asked(request, request.user, str(act), now)
        if drafts.find(request.session, path=request.get_full_path(), at=now) is not None:
            drafts.drop(request.session)
        return view(request, *args, **kwargs)

    return checked


def _asked(request: HttpRequest, user: User, act: str, at: datetime) -> HttpResponse:
    path = request.get_full_path()
    sealed = drafts.seal(request.POST, user_id=user.pk) if request.method == "POST" else ""
    drafts.keep(request.session, path=path, act=act, sealed=sealed, at=at)
    return redirect(f"{reverse('accounts:reauthenticate')}?{urlencode({'next': path})}")
