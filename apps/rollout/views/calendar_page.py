"""RO-09: one month of sendings, ends of windows, openings, holidays and capacity; a list on a phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from apps.accounts.staff import StaffRequest, require_staff
from apps.audit.services import Line, record
from apps.common.dates import PARIS
from apps.rollout import policies
from apps.rollout.figures import kept, months
from apps.rollout.figures.months import CalendarDay, Entry, What
from apps.rollout.models import Wave
from apps.rollout.planning import YEARS
from apps.rollout.views.figure_words import month_name
from apps.ui.words import number

PARAMETER = "mois"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    text: str
    icon: str
    wave: Wave


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    day: CalendarDay
    lines: tuple[EntryLine, ...]


@require_staff(*policies.RUNS)
@require_safe
def calendar(request: StaffRequest) -> HttpResponse:
    """The month of the address, else the present one."""
    at = request.actor.at
    today = at.astimezone(PARIS).date()
    waves = list(Wave.objects.order_by("number"))
    shown = months.month(
        first=_month(request.GET.get(PARAMETER, ""), today),
        today=today,
        waves=waves,
        days=kept.days(at).items,
        standings=kept.standings(at).items,
    )
    context = {
        "month": shown,
        "name": month_name(shown.first),
        "before": (f"?{PARAMETER}={shown.before:%Y-%m}", month_name(shown.before)),
        "after": (f"?{PARAMETER}={shown.after:%Y-%m}", month_name(shown.after)),
        "weeks": [[_line(day) for day in week] for week in shown.weeks],
        "days": [_line(day) for day in shown.days],
        "sending": [wave for wave in waves if wave.state in {Wave.State.APPROVED, Wave.State.NOTIFYING}],
    }
    record(actor=request.actor, at=at, line=Line(action="rollout.calendar.view"))
    return render(request, "rollout/calendar.html", context)


def _month(text: str, today: date) -> date:
    """First day of `2026-11`; the present month without one. A text that is no month is no address."""
    if not text:
        return today.replace(day=1)
    try:
        first = datetime.strptime(text, "%Y-%m").replace(tzinfo=PARIS).date()
    except ValueError as error:
        raise Http404 from error
    if first.year not in YEARS:
        raise Http404
    return first


def _line(day: CalendarDay) -> DayLine:
    return DayLine(day=day, lines=tuple(_entry(entry) for entry in day.entries))


def _entry(entry: Entry) -> EntryLine:
    n = entry.number
    words = {
        What.TO_SEND: ngettext("%(n)s notice to send", "%(n)s notices to send", n) if n else _("first sending"),
        What.SENT: ngettext("%(n)s notice sent", "%(n)s notices sent", n),
        What.ENDS: ngettext("last day for %(n)s notice", "last day for %(n)s notices", n),
        What.OPENS: ngettext("opening after %(n)s notice", "openings after %(n)s notices", n),
        What.OPENED: ngettext("%(n)s space opened", "%(n)s spaces opened", n),
    }
    icons = {
        What.TO_SEND: "mail-line",
        What.SENT: "checkbox-circle-line",
        What.ENDS: "time-line",
        What.OPENS: "lock-unlock-line",
        What.OPENED: "lock-unlock-line",
    }
    return EntryLine(text=words[entry.what] % {"n": number(n)}, icon=icons[entry.what], wave=entry.wave)
