"""Two pages of the staff, for tests of the decorator."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from apps.accounts.models import StaffRole
from apps.accounts.staff import require_staff
from ens_portal.urls import urlpatterns as portal


@require_safe
@require_staff(StaffRole.PLATFORM)
def platform(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    return HttpResponse(f"{actor.role} {actor.user_id} {actor.level} {actor.space_id}", content_type="text/plain")


@require_safe
@require_staff(StaffRole.OPERATOR, StaffRole.APPROVER)
def either(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    return HttpResponse(" ".join(sorted(actor.staff_roles)), content_type="text/plain")


urlpatterns = [path("essai/plateforme/", platform), path("essai/deux/", either), *portal]
