"""SE-03: access to the record in an emergency."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.spaces import services
from apps.spaces.entry import SpaceRequest
from apps.spaces.forms.emergency import EmergencyForm
from apps.spaces.guards import deciders_only
from apps.spaces.services import EmergencyChoices, EmergencySetting
from apps.ui import outcome
from apps.ui.outcome import Outcome


@deciders_only
@require_http_methods(["GET", "HEAD", "POST"])
def emergency_choices(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    """Three questions saved together; the answers of another tab are never lost (REL-21)."""
    setting = services.emergency_setting(space_id=space_id)
    form = _form(request, setting)
    seen = request.POST.get("seen", setting.choices.code)
    if request.method != "POST":
        return _page(request, form, seen)
    if not form.is_valid():
        return _page(request, form, seen, HTTPStatus.UNPROCESSABLE_ENTITY)
    wanted = form.choices()
    try:
        services.change_emergency_choices(actor=request.actor, seen=seen, wanted=wanted, at=timezone.now())
    except services.ChoicesChangedError:
        form.add_error(None, _("These choices were changed after you opened this page. Check them and save again."))
        return _page(request, form, setting.choices.code, HTTPStatus.CONFLICT)
    told = _told(wanted, is_own=request.space_view.is_own)
    outcome.tell(request, Outcome(title=_("Choices saved"), detail=told))
    return redirect("spaces:emergency_choices", space_id)


def _form(request: SpaceRequest, setting: EmergencySetting) -> EmergencyForm:
    data = request.POST if request.method == "POST" else None
    return EmergencyForm(data, setting=setting, is_own=request.space_view.is_own)


def _page(request: SpaceRequest, form: EmergencyForm, seen: str, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    context = {"form": form, "seen": seen, "space": request.space_view}
    return render(request, "spaces/emergency_choices.html", context, status=status)


def _told(choices: EmergencyChoices, *, is_own: bool) -> str:
    match (choices.break_glass, choices.call):
        case (True, True):
            words = _("In an emergency, carers may have access to the health documents.")
        case (True, False):
            words = _("In an emergency, the doctor of the Samu who answers will not have access to health documents.")
        case (False, True):
            words = _("In an emergency, only the doctor of the Samu who answers will have access to health documents.")
        case _ if is_own:
            words = _("In an emergency, carers will not have access to your health documents.")
        case _:
            words = _("In an emergency, carers will not have access to the health documents.")
    return " ".join((words, _("You can change your mind at any time.")))
