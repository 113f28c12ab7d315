"""Words for the figures of the roll-out: outcomes, reasons, differences, age classes, days."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.rollout.figures.counting import AGES
from apps.rollout.figures.outcomes import Outcome
from apps.rollout.models import EligiblePerson, Wave

DIFFERENCES: dict[str, str | Promise] = {
    "opposed-then-opened": gettext_lazy("A space opened although an opposition stood"),
    "state-without-transition": gettext_lazy("A state that no step of the journal explains"),
    "sent-without-notice": gettext_lazy("Six weeks that run without a notice that was sent"),
    "queued-without-notice": gettext_lazy("A notice said to be prepared that does not exist"),
    "opened-before-the-end": gettext_lazy("A space opened before the end of the six weeks"),
    "opened-without-approval": gettext_lazy("A space opened in a wave that two people had not let open"),
    "waiting-in-a-closed-wave": gettext_lazy("Somebody who still waits in a wave that is over"),
    "several-live-codes": gettext_lazy("Several codes of one person that work"),
    "conflict-not-held": gettext_lazy("Two requests that contradict each other without the opening being held"),
    "from-an-unknown-import": gettext_lazy("Somebody whom no known import brought"),
    "more-people-than-lines": gettext_lazy("An import that brought more people than it accepted lines"),
}
_DOUBLE = gettext_lazy("seems known under another number")


def wave_name(wave: Wave) -> str:
    """ "Wave 3: Somme"."""
    return _("Wave %(number)s: %(name)s") % {"number": wave.number, "name": wave.name}


def detail(outcome: Outcome, code: str) -> str:
    """What a part of a line of the sheet says: a state, the reason of a hold or of a failure."""
    states = {state.value: state.label for state in EligiblePerson.State}
    holds = {hold.value: hold.label for hold in EligiblePerson.Hold}
    if outcome is Outcome.HELD:
        return str(holds.get(code, _DOUBLE))
    return str(states.get(code, code))


def difference(code: str) -> str:
    """A difference in words; `code` of `figures.Difference`."""
    if "/" in code:
        by_state, by_fact = (Outcome(part).label for part in code.split("/"))
        return _("Said to be “%(state)s” by the states, “%(fact)s” by the facts") % {
            "state": by_state,
            "fact": by_fact,
        }
    return str(DIFFERENCES[code])


def age_class(number: int) -> str:
    """ "18 to 29", "75 and over"."""
    if number == 0:
        return _("under %(age)s") % {"age": AGES[0]}
    if number == len(AGES):
        return _("%(age)s and over") % {"age": AGES[-1]}
    return _("%(first)s to %(last)s") % {"first": AGES[number - 1], "last": AGES[number] - 1}


def short_day(value: date) -> str:
    """ "7 septembre"."""
    return date_format(value, "MONTH_DAY_FORMAT")


def month_name(value: date) -> str:
    """ "Novembre 2026"."""
    words = date_format(value, "YEAR_MONTH_FORMAT")
    return words[:1].upper() + words[1:]
