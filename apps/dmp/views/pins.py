"""Pinning from the list (DMP-61): it leads back to the list as it was; both acts can be repeated."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseForbidden, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.access import AccessDeniedError
from apps.dmp import services
from apps.dmp.filters import Filters, StateChoice
from apps.dmp.views.document_list import Asked
from apps.dmp.views.filter_session import keep
from apps.spaces.entry import SpaceRequest
from apps.ui import outcome
from apps.ui.outcome import Outcome

_QUERY_AT_MOST = 500


@require_POST
def document_pin(request: SpaceRequest, space_id: UUID, document_id: UUID) -> HttpResponse:
    return _do(request, (space_id, document_id), services.pin_document, _pinned)


@require_POST
def document_unpin(request: SpaceRequest, space_id: UUID, document_id: UUID) -> HttpResponse:
    return _do(request, (space_id, document_id), services.unpin_document, _unpinned)


def _do(
    request: SpaceRequest,
    key: tuple[UUID, UUID],
    act: Callable[..., None],
    told: Callable[[SpaceRequest, UUID], Outcome],
) -> HttpResponse:
    try:
        act(actor=request.actor, document_id=key[1], at=timezone.now())
    except services.DocumentNotFoundError as error:
        raise Http404 from error
    except AccessDeniedError:
        return HttpResponseForbidden()
    outcome.tell(request, told(request, key[0]))
    return redirect(_list_address(request, key[0]))


def _pinned(request: SpaceRequest, space_id: UUID) -> Outcome:
    token = keep(request, space_id, Filters(state=StateChoice.PINNED))
    return Outcome(
        title=_("Document pinned"),
        detail=_("It keeps its place in the list."),
        link_url=Asked(space_id=space_id, token=token, sort="").url(),
        link_label=_("See the pinned documents"),
    )


def _unpinned(_request: SpaceRequest, _space_id: UUID) -> Outcome:
    return Outcome(title=_("Document no longer pinned"))


def _list_address(request: SpaceRequest, space_id: UUID) -> str:
    """The list with the filters, order and page that it had."""
    query = QueryDict(request.POST.get("liste", "")[:_QUERY_AT_MOST])
    address = reverse("dmp:document_list", args=[space_id])
    return f"{address}?{query.urlencode()}" if query else address
