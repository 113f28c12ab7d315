"""SE-07: invitations that somebody has received, and the people they help. Outside any space."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.levels import reaches
from apps.accounts.models import User
from apps.accounts.sessions import level_of
from apps.spaces import delegate_words as words
from apps.spaces.models import DelegationInvitation
from apps.spaces.services import delegations, invitations
from apps.spaces.services.errors import (
    DelegationNotFoundError,
    InvitationNotFoundError,
    InvitationOverError,
    InvitationRefusedError,
)
from apps.spaces.services.invitations import Reader
from apps.spaces.views.certificates import certificate_response
from apps.spaces.views.invited_lines import help_lines, received, received_lines
from apps.ui import outcome
from apps.ui.outcome import Outcome

YES, NO = "accepter", "refuser"


@require_safe
@login_required
def invitation_list(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, and whom I help."""
    reader, now = _reader(request), timezone.now()
    context: dict[str, object] = {"invitations": [], "helps": []}
    if reader is not None:
        sent = invitations.invitations_to(person_id=reader.person_id)
        helps = delegations.helps_of(person_id=reader.person_id, at=now)
        context = {"invitations": received_lines(sent, at=now), "helps": help_lines(helps, at=now)}
    return render(request, "spaces/invitation_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delegate_accept(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Who invites, for what, with which duties: yes or no (SPA-54)."""
    reader, now = _known(request), timezone.now()
    if request.method == "POST":
        return _answer(request, reader, invitation_id)
    row = _invitation(reader, invitation_id)
    context = {"line": received(row, at=now), "never": words.never_words_about_another(), "yes": YES, "no": NO}
    return render(request, "spaces/invitation_answer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def help_end(request: HttpRequest, delegation_id: UUID) -> HttpResponse:
    """The relative stops helping, at once."""
    reader, now = _known(request), timezone.now()
    try:
        row = delegations.help_of(person_id=reader.person_id, delegation_id=delegation_id, at=now)
        if request.method != "POST":
            return render(request, "spaces/help_end.html", {"name": row.space.identity.short_name})
        delegations.stop_helping(reader=reader, delegation_id=delegation_id, at=now)
    except DelegationNotFoundError as error:
        raise Http404 from error
    told = _("You no longer see anything of this space. You are both told.")
    outcome.tell(request, Outcome(title=_("Help ended"), detail=told))
    return redirect("spaces:invitation_list")


@require_safe
@login_required
def help_certificate(request: HttpRequest, delegation_id: UUID) -> HttpResponse:
    """The certificate, for the person who has to show it."""
    reader, now = _known(request), timezone.now()
    try:
        row = delegations.help_of(person_id=reader.person_id, delegation_id=delegation_id, at=now)
    except DelegationNotFoundError as error:
        raise Http404 from error
    return certificate_response(row, at=now)


def _answer(request: HttpRequest, reader: Reader, invitation_id: UUID) -> HttpResponse:
    acts = {YES: invitations.accept_invitation, NO: invitations.refuse_invitation}
    act = acts.get(request.POST.get("reponse", ""))
    _invitation(reader, invitation_id)
    if act is None:
        return redirect("spaces:delegate_accept", invitation_id)
    try:
        act(reader=reader, invitation_id=invitation_id, at=timezone.now())
    except InvitationOverError:
        outcome.tell(request, Outcome(title=_("Too late"), detail=_("This invitation can no longer be answered.")))
        return redirect("spaces:delegate_accept", invitation_id)
    except InvitationRefusedError as error:
        outcome.tell(request, Outcome(title=_("Not possible"), detail=words.fault_words_for_invited(error.fault)))
        return redirect("spaces:delegate_accept", invitation_id)
    yes = act is invitations.accept_invitation
    title = _("Invitation accepted") if yes else _("Invitation refused")
    outcome.tell(request, Outcome(title=title, detail=_("The person who invited you is told.")))
    return redirect("journeys:choose_space" if yes else "spaces:invitation_list")


def _invitation(reader: Reader, invitation_id: UUID) -> DelegationInvitation:
    try:
        return invitations.invitation_to(person_id=reader.person_id, invitation_id=invitation_id)
    except InvitationNotFoundError as error:
        raise Http404 from error


def _known(request: HttpRequest) -> Reader:
    reader = _reader(request)
    if reader is None:
        raise Http404
    return reader


def _reader(request: HttpRequest) -> Reader | None:
    """Somebody whose identity is known, at the level that opens a space (SEC-34)."""
    user, level = request.user, level_of(request)
    if not isinstance(user, User) or user.identity_id is None or not reaches(level, settings.HOLDER_MIN_LEVEL):
        return None
    return Reader(user_id=user.pk, person_id=user.identity_id, level=level)
