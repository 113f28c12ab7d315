"""SE-08: who represents or assists the holder; a second parent; the consent of a protected person."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.access import Role
from apps.accounts.reauthentication import confirmed_recently
from apps.common import limits
from apps.spaces import delegate_words as words
from apps.spaces.entry import SpaceRequest
from apps.spaces.forms.people import RepresentativeForm
from apps.spaces.guards import deciders_only, holders_only
from apps.spaces.models import HealthSpace
from apps.spaces.services import finding, representations
from apps.spaces.services.capacity import REPRESENTATIVES_AT_MOST
from apps.spaces.services.errors import (
    DelegationNotFoundError,
    InvitationNotFoundError,
    InvitationRefusedError,
)
from apps.spaces.views.delegate_lines import given_name, invitation_lines
from apps.spaces.views.inviting import not_found_words
from apps.spaces.views.representative_lines import coming_of_age, representation_lines
from apps.ui import outcome
from apps.ui.outcome import Outcome


@deciders_only
@require_safe
def representatives(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    """Who holds parental authority or a measure, in which capacity, since when and until when."""
    now, actor = timezone.now(), request.actor
    space = _space(space_id)
    rows = representations.representations_of(actor=actor)
    lines = representation_lines(rows, at=now)
    is_child = actor.role is Role.REPRESENTATIVE and coming_of_age(space, at=now) is not None
    sent = invitation_lines(representations.invitations_to_represent(actor=actor), at=now)
    context = {
        "current": [line for line in lines if not line.is_over],
        "former": [line for line in lines if line.is_over],
        "invitations": sent,
        "name": given_name(space.identity),
        "majority": coming_of_age(space, at=now),
        "may_invite": is_child and sum(not line.is_over for line in lines) < REPRESENTATIVES_AT_MOST,
        "space": request.space_view,
    }
    return render(request, "spaces/representatives.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@deciders_only
@confirmed_recently(gettext_lazy("Invite the other representative"))
def representative_invite(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    """The second parent or the guardian, found by all four traits (SPA-41)."""
    now = timezone.now()
    _must_be_a_child_represented(request, space_id)
    form = RepresentativeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "spaces/representative_invite.html", {"form": form})
    verdict = limits.allow(act="delegate_search", key=str(request.actor.user_id), at=now)
    if not verdict.allowed:
        return limits.refusal(verdict=verdict, at=now)
    if form.is_valid():
        draft = finding.search_person(actor=request.actor, traits=form.traits(), terms=form.terms(), at=now)
        if draft is not None:
            return redirect("spaces:representative_review", space_id, draft.search_id)
        form.add_error(None, not_found_words())
    return render(request, "spaces/representative_invite.html", {"form": form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_http_methods(["GET", "HEAD", "POST"])
@deciders_only
@confirmed_recently(gettext_lazy("Invite the other representative"))
def representative_review(request: SpaceRequest, space_id: UUID, search_id: UUID) -> HttpResponse:
    """What the second parent will be able to do, for which of the twins, before the invitation leaves (SPA-42)."""
    now = timezone.now()
    space = _must_be_a_child_represented(request, space_id)
    draft = finding.draft_of(actor=request.actor, search_id=search_id, at=now)
    if request.method != "POST":
        if draft is None:
            raise Http404
        twins = representations.twins_of(space=space, person_id=draft.inviter_id, at=now)
        context = {
            "draft": draft,
            "name": given_name(draft.person),
            "child": given_name(space.identity),
            "twins": [(twin.pk, twin.identity.short_name) for twin in twins],
            "majority": coming_of_age(space, at=now),
        }
        return render(request, "spaces/representative_review.html", context)
    return _send(request, space_id, search_id)


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only
@confirmed_recently(gettext_lazy("Change my agreement"))
def assistance_consent(request: SpaceRequest, space_id: UUID, representation_id: UUID) -> HttpResponse:
    """The protected person alone lets whoever assists them look, or takes it back (SPA-51)."""
    now = timezone.now()
    rows = representations.representations_of(actor=request.actor)
    found = [line for line in representation_lines(rows, at=now) if line.id == representation_id and line.assists]
    if not found or found[0].is_over:
        raise Http404
    line = found[0]
    if request.method != "POST":
        return render(request, "spaces/assistance_consent.html", {"line": line, "space_id": space_id})
    wanted = request.POST.get("accord") == "oui"
    try:
        representations.agree_to_assistance(
            actor=request.actor, representation_id=representation_id, agrees=wanted, at=now
        )
    except DelegationNotFoundError as error:
        raise Http404 from error
    title = _("Agreement given") if wanted else _("Agreement withdrawn")
    outcome.tell(request, Outcome(title=title, detail=_("It holds from now on. You may change your mind at any time.")))
    return redirect("spaces:representatives", space_id)


def _send(request: SpaceRequest, space_id: UUID, search_id: UUID) -> HttpResponse:
    also = frozenset(request.POST.getlist("aussi"))
    try:
        representations.invite_representative(actor=request.actor, search_id=search_id, also=also, at=timezone.now())
    except InvitationNotFoundError:
        late = _("More than fifteen minutes have passed since the search. Nothing was sent: start again.")
        outcome.tell(request, Outcome(title=_("Invitation not sent"), detail=late))
    except InvitationRefusedError as error:
        outcome.tell(request, Outcome(title=_("Invitation not sent"), detail=words.fault_words(error.fault)))
    else:
        outcome.tell(request, Outcome(title=_("Invitation sent"), detail=_("You will be told of the answer.")))
    return redirect("spaces:representatives", space_id)


def _must_be_a_child_represented(request: SpaceRequest, space_id: UUID) -> HealthSpace:
    space = _space(space_id)
    if request.actor.role is not Role.REPRESENTATIVE or coming_of_age(space, at=timezone.now()) is None:
        raise Http404
    return space


def _space(space_id: UUID) -> HealthSpace:
    return HealthSpace.objects.select_related("identity").get(pk=space_id)
