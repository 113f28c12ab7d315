"""SE-02: who sees what by default, and hiding all documents at once."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.journeys.services.privacy import change_default_privacy
from apps.spaces import services as spaces
from apps.spaces.administrators import Disclosure, disclosure_of
from apps.spaces.entry import SpaceRequest
from apps.spaces.guards import deciders_only
from apps.ui import outcome
from apps.ui.components import Effect
from apps.ui.outcome import Outcome


@deciders_only
@require_safe
def privacy(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    """What holds now, as a table, and the one choice of this page."""
    context = {
        "setting": spaces.privacy_setting(space_id=space_id),
        "disclosure": disclosure_of(space_id=space_id, at=timezone.now()),
        "space": request.space_view,
    }
    return render(request, "journeys/privacy.html", context)


@deciders_only
@require_http_methods(["GET", "HEAD", "POST"])
def privacy_hide(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    """Hide all documents; GET asks, POST acts."""
    if request.method != "POST":
        effects = _hiding(disclosure_of(space_id=space_id, at=timezone.now()))
        return render(request, "journeys/privacy_hide.html", {"effects": effects, "space": request.space_view})
    change_default_privacy(actor=request.actor, hidden=True, at=timezone.now())
    told = Outcome(
        title=_("All documents hidden"),
        detail=_("Professionals no longer see them. You can make each of them visible again."),
        link_url=reverse("journeys:privacy_show", args=[space_id]),
        link_label=_("Undo"),
    )
    outcome.tell(request, told)
    return redirect("journeys:privacy", space_id)


@deciders_only
@require_http_methods(["GET", "HEAD", "POST"])
def privacy_show(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    """Show again what hiding all has hidden; GET asks, POST acts."""
    if request.method != "POST":
        return render(request, "journeys/privacy_show.html", {"effects": _showing(), "space": request.space_view})
    change_default_privacy(actor=request.actor, hidden=False, at=timezone.now())
    told = Outcome(
        title=_("Documents visible"),
        detail=_("Documents that you hid one by one stay hidden."),
        link_url=reverse("journeys:privacy_hide", args=[space_id]),
        link_label=_("Undo"),
    )
    outcome.tell(request, told)
    return redirect("journeys:privacy", space_id)


def _hiding(disclosure: Disclosure) -> tuple[Effect, ...]:
    names = ", ".join(administrator.name for administrator in disclosure.administrators) or _("none")
    still = _(
        "Will still see them: the author of each document, your treating doctor and your administrators (%(names)s)."
    )
    emergency = (
        _("In an emergency: they will be visible, according to your setting.")
        if disclosure.shows_hidden_in_emergency
        else _("In an emergency: they stay hidden, according to your setting.")
    )
    return (
        Effect(icon="eye-off-line", text=_("All your documents, present and to come, will be hidden.")),
        Effect(icon="user-line", text=still % {"names": names}),
        Effect(icon="first-aid-kit-line", text=emergency),
        Effect(icon="account-circle-line", text=_("You will always see them.")),
    )


def _showing() -> tuple[Effect, ...]:
    return (
        Effect(
            icon="eye-line",
            text=_("Professionals who have your agreement will read your documents, according to their profession."),
        ),
        Effect(icon="eye-off-line", text=_("Documents that you hid one by one stay hidden.")),
        Effect(icon="file-line", text=_("Documents to come will be visible.")),
    )
