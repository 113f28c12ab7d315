"""SE-06: relatives who help the holder: the list, what each may do, the end of it."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from apps.access import Role
from apps.accounts.reauthentication import confirmed_recently
from apps.spaces import delegate_words as words
from apps.spaces.entry import SpaceRequest
from apps.spaces.forms.people import NONE, SectionsForm
from apps.spaces.guards import deciders_only, holders_only
from apps.spaces.models import Delegation
from apps.spaces.services import delegations, invitations
from apps.spaces.services.capacity import places_left
from apps.spaces.services.errors import (
    ChoicesChangedError,
    DelegationNotFoundError,
    InvitationNotFoundError,
    InvitationOverError,
)
from apps.spaces.views.certificates import certificate_response
from apps.spaces.views.delegate_lines import acts_of, delegation_lines, given_name, invitation_lines
from apps.ui import outcome
from apps.ui.outcome import Outcome


@deciders_only
@require_safe
def delegate_list(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    """Who helps, who is invited, who helped; how many places are left (SPA-52). Of a person who is represented there
    are representatives to see instead.
    """
    now, actor = timezone.now(), request.actor
    if actor.role is not Role.HOLDER:
        return redirect("spaces:representatives", space_id)
    left = places_left(space_id=space_id, at=now)
    rows = delegations.delegations_of(actor=actor)
    context = {
        "current": delegation_lines([row for row in rows if row.until > now], at=now),
        "former": delegation_lines([row for row in rows if row.until <= now], at=now),
        "invitations": invitation_lines(delegations.invitations_of(actor=actor), at=now),
        "may_invite": left > 0,
        "places": words.places_words(left),
    }
    return render(request, "spaces/delegate_list.html", context)


@holders_only
@require_safe
def delegate_detail(request: SpaceRequest, space_id: UUID, delegation_id: UUID) -> HttpResponse:
    """What one relative may do and did (SPA-54, SPA-55)."""
    now = timezone.now()
    row = _delegation(request, delegation_id)
    context = {
        "line": delegation_lines([row], at=now)[0],
        "acts": acts_of(row),
        "never": words.never_words(),
        "space_id": space_id,
    }
    return render(request, "spaces/delegate_detail.html", context)


@holders_only
@require_safe
def delegate_certificate(request: SpaceRequest, space_id: UUID, delegation_id: UUID) -> HttpResponse:
    """The certificate as a PDF, while the help lasts."""
    del space_id  # the actor has it
    now = timezone.now()
    row = _delegation(request, delegation_id)
    if row.until <= now:
        raise Http404
    return certificate_response(row, at=now)


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only
@confirmed_recently(gettext_lazy("Change what a relative may do"))
def delegate_change(request: SpaceRequest, space_id: UUID, delegation_id: UUID) -> HttpResponse:
    """Other rights, or a new last day: the renewal too (decisions 9); those of another tab are never lost (REL-21)."""
    now = timezone.now()
    row = _delegation(request, delegation_id)
    if row.until <= now:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = SectionsForm(data, at=now, begins_on=delegations.first_day(row, at=now), initial=_initial(row))
    seen = request.POST.get("seen", delegations.seen_code(row))
    if request.method != "POST":
        return _change_page(request, form, row, seen)
    if not form.is_valid():
        return _change_page(request, form, row, seen, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        _change(request, form, row, seen)
    except ChoicesChangedError:
        form.add_error(None, _("These choices were changed after you opened this page. Check them and save again."))
        return _change_page(request, form, row, delegations.seen_code(row), HTTPStatus.CONFLICT)
    except DelegationNotFoundError as error:
        raise Http404 from error
    outcome.tell(request, Outcome(title=_("Rights changed"), detail=_("They hold from now on.")))
    return redirect("spaces:delegate_detail", space_id, delegation_id)


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only
def delegate_end(request: SpaceRequest, space_id: UUID, delegation_id: UUID) -> HttpResponse:
    """Stop a relative at once: no cooling-off, no reason, no confirmation that could stand in the way."""
    now = timezone.now()
    row = _delegation(request, delegation_id)
    if request.method != "POST":
        if row.until <= now:
            raise Http404
        return render(request, "spaces/delegate_end.html", {"row": row, "name": given_name(row.person)})
    delegations.end_delegation(actor=request.actor, delegation_id=delegation_id, at=now)
    told = _("This person no longer sees anything of your space. You are both told.")
    outcome.tell(request, Outcome(title=_("Access stopped"), detail=told))
    return redirect("spaces:delegate_list", space_id)


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only
def invitation_withdraw(request: SpaceRequest, space_id: UUID, invitation_id: UUID) -> HttpResponse:
    """Cancel an invitation before its answer."""
    now = timezone.now()
    found = [row for row in delegations.invitations_of(actor=request.actor) if row.id == invitation_id]
    if not found:
        raise Http404
    if request.method != "POST":
        return render(
            request, "spaces/invitation_withdraw.html", {"line": invitation_lines(found, at=now, every=True)[0]}
        )
    try:
        invitations.withdraw_invitation(actor=request.actor, invitation_id=invitation_id, at=now)
    except InvitationNotFoundError as error:
        raise Http404 from error
    except InvitationOverError:
        outcome.tell(request, Outcome(title=_("Invitation already answered"), detail=_("Nothing was cancelled.")))
    else:
        outcome.tell(request, Outcome(title=_("Invitation cancelled")))
    return redirect(reverse("spaces:delegate_list", args=[space_id]))


def _delegation(request: SpaceRequest, delegation_id: UUID) -> Delegation:
    try:
        return delegations.delegation_of(actor=request.actor, delegation_id=delegation_id)
    except DelegationNotFoundError as error:
        raise Http404 from error


def _change(request: SpaceRequest, form: SectionsForm, row: Delegation, seen: str) -> None:
    delegations.change_delegation(
        actor=request.actor,
        delegation_id=row.id,
        seen=seen,
        sections=form.sections(),
        ends_on=form.cleaned_data["ends_on"],
        at=form.at,
    )


def _change_page(
    request: SpaceRequest, form: SectionsForm, row: Delegation, seen: str, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    context = {"form": form, "line": delegation_lines([row], at=form.at)[0], "seen": seen}
    return render(request, "spaces/delegate_change.html", context, status=status)


def _initial(row: Delegation) -> dict[str, object]:
    return {
        "documents": row.sections.get("documents", NONE),
        "messages": row.sections.get("messages", NONE),
        "history": row.sections.get("history", NONE),
        "ends_on": delegations.last_day(row),
    }
