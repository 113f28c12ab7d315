"""SE-06: inviting a relative. One form finds the person, a page of its own asks to confirm (SPA-53, SPA-54)."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from apps.accounts.reauthentication import confirmed_recently
from apps.common import limits
from apps.spaces import delegate_words as words
from apps.spaces.entry import SpaceRequest
from apps.spaces.forms.people import InviteForm
from apps.spaces.guards import holders_only
from apps.spaces.models import DelegationInvitation
from apps.spaces.services import finding, invitations
from apps.spaces.services.errors import InvitationNotFoundError, InvitationRefusedError
from apps.spaces.views.delegate_lines import given_name
from apps.ui import outcome
from apps.ui.outcome import Outcome


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only
@confirmed_recently(gettext_lazy("Invite a relative"))
def delegate_invite(request: SpaceRequest, space_id: UUID) -> HttpResponse:
    """Whom, for what, from when to when; one sentence for every miss (SPA-53)."""
    now = timezone.now()
    form = InviteForm(
        request.POST if request.method == "POST" else None, at=now, initial={"starts_on": timezone.localdate()}
    )
    if request.method != "POST":
        return render(request, "spaces/delegate_invite.html", {"form": form})
    verdict = limits.allow(act="delegate_search", key=str(request.actor.user_id), at=now)
    if not verdict.allowed:
        return limits.refusal(verdict=verdict, at=now)
    if form.is_valid():
        draft = finding.search_person(actor=request.actor, traits=form.traits(), terms=form.terms(), at=now)
        if draft is not None:
            return redirect("spaces:delegate_review", space_id, draft.search_id)
        form.add_error(None, not_found_words())
    return render(request, "spaces/delegate_invite.html", {"form": form}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_http_methods(["GET", "HEAD", "POST"])
@holders_only
@confirmed_recently(gettext_lazy("Invite a relative"))
def delegate_review(request: SpaceRequest, space_id: UUID, search_id: UUID) -> HttpResponse:
    """What will be allowed and what never is, before the invitation leaves."""
    now = timezone.now()
    if request.method != "POST":
        draft = finding.draft_of(actor=request.actor, search_id=search_id, at=now)
        if draft is None:
            raise Http404
        return render(request, "spaces/delegate_review.html", _review(draft))
    try:
        invitations.send_invitation(actor=request.actor, search_id=search_id, at=now)
    except InvitationNotFoundError:
        late = _("More than fifteen minutes have passed since the search. Nothing was sent: start again.")
        outcome.tell(request, Outcome(title=_("Invitation not sent"), detail=late))
        return redirect("spaces:delegate_invite", space_id)
    except InvitationRefusedError as error:
        outcome.tell(request, Outcome(title=_("Invitation not sent"), detail=words.fault_words(error.fault)))
        return redirect("spaces:delegate_list", space_id)
    outcome.tell(request, Outcome(title=_("Invitation sent"), detail=_("This person sees it at the next sign-in.")))
    return redirect("spaces:delegate_list", space_id)


def not_found_words() -> str:
    """The same sentence whichever trait differs, and when nobody has that number (SPA-53)."""
    return _(
        "We find no active account that matches all four pieces of information exactly. Check them with the person, "
        "who must have signed in here at least once."
    )


def _review(draft: DelegationInvitation) -> dict[str, object]:
    return {
        "draft": draft,
        "name": given_name(draft.person),
        "allowed": words.allowed_words(draft.sections),
        "never": words.never_words(),
    }
