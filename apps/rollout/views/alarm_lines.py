"""Alarms of RO-01 in words, with the page that deals with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from apps.rollout.figures.alarms import Alarm, Kind
from apps.rollout.views.figure_words import short_day
from apps.ui.words import number

Addresses = Mapping[str, str]  # name of an entry of the menu → its address, for those that the reader may open


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmLine:
    """`url` is empty where the reader has no such page; `due`: until when."""

    title: str
    text: str
    icon: str
    url: str
    due: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """`title` takes `n`, the number as one reads it, `count`, the number, and `name`."""

    icon: str
    page: str
    title: Any  # a lazy text; the plural ones know `%` only
    text: Any


_OF: dict[Kind, _Words] = {
    Kind.STOP: _Words(
        icon="alarm-warning-line",
        page="rollout:stop",
        title=ngettext_lazy("%(n)s stop stands", "%(n)s stops stand", "count"),
        text=gettext_lazy("Nothing is sent or opened until two people have let it go on."),
    ),
    Kind.CLAIMS_LATE: _Words(
        icon="time-line",
        page="rollout:oppositions",
        title=ngettext_lazy(
            "%(n)s opposition late: its person is not found",
            "%(n)s oppositions late: their people are not found",
            "count",
        ),
        text=gettext_lazy("Five working days are over. The openings that it may concern are held."),
    ),
    Kind.UNCERTAIN: _Words(
        icon="question-line",
        page="rollout:notices",
        title=ngettext_lazy("%(n)s notice uncertain", "%(n)s notices uncertain", "count"),
        text=gettext_lazy("The relay did not say whether it took them. They are tried again with the same number."),
    ),
    Kind.RETURNED: _Words(
        icon="mail-close-line",
        page="rollout:notices",
        title=ngettext_lazy(
            "%(n)s notice came back, no other address", "%(n)s notices came back, no other address", "count"
        ),
        text=gettext_lazy("The six weeks start again at the new sending."),
    ),
    Kind.CONFLICTS: _Words(
        icon="parent-line",
        page="rollout:oppositions",
        title=ngettext_lazy("%(n)s request against another one", "%(n)s requests against another one", "count"),
        text=gettext_lazy("The opening is held until you decide."),
    ),
    Kind.IMPORT_STOPPED: _Words(
        icon="error-warning-line",
        page="rollout:import_list",
        title=gettext_lazy("Import %(name)s stands still"),
        text=gettext_lazy("Go on with it or give it up: once it has begun to write, openings wait for it."),
    ),
    Kind.IMPORT_ERRORS: _Words(
        icon="error-warning-line",
        page="rollout:import_list",
        title=gettext_lazy("Import %(name)s: over one line in a hundred is refused"),
        text=gettext_lazy("Correct the file at the source, or ask another person with the right to approve."),
    ),
    Kind.IMPORT_WAITS: _Words(
        icon="file-line",
        page="rollout:import_list",
        title=gettext_lazy("Import %(name)s waits for a second person"),
        text=gettext_lazy("Over one refused line in a hundred, or people taken out: somebody else has to agree."),
    ),
    Kind.IMPORT_FAILED: _Words(
        icon="error-warning-line",
        page="rollout:import_list",
        title=gettext_lazy("Import %(name)s was refused or failed"),
        text=gettext_lazy("Its page says why."),
    ),
    Kind.CLAIMS: _Words(
        icon="time-line",
        page="rollout:oppositions",
        title=ngettext_lazy(
            "%(n)s opposition whose person is to be found", "%(n)s oppositions whose people are to be found", "count"
        ),
        text=gettext_lazy("Five working days from the day it was entered."),
    ),
    Kind.REPRESENTATIVES: _Words(
        icon="parent-line",
        page="rollout:population",
        title=ngettext_lazy(
            "%(n)s minor without a known representative", "%(n)s minors without a known representative", "count"
        ),
        text=gettext_lazy("The list goes to the fund; their notices wait."),
    ),
}


def alarm_line(alarm: Alarm, addresses: Addresses) -> AlarmLine:
    """One alarm as the page shows it."""
    words = _OF[alarm.kind]
    return AlarmLine(
        title=words.title % {"n": number(alarm.number), "count": alarm.number, "name": alarm.name},
        text=str(words.text),
        icon=words.icon,
        url=addresses.get(words.page, ""),
        due=_("before %(day)s") % {"day": short_day(alarm.due_on)} if alarm.due_on is not None else "",
    )
