"""PU-02: an administrator answers a request to join."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from apps.accounts.reauthentication import confirmed_recently
from apps.store.forms.members import RolesForm
from apps.store.guards import PublisherRequest, require_member
from apps.store.models import JoinRequest
from apps.store.services import joining
from apps.store.services.errors import UnknownRowError
from apps.store.services.publishers import AlreadyMemberError
from apps.store.views.organisation import refused
from apps.ui import outcome
from apps.ui.outcome import Outcome

ACCEPT, REFUSE = "accept", "refuse"


@require_member
@confirmed_recently(gettext_lazy("Answer a request to join"))
@require_http_methods(["GET", "HEAD", "POST"])
def join_request(request: PublisherRequest, request_id: UUID) -> HttpResponse:
    """Who asks, which roles they get, accept or refuse; a colleague may have answered meanwhile."""
    if not request.member.is_owner:
        return refused(request)
    try:
        wish = joining.request_for(actor=request.actor, request_id=request_id)
    except UnknownRowError as error:
        raise Http404 from error
    if wish.decided_at is not None:
        return _answered(request)
    act = request.POST.get("act", "")
    form = RolesForm(request.POST if act == ACCEPT else None, initial={"roles": ["technical"]})
    if act == REFUSE or (act == ACCEPT and form.is_valid()):
        return _answer(request, wish, form.cleaned_data["roles"] if act == ACCEPT else None)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "store/join_request.html", {"form": form, "wish": wish}, status=status)


def _answer(request: PublisherRequest, wish: JoinRequest, roles: list[str] | None) -> HttpResponse:
    try:
        if roles is None:
            joining.refuse(actor=request.actor, request_id=wish.id, at=timezone.now())
        else:
            joining.accept(actor=request.actor, request_id=wish.id, roles=roles, at=timezone.now())
    except joining.AlreadyAnsweredError:
        return _answered(request)
    except AlreadyMemberError:
        detail = _("They act for another organisation meanwhile: refuse the request.")
        outcome.tell(request, Outcome(title=_("Nothing was changed"), detail=detail, level=messages.WARNING))
        return redirect("store:join_request", wish.id)
    title = _("Request refused") if roles is None else _("Request accepted")
    outcome.tell(request, Outcome(title=title, detail=_("The person is told by mail.")))
    return redirect("store:members")


def _answered(request: PublisherRequest) -> HttpResponse:
    detail = _("A colleague has answered it, or the person has taken it back.")
    outcome.tell(request, Outcome(title=_("This request does not wait any more"), detail=detail, level=messages.INFO))
    return redirect("store:members")
