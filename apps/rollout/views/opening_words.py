"""RO-07 in words: the counts of a trial, the two steps."""

from __future__ import annotations

from django.utils.translation import gettext as _

from apps.rollout.models import Wave
from apps.rollout.services.letting_open import Trial
from apps.ui.components import Pair
from apps.ui.words import moment, number


def pairs(made: Trial) -> tuple[Pair, ...]:
    """Every count, those that wait for an operator with what they wait for."""
    return (
        Pair(term=_("To open now"), value=number(made.due)),
        Pair(term=_("Not yet"), value=number(made.later), note=_("no notice yet, or the six weeks still run")),
        Pair(term=_("Opposed"), value=number(made.opposed)),
        Pair(
            term=_("Held: requests that contradict each other"),
            value=number(made.conflicts),
            note=_("an operator decides"),
        ),
        Pair(term=_("Held: notice came back"), value=number(made.returned), note=_("a new address is needed")),
        Pair(
            term=_("Held: minor without a known representative"),
            value=number(made.without_representative),
            note=_("list for the fund"),
        ),
        Pair(
            term=_("Held: may be meant by an opposition that waits"),
            value=number(made.claims),
            note=_("until its person is found"),
        ),
        Pair(term=_("Held: seems known under another number"), value=number(made.doubles)),
        Pair(term=_("Deceased"), value=number(made.dead)),
        Pair(term=_("No longer eligible"), value=number(made.not_eligible)),
        Pair(term=_("Opening failed"), value=number(made.failed)),
        Pair(term=_("Already open"), value=number(made.opened)),
    )


def steps(wave: Wave) -> tuple[Pair, ...]:
    """Who asked, who approved; empty values say that it is still to be done."""
    waits = _("not done yet")
    return (
        Pair(
            term=_("Asked for"),
            value=moment(wave.opening_asked_at) if wave.opening_asked_at else waits,
            note=str(getattr(wave.opening_asked_by, "email", "")),
        ),
        Pair(
            term=_("Approved by another person"),
            value=moment(wave.opening_approved_at) if wave.opening_approved_at else waits,
            note=str(getattr(wave.opening_approved_by, "email", "")),
        ),
    )
