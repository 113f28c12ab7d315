"""Pages of one dossier in the back office: who comes in, after which declaration, and the line of the trail (RV-02)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any, TypedDict
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from apps.access import Actor
from apps.accounts.models import StaffRole
from apps.accounts.staff import StaffRequest, require_staff
from apps.store.models import Candidacy
from apps.store.policies import REVIEW
from apps.store.services import acting, cases
from apps.store.services.errors import UnknownRowError

View = Callable[..., HttpResponseBase]


class Given(TypedDict):
    """What every act on a dossier is given."""

    actor: Actor
    candidacy_id: UUID
    at: datetime


class CaseRequest(StaffRequest):
    """A request past `case_page`, for annotations."""

    case: Candidacy


def case_page(*roles: StaffRole, page: str = "") -> Callable[[View], View]:
    """Decorator of views of one dossier for members of the back office, with one of `roles` where some are named.

    Unknown, a draft, or shut by a link to the publisher: 404 (S33). Before the first opening each reader declares
    whether they have a link (RV-03). `page`: what a line of the trail says was read; none without it.
    """

    def decorator(view: View) -> View:
        @wraps(view)
        def checked(request: CaseRequest, candidacy_id: UUID, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401  any view's
            case = case_or_404(request, candidacy_id)
            if not case.is_declared:  # type: ignore[attr-defined]  # annotated by case_for
                return redirect(f"{reverse('store:conflict', args=[case.id])}?{urlencode({'suite': request.path})}")
            request.case = case
            answer = view(request, **kwargs)
            if page and request.method == "GET" and answer.status_code == HTTPStatus.OK:
                _trace(request, case, page)
            return answer

        return require_staff(*(roles or REVIEW))(checked)

    return decorator


def given_of(request: CaseRequest) -> Given:
    """For an act on the dossier of the request, now."""
    return {"actor": request.actor, "candidacy_id": request.case.id, "at": timezone.now()}


def case_or_404(request: StaffRequest, candidacy_id: UUID) -> Candidacy:
    """The dossier, when it exists for this person."""
    try:
        return cases.case_for(actor=request.actor, candidacy_id=candidacy_id)
    except UnknownRowError as error:
        cases.note_refusal(actor=request.actor, candidacy_id=candidacy_id, at=request.actor.at)
        raise Http404 from error


def _trace(request: CaseRequest, case: Candidacy, page: str) -> None:
    acting.trace(
        actor=request.actor, act="case.read", publisher_id=case.publisher_id, target=f"candidacy:{case.id}",
        at=request.actor.at, facts={"page": page},
    )  # fmt: skip
