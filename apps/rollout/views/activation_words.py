"""Words of the pages of an activation."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from apps.rollout.services.activating import Fault

# Why nothing was activated, and what to do.
_CALL = _("You have nothing to do for now. Call us if you have a question.")
_CORRECT = _("If this is a mistake, tell the health insurance, which corrects it. Then call us.")
_WORDS = {
    Fault.DECEASED: (
        _("The health insurance tells us that this person has died. The space can no longer be activated."),
        _CORRECT,
    ),
    Fault.CLOSED: (
        _("This space was closed. It cannot be activated."),
        _("It can be opened again. Call us."),
    ),
    Fault.SUSPENDED: (_("Access to this space is suspended. It cannot be activated for now."), _CALL),
    Fault.CONFLICT: (
        _(
            "Two people who represent this person have asked for opposite things. The opening waits until an "
            "operator has decided on documents. Both are told."
        ),
        _CALL,
    ),
    Fault.NOT_ELIGIBLE: (
        _("The health insurance no longer names this person among those for whom a space opens."),
        _CORRECT,
    ),
    Fault.CODE_USED: (
        _("This code has been used: it works once."),
        _("The space is open: sign in with FranceConnect."),
    ),
    Fault.CODE_REPLACED: (
        _("A newer code was sent. Only the last code works."),
        _("Take the code of the last letter or the last mail."),
    ),
    Fault.OPPOSED: (
        _("An opposition stands against the opening of this space. The box that withdraws it is not ticked."),
        _("Go back to choose again. Nothing was changed."),
    ),
    Fault.NOT_YOURS: (_("You may not decide about this space any more."), _CALL),
}


def refused(request: HttpRequest, fault: Fault) -> HttpResponse:
    """The page that says it (S-08)."""
    reason, remedy = _WORDS[fault]
    context = {"reason": reason, "remedy": remedy}
    return render(request, "rollout/activation_refused.html", context, status=HTTPStatus.CONFLICT)
