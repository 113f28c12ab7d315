"""SE-04: the six acts about one professional, each asked on a page of its own. They can be repeated without effect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.directory.models import Professional
from apps.spaces import services
from apps.spaces.carers import carers_of
from apps.spaces.entry import SpaceRequest
from apps.spaces.guards import deciders_only
from apps.spaces.views import professional_words as words
from apps.ui import outcome
from apps.ui.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class _Act:
    """The service and the words of one act."""

    do: Callable[..., object]
    say: words.Words


_ACTS = {
    "block": _Act(do=services.block_professional, say=words.BLOCK),
    "unblock": _Act(do=services.unblock_professional, say=words.UNBLOCK),
    "withdraw": _Act(do=services.withdraw_consent, say=words.WITHDRAW),
    "name": _Act(do=partial(services.name_administrator, is_declared_gp=False), say=words.NAME),
    "treating": _Act(do=partial(services.name_administrator, is_declared_gp=True), say=words.TREATING),
    "end": _Act(do=services.end_administrator, say=words.END),
}


@deciders_only
@require_http_methods(["GET", "HEAD", "POST"])
def professional_act(request: SpaceRequest, space_id: UUID, professional_id: UUID, act: str) -> HttpResponse:
    """GET asks, POST acts; `act` comes from the address."""
    professional = get_object_or_404(Professional, pk=professional_id)
    chosen = _ACTS[act]
    if request.method != "POST":
        return _ask(request, professional, chosen)
    try:
        chosen.do(actor=request.actor, national_id=professional.national_id, at=timezone.now())
    except services.ProfessionalBlockedError:
        told = Outcome(title=_("Professional blocked"), detail=_("Unblock them first."), level=messages.WARNING)
    else:
        told = Outcome(title=str(chosen.say.done), detail=str(chosen.say.done_detail))
    outcome.tell(request, told)
    return redirect("spaces:professional_detail", space_id, professional_id)


def _ask(request: SpaceRequest, professional: Professional, act: _Act) -> HttpResponse:
    carers = carers_of(space_id=request.space_view.space_id, at=timezone.now())
    treating = next((one.name for one in carers.administrators if one.is_declared_gp), "")
    context = {
        "professional": professional,
        "say": act.say,
        "heading": act.say.heading % {"name": professional.display_name},
        "effects": act.say.effects(carers, professional.national_id),
        "former": treating if act.say is words.TREATING and treating != professional.display_name else "",
        "space": request.space_view,
    }
    return render(request, "spaces/professional_act.html", context)
