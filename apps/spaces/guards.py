"""Guard of pages where somebody decides about a space."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpResponse

from apps.access import Role
from apps.spaces.entry import SpaceRequest

P = ParamSpec("P")
_DECIDERS = frozenset({Role.HOLDER, Role.REPRESENTATIVE})


def deciders_only(
    view: Callable[Concatenate[SpaceRequest, P], HttpResponse],
) -> Callable[Concatenate[SpaceRequest, P], HttpResponse]:
    """For the holder and the legal representatives; to a delegate the page does not exist (SPA-55, SEC-01)."""

    @wraps(view)
    def guarded(request: SpaceRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.actor.role not in _DECIDERS:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def holders_only(
    view: Callable[Concatenate[SpaceRequest, P], HttpResponse],
) -> Callable[Concatenate[SpaceRequest, P], HttpResponse]:
    """For the holder alone: who helps them is decided by nobody else (SPA-52, SPA-55)."""

    @wraps(view)
    def guarded(request: SpaceRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.actor.role is not Role.HOLDER:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
