"""The requests that views of a space receive."""

from __future__ import annotations

from django.http import HttpRequest

from apps.access import Actor
from apps.spaces.entry import SpaceView


class SpaceRequest(HttpRequest):
    """A request inside a space: `SpaceMiddleware` set both."""

    actor: Actor
    space_view: SpaceView
