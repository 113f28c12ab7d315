"""What the pages of waves list: one line a wave, one line an event, the acts that are possible now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.models import StaffRole, User
from apps.rollout.models import EligiblePerson, Wave, WaveEvent
from apps.rollout.services import waves
from apps.rollout.stops import is_stopped
from apps.rollout.views import wave_words
from apps.ui.components import Pair
from apps.ui.words import number

LATEST = 50
State = Wave.State


@dataclass(frozen=True, slots=True, kw_only=True)
class WaveLine:
    wave: Wave
    people: str
    dates: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    at: datetime
    what: str
    who: str


def line_of(wave: Wave) -> WaveLine:
    """No query: what stands in the row."""
    return WaveLine(
        wave=wave, people=_people(wave), dates=wave_words.dates_sentence(wave), icon=wave_words.icon_of(wave)
    )


def detail_of(wave: Wave, *, roles: Collection[StaffRole]) -> dict[str, object]:
    """The page of one wave. The live count is asked for while nobody has been taken in."""
    is_filled = wave.filled_at is not None or wave.state not in {State.DRAFT, State.APPROVED}
    may_change = waves.may_change(wave)
    return {
        "wave": wave,
        "icon": wave_words.icon_of(wave),
        "people": _people(wave),
        "criteria": wave_words.criteria_pairs(wave),
        "preview": None if is_filled or wave.state == State.CANCELLED else wave_words.preview_of(wave),
        "states": _states(wave) if is_filled else (),
        "dates": wave_words.dates_sentence(wave),
        "decisions": _decisions(wave),
        "events": _events(wave),
        "is_stopped": is_stopped(wave.pk),
        "may_change": may_change,
        "may_approve": wave.state == State.DRAFT and StaffRole.APPROVER in roles,
        "may_pause": wave.state in Wave.RUNNING and wave.paused_at is None,
        "may_resume": wave.paused_at is not None,
        "has_opening": wave.state in Wave.RUNNING or wave.state == State.CLOSED,
    }


def _people(wave: Wave) -> str:
    if wave.filled_at is None and wave.state in {State.DRAFT, State.APPROVED}:
        return _("nobody taken in yet")
    words = ngettext("%(count)s person", "%(count)s people", wave.people)
    return words % {"count": number(wave.people)}


def _states(wave: Wave) -> tuple[Pair, ...]:
    """People of the wave by state, in the order of the states; held ones apart (one query)."""
    members = EligiblePerson.objects.filter(wave=wave).order_by("state").values_list("state")
    counted = dict(members.annotate(number=Count("pk")))
    return tuple(
        Pair(term=str(state.label), value=number(counted[state.value]))
        for state in EligiblePerson.State
        if state.value in counted
    )


def _decisions(wave: Wave) -> tuple[Pair, ...]:
    people = [(_("Author"), wave.author), (_("Approved by"), wave.approver)]
    return tuple(Pair(term=term, value=_called(user)) for term, user in people if user is not None)


def _events(wave: Wave) -> tuple[EventLine, ...]:
    """The latest events, with the accounts of the people behind them (two queries)."""
    rows = list(wave.events.order_by("-at", "-id")[:LATEST])
    people = {str(user.pk): user for user in User.objects.filter(pk__in=_user_ids(rows))}
    return tuple(
        EventLine(at=row.at, what=_what(row), who=_called(people[row.actor]) if row.actor in people else _("by itself"))
        for row in rows
    )


def _what(event: WaveEvent) -> str:
    words = {
        "create": _("Draft made"),
        "change": _("Changed; a draft again"),
        "approve": _("Approved"),
        "cancel": _("Given up"),
        "filled": _("People taken in"),
        "pause": _("Paused"),
        "resume": _("Resumed"),
        "ask-opening": _("Opening asked for"),
        "approve-opening": _("Opening approved"),
        "stop-order": _("Stop ordered"),
        "stop-ask-restart": _("Restart asked for"),
        "stop-restart": _("Stop lifted"),
    }
    if event.kind == "state":
        state = str(event.facts.get("to", ""))
        return str(State(state).label) if state in State.values else state
    return words.get(event.kind, event.kind)


def _called(user: User) -> str:
    return user.email or _("account %(id)s") % {"id": str(user.pk)[-8:]}


def _user_ids(rows: list[WaveEvent]) -> list[UUID]:
    found = []
    for row in rows:
        try:
            found.append(UUID(row.actor))
        except ValueError:
            continue  # the name of a job
    return found
