"""PU-04: the tasks of a draft with their states, what comes next, the latest events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.files.models import StoredFile
from apps.store import orientation
from apps.store.models import Candidacy, CandidacyEvent
from apps.store.services.consenting import possible_kinds
from apps.store.services.progress import Overview, Progress, SectionState
from apps.store.states import Event, Party, Queue
from apps.store.subjects import PAGE_FIELDS
from apps.store.views import dossiers
from apps.ui import words

# What is handed over inside the back office is nothing that happened to the publisher.
TOLD = ~Q(event=Event.HAND_OVER) | Q(queue=Queue.PUBLISHER) | Q(by__in=[Party.PUBLISHER, Party.SIGNATORY])
_MOVED = Q(event=Event.HAND_OVER, by=Party.SECRETARIAT, facts__has_key="held_on")
_TESTED = (Event.TESTS_PASSED, Event.TESTS_FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One line of the list; `note`: a second line in plain words."""

    title: str
    url: str
    detail: str
    progress: Progress
    note: str = ""

    @property
    def is_done(self) -> bool:
        return self.progress is Progress.DONE

    @property
    def label(self) -> str:
        return _LABELS[self.progress]()

    @property
    def kind(self) -> str:
        return {Progress.RUNNING: "new", Progress.TO_CORRECT: "warning"}.get(self.progress, "")


_LABELS = {
    Progress.TO_DO: lambda: _("To do"),
    Progress.RUNNING: lambda: _("In progress"),
    Progress.DONE: lambda: _("Complete"),
    Progress.TO_CORRECT: lambda: _("To correct"),
}


def tasks_of(overview: Overview, names: Mapping[UUID, str]) -> tuple[Task, ...]:
    """Everything that a draft needs, in the order in which it is best done."""
    found = [_orientation(overview), *(_section(overview, state, names) for state in overview.sections())]
    found.append(_sheet(overview, names))
    if possible_kinds(overview.candidacy):
        found.append(_texts(overview))
    return (*found, _pieces(overview))


def next_task(tasks: tuple[Task, ...]) -> Task | None:
    """What to go on with: what is to be corrected or begun first comes first."""
    return next((task for task in tasks if not task.is_done), None)


def count_words(tasks: tuple[Task, ...]) -> str:
    """ "6 parties complètes sur 9"."""
    done = sum(task.is_done for task in tasks)
    text = ngettext("%(done)s part complete of %(all)s", "%(done)s parts complete of %(all)s", done)
    return text % {"done": done, "all": len(tasks)}


def answered_words(state: SectionState) -> str:
    """ "12 critères sur 17 renseignés"."""
    done = len(state.complete)
    text = ngettext("%(done)s criterion of %(all)s filled in", "%(done)s criteria of %(all)s filled in", done)
    return text % {"done": done, "all": len(state.criteria)}


def _at(overview: Overview, name: str, *more: object) -> str:
    return reverse(f"store:{name}", args=[overview.candidacy.id, *more])


def _orientation(overview: Overview) -> Task:
    done, whole = overview.oriented, len(orientation.NAMES)
    text = ngettext("%(done)s answer of %(all)s", "%(done)s answers of %(all)s", done)
    return Task(
        title=_("Orientation"),
        url=_at(overview, "orientation"),
        detail=text % {"done": done, "all": whole},
        progress=_reached(done, whole),
        note="" if done == whole else _("These questions decide which criteria apply to your service."),
    )


def _section(overview: Overview, state: SectionState, names: Mapping[UUID, str]) -> Task:
    note = ""
    if state.failed:
        count = len(state.failed)
        note = ngettext("A check contradicts %(count)s answer.", "Checks contradict %(count)s answers.", count)
        note %= {"count": count}
    elif state.last is not None and state.progress is Progress.RUNNING:
        note = dossiers.saved_by(names, state.last.declared_by_id, words.moment(state.last.declared_at))
    return Task(
        title=str(state.section.label),
        url=_at(overview, "candidacy_section", state.section.slug),
        detail=answered_words(state),
        progress=state.progress,
        note=note,
    )


