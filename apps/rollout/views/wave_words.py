"""What the pages of a wave say in words: its state, its dates, why something was not done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.rollout import criteria, planning
from apps.rollout.models import EligiblePerson, Wave
from apps.rollout.services import errors, waves
from apps.spaces.perimeter import Service
from apps.ui.components import Pair
from apps.ui.words import day, long_day, number

State = Wave.State
_ICONS = {
    State.DRAFT: "draft-line",
    State.APPROVED: "checkbox-circle-line",
    State.NOTIFYING: "mail-line",
    State.WINDOW: "time-line",
    State.OPENING: "lock-unlock-line",
    State.CLOSED: "archive-line",
    State.CANCELLED: "close-circle-line",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """Numbers and dates of a wave as it is written now; `plan` is None where notices would wait for ever."""

    counted: criteria.Headcount
    plan: planning.Plan | None
    figures: tuple[Pair, ...]
    dates: tuple[Pair, ...]
    warnings: tuple[str, ...]


def icon_of(wave: Wave) -> str:
    return _ICONS[State(wave.state)]


def preview_of(wave: Wave) -> Preview:
    """Asks for the live count: one query over the register."""
    counted = criteria.count(wave)
    load = waves.load_of(wave=wave, counted=counted)
    made = None if planning.never_ends(load) else planning.plan(first_send_on=wave.first_send_on, load=load)
    return Preview(
        counted=counted,
        plan=made,
        figures=_figures(counted),
        dates=_dates(made, is_continuous=wave.is_continuous) if made is not None else (),
        warnings=tuple(_warnings(counted, made, is_continuous=wave.is_continuous)),
    )


def criteria_pairs(wave: Wave) -> tuple[Pair, ...]:
    """Criteria, perimeter and capacity, line by line."""
    situations = {one.value: str(one.label) for one in EligiblePerson.Situation}
    services = {service.value: str(service.label) for service in Service}
    everybody = _("all")
    return (
        Pair(term=_("Stage"), value=wave.get_stage_display()),
        Pair(term=_("Departments"), value=", ".join(wave.departments) or everybody),
        Pair(term=_("Schemes"), value=", ".join(wave.schemes) or everybody),
        Pair(term=_("Situations"), value=", ".join(situations[one] for one in wave.situations) or everybody),
        Pair(term=_("Dates of birth"), value=_births(wave)),
        Pair(term=_("People at most"), value=number(wave.at_most) if wave.at_most else _("no limit")),
        Pair(term=_("Later arrivals"), value=_("taken in every day") if wave.is_continuous else _("not taken in")),
        Pair(term=_("Services that the spaces open with"), value=", ".join(services[one] for one in wave.services)),
        Pair(term=_("How the notices go out"), value=wave.get_channels_display()),
        Pair(
            term=_("Capacity a day"),
            value=_("%(mails)s e-mails, %(letters)s letters")
            % {"mails": number(wave.mails_a_day), "letters": number(wave.letters_a_day)},
        ),
    )


def dates_sentence(wave: Wave) -> str:
    """One line of a list, without counting anybody."""
    made = planning.plan(
        first_send_on=wave.first_send_on, load=planning.Load(mails=0, letters=0, mails_a_day=0, letters_a_day=0)
    )
    return _("Sendings from %(first)s, openings from %(opening)s at the earliest.") % {
        "first": day(wave.first_send_on),
        "opening": day(made.opens_first),
    }


def why_not(error: Exception) -> str:
    """The words for an act that was not done."""
    if isinstance(error, errors.WrongStateError) and error.state in {State.DRAFT, State.CANCELLED}:
        return _("This wave is a draft or was given up: this cannot be done.")
    words = {
        errors.SamePersonError: _(
            "You did the first step of this yourself. Another person with the right to approve does the second one."
        ),
        errors.WaveChangedError: _("Somebody changed this wave after you opened the page. Read it again, then decide."),
        errors.StillReleasingError: _("People of the former version are still being let go. Try again in a minute."),
        errors.NobodyMeantError: _("Nobody free meets these criteria. Change them first."),
        errors.NoCapacityError: _(
            "Some notices would never leave, or not within ten years: the capacity of their way is 0 a day or too low."
            " Change it first."
        ),
        errors.NotAskedError: _("Nobody has asked for this opening yet."),
    }
    return words.get(type(error), _("This wave has gone on meanwhile: this cannot be done any more."))


def _figures(counted: criteria.Headcount) -> tuple[Pair, ...]:
    numbers = (
        (_("people taken in"), counted.people),
        (_("notices by e-mail"), counted.mails),
        (_("notices by post"), counted.letters),
        (_("not written to yet"), counted.unwritten),
        (_("in another wave"), counted.elsewhere),
        (_("held as doubles"), counted.doubles),
        (_("deceased"), counted.dead),
    )
    return tuple(Pair(term=term, value=number(count)) for term, count in numbers)


def _dates(made: planning.Plan, *, is_continuous: bool) -> tuple[Pair, ...]:
    first = (
        Pair(term=_("First sending"), value=long_day(made.first_send_on)),
        Pair(term=_("End of the six weeks, first people"), value=long_day(made.ends_first)),
        Pair(term=_("First opening"), value=long_day(made.opens_first)),
    )
    if is_continuous:
        return first
    last_letter = (Pair(term=_("Last letters"), value=long_day(made.last_letter_on)),) if made.last_letter_on else ()
    last_mail = (Pair(term=_("Last e-mails"), value=long_day(made.last_mail_on)),) if made.last_mail_on else ()
    return (
        first[0],
        *last_mail,
        *last_letter,
        first[1],
        Pair(term=_("End of the six weeks, last people"), value=long_day(made.ends_last)),
        first[2],
        Pair(term=_("Last opening"), value=long_day(made.opens_last)),
    )


def _warnings(counted: criteria.Headcount, made: planning.Plan | None, *, is_continuous: bool) -> Iterable[str]:
    if not counted.people and not is_continuous:
        yield _("Nobody free meets these criteria.")
    if made is None:
        yield _(
            "Some notices would never leave, or not within ten years: the capacity of their way is 0 a day or too low."
        )
        return
    what = {
        "first-sending": _("First sending"),
        "last-sending": _("Last sending"),
        "opening": _("First opening"),
    }
    for one in planning.days_off(made):
        reason = one.holiday or _("Sunday")
        yield _("%(what)s on %(day)s: %(reason)s.") % {"what": what[one.what], "day": day(one.day), "reason": reason}
    if counted.elsewhere:
        yield ngettext(
            "%(count)s person who meets the criteria stands in another wave and is left out.",
            "%(count)s people who meet the criteria stand in another wave and are left out.",
            counted.elsewhere,
        ) % {"count": number(counted.elsewhere)}


def _births(wave: Wave) -> str:
    first, last = day(wave.born_from) if wave.born_from else "", day(wave.born_until) if wave.born_until else ""
    if first and last:
        return _("from %(first)s until %(last)s") % {"first": first, "last": last}
    if first:
        return _("from %(day)s") % {"day": first}
    return _("until %(day)s") % {"day": last} if last else _("all")
