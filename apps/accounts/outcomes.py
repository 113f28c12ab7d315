"""What the sign-in page says after a sign-in that did not happen: five texts, no detail (S-01, S-02)."""

from __future__ import annotations

from django.contrib import messages
from django.utils.translation import gettext as _

from apps.accounts.franceconnect.faults import Fault
from apps.ui.outcome import Outcome


def outcome_of(fault: Fault) -> Outcome:
    """The text of a fault; whatever is not listed is the one neutral text."""
    match fault:
        case Fault.CANCELLED:
            return Outcome(
                title=_("You interrupted the sign-in"),
                detail=_("Nothing was changed. You can start again whenever you like."),
                level=messages.INFO,
            )
        case Fault.UNAVAILABLE:
            return Outcome(
                title=_("FranceConnect does not answer"),
                detail=_("Try again in a few minutes. Your space and your documents are not affected."),
                level=messages.ERROR,
            )
        case Fault.LEVEL:
            return Outcome(
                title=_("This way of signing in is not safe enough"),
                detail=_("Start again and choose, at FranceConnect, an account that asks you for a second proof."),
                level=messages.WARNING,
            )
        case _:
            return Outcome(
                title=_("The sign-in did not succeed"),
                detail=_("It took too long, or was begun in another window. Start again from this page."),
                level=messages.WARNING,
            )


def confirmation_outcome_of(fault: Fault) -> Outcome:
    """The text of a confirmation that did not succeed; the session goes on (S-10)."""
    match fault:
        case Fault.CANCELLED | Fault.UNAVAILABLE | Fault.LEVEL:
            return outcome_of(fault)
        case Fault.OTHER_PERSON:
            return Outcome(
                title=_("This is another person"),
                detail=_("Confirm with the account with which you signed in. Your session goes on."),
                level=messages.WARNING,
            )
        case Fault.STALE:
            return Outcome(
                title=_("FranceConnect did not ask you again"),
                detail=_("Sign out there, or choose the account once more, then confirm again."),
                level=messages.WARNING,
            )
        case _:
            return Outcome(
                title=_("You are not confirmed"),
                detail=_("It took too long, or was begun in another window. Confirm again from this page."),
                level=messages.WARNING,
            )


def session_ended() -> Outcome:
    """For somebody who comes back to a session that has ended."""
    return Outcome(
        title=_("Your session has ended"),
        detail=_("To protect your data, it ends after a time without action. Sign in to go on where you were."),
        level=messages.INFO,
    )