def _sheet(overview: Overview, names: Mapping[UUID, str]) -> Task:
    whole = len(PAGE_FIELDS)
    done, sheet = whole - len(overview.empty_fields), overview.sheet
    text = ngettext("%(done)s field of %(all)s", "%(done)s fields of %(all)s", done)
    note = ""
    if sheet is not None and done < whole:
        note = dossiers.saved_by(names, sheet.written_by_id, words.moment(sheet.written_at))
    return Task(
        title=_("Contents of the public page"),
        url=_at(overview, "candidacy_sheet"),
        detail=text % {"done": done, "all": whole},
        progress=_reached(done, whole),
        note=note,
    )


def _texts(overview: Overview) -> Task:
    count = len(overview.texts)
    text = ngettext("%(count)s category of data described", "%(count)s categories of data described", count)
    return Task(
        title=_("Information of holders"),
        url=_at(overview, "consent_texts"),
        detail=text % {"count": count},
        progress=_reached(count, count + len(overview.open_texts)),
        note="" if count else _("For each category of data: the need, and the text read before consenting."),
    )


def _pieces(overview: Overview) -> Task:
    count, missing = len(overview.pieces), len(overview.unproved)
    text = ngettext("%(count)s piece", "%(count)s pieces", count) % {"count": count}
    note = ""
    if missing:
        more = ngettext("%(count)s criterion lacks its piece.", "%(count)s criteria lack their piece.", missing)
        note = more % {"count": missing}
    return Task(
        title=_("Pieces"), url=pieces_url(overview.candidacy), detail=text, progress=_proved(overview), note=note
    )


def pieces_url(candidacy: Candidacy) -> str:
    """Address of the pieces of a dossier."""
    return reverse("store:evidence", args=[candidacy.id])


def _proved(overview: Overview) -> Progress:
    if any(piece.is_bad or piece.is_over(overview.at) for piece in overview.pieces):
        return Progress.TO_CORRECT
    if overview.unproved:
        return Progress.RUNNING if overview.pieces else Progress.TO_DO
    waits = any(piece.state != StoredFile.State.CLEAN for piece in overview.pieces)
    return Progress.RUNNING if waits else Progress.DONE


def _reached(done: int, whole: int) -> Progress:
    if done == whole:
        return Progress.DONE
    return Progress.RUNNING if done else Progress.TO_DO


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One line of the latest events; `detail`: words of a person that the publisher is to read."""

    text: str
    at: datetime
    detail: str = ""


def happenings(overview: Overview, names: Mapping[UUID, str], *, most: int) -> list[Happening]:
    """Of a draft: its beginning, and who saved which section; the latest first. No query."""
    candidacy = overview.candidacy
    begun = _event_words(str(Event.CREATE.label), name=names.get(candidacy.created_by_id, ""))
    found = [Happening(text=begun, at=candidacy.created_at), *_savings(overview, names)]
    return sorted(found, key=lambda line: line.at, reverse=True)[:most]


def events_of(candidacy: Candidacy, names: Mapping[UUID, str], *, most: int) -> list[Happening]:
    """Of a dossier that was sent: its latest events, with the names of the publisher's own people. One query."""
    people = {str(user_id): name for user_id, name in names.items()}
    rows = candidacy.events.filter(TOLD | _MOVED).order_by("-sequence")[:most]
    return [_happening(row, name=people.get(row.actor, "")) for row in rows]


def _happening(row: CandidacyEvent, *, name: str) -> Happening:
    detail = row.reason if row.event in _TESTED else ""
    if row.event in _TESTED and (build := row.facts.get("build")):
        detail = _("%(build)s: %(result)s") % {"build": build, "result": detail}
    if row.event == Event.HAND_OVER and (held_on := row.facts.get("held_on")):
        moved = _("Moved to the session of %(day)s") % {"day": words.day(date.fromisoformat(str(held_on)))}
        return Happening(text=moved, at=row.at, detail=row.reason)
    return Happening(text=_event_words(str(row.get_event_display()), name=name), at=row.at, detail=detail)


def _event_words(label: str, *, name: str) -> str:
    text = label[:1].upper() + label[1:]
    return _("%(what)s (%(name)s)") % {"what": text, "name": name} if name else text


def _savings(overview: Overview, names: Mapping[UUID, str]) -> Iterator[Happening]:
    for state in overview.sections():
        if state.last is not None:
            name = dossiers.name_of(names, state.last.declared_by_id)
            text = _("“%(section)s” saved (%(name)s)") % {"section": state.section.label, "name": name}
            yield Happening(text=text, at=state.last.declared_at)
