"""RV-13: planning a session, its agenda, who is there, votes, opinion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.store import criteria
from apps.store.forms.values import DayField
from apps.store.models import AgendaItem, Candidacy, CommissionMember, Session, Vote
from apps.store.services.voting import Given, Reserved
from apps.ui.forms import EnsForm
from apps.ui.words import day

LINES = 3  # of reservations that a form shows beside those that are filled in
MOST = 12
LONGEST = 4000


def words_field(label: Any, *, required: bool = True, **kwargs: Any) -> forms.CharField:  # noqa: ANN401  lazy texts
    """A text of several lines."""
    widget = forms.Textarea(attrs={"rows": kwargs.pop("rows", 4)})
    return forms.CharField(label=label, required=required, max_length=LONGEST, widget=widget, **kwargs)


class PlanForm(EnsForm):
    """The day of a session."""

    held_on = DayField(
        label=gettext_lazy("Day of the session"),
        error_messages={"required": gettext_lazy("Give the day of the session.")},
    )


class AgendaForm(EnsForm):
    """Dossiers that are ready, the one that is due first at the top."""

    candidacies = forms.MultipleChoiceField(
        label=gettext_lazy("Dossiers ready for the commission"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one dossier.")},
    )

    def __init__(self, *args: Any, ready: Iterable[Candidacy], **kwargs: Any) -> None:  # noqa: ANN401  Django's own
        super().__init__(*args, **kwargs)
        words = _("%(number)s – %(service)s (%(publisher)s)")
        self.fields["candidacies"].choices = [
            (
                str(one.pk),
                words % {"number": one.number, "service": one.service.name, "publisher": one.publisher.name},
            )
            for one in ready
        ]

    def ids(self) -> list[UUID]:
        """In the order of the page; only after `is_valid`."""
        return [UUID(value) for value in self.cleaned_data["candidacies"]]


class PresenceForm(EnsForm):
    """Members in office who are there."""

    members = forms.MultipleChoiceField(
        label=gettext_lazy("Members who are there"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, members: Iterable[CommissionMember], **kwargs: Any) -> None:  # noqa: ANN401  Django's
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = [(str(one.pk), f"{one.name}, {one.get_seat_display()}") for one in members]

    def ids(self) -> set[UUID]:
        """Only after `is_valid`."""
        return {UUID(value) for value in self.cleaned_data["members"]}


class VotesForm(EnsForm):
    """One vote for each member who may vote: fields are named after their ids."""

    def __init__(self, *args: Any, voters: Sequence[CommissionMember], **kwargs: Any) -> None:  # noqa: ANN401  Django's
        super().__init__(*args, **kwargs)
        self.voters = voters
        for one in voters:
            self.fields[str(one.pk)] = forms.ChoiceField(
                label=f"{one.name}, {one.get_seat_display()}",
                choices=Vote.Choice.choices,
                widget=forms.RadioSelect,
                error_messages={"required": _("Give the vote of %(name)s.") % {"name": one.name}},
            )

    def votes(self) -> dict[UUID, str]:
        """Only after `is_valid`."""
        return {one.pk: self.cleaned_data[str(one.pk)] for one in self.voters}


class ReservationForm(EnsForm):
    """One reservation; an empty one is left out."""

    mark_optional = False
    text = words_field(gettext_lazy("What has to be done"), required=False, rows=2)
    criterion = forms.ChoiceField(label=gettext_lazy("Criterion"), required=False)
    effect = forms.ChoiceField(
        label=gettext_lazy("Effect"),
        required=False,
        choices=[
            ("later", gettext_lazy("to be lifted after the publication")),
            ("before", gettext_lazy("to be lifted before any publication")),
        ],
    )
    due_on = DayField(label=gettext_lazy("To be lifted by"), required=False)

    def __init__(self, *args: Any, codes: Sequence[tuple[str, str]], **kwargs: Any) -> None:  # noqa: ANN401  Django's
        super().__init__(*args, **kwargs)
        self.fields["criterion"].choices = [("", _("none in particular")), *codes]

    def clean(self) -> dict[str, Any]:
        """A text with its day, or nothing."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if found.get("text") and not found.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", _("Say by which day it has to be lifted."))
        if found.get("due_on") and not found.get("text"):
            self.add_error("text", _("Say what has to be done."))
        return found

    def reserved(self) -> Reserved | None:
        """None for an empty one; only after `is_valid`."""
        found = self.cleaned_data
        due_on: date | None = found["due_on"]
        if due_on is None:
            return None
        is_suspensive = found["effect"] == "before"
        return Reserved(
            text=found["text"], is_suspensive=is_suspensive, due_on=due_on, criterion=found["criterion"] or ""
        )


class OpinionForm(EnsForm):
    """One of four opinions, its words, and reservations in forms of their own."""

    opinion = forms.ChoiceField(
        label=gettext_lazy("Opinion of the commission"),
        choices=AgendaItem.Opinion.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the four opinions.")},
    )
    text = words_field(
        gettext_lazy("Words of the opinion"),
        required=False,
        help_text=gettext_lazy("They go to the publisher. An unfavourable opinion needs them."),
    )

    def __init__(self, *args: Any, candidacy: Candidacy, lines: int, typed: Any = None, **kwargs: Any) -> None:  # noqa: ANN401  Django's own
        """`typed`: what a page held that only asked for more lines; it is shown again and not looked at."""
        super().__init__(*args, **kwargs)
        known = criteria.criteria_of(candidacy.referential)
        codes = [(one.code, f"{one.code} – {one.question[:80]}") for one in known]
        data = args[0] if args else None
        self.reservations = [
            ReservationForm(data, prefix=f"r{place}", codes=codes, initial=_typed(typed, place))
            for place in range(min(lines, MOST))
        ]
        for number, part in enumerate(self.reservations, start=1):
            part.heading = _("Reservation %(number)s") % {"number": number}
        self.parts = self.reservations

    def is_valid(self) -> bool:
        """With all its reservations."""
        valid = [super().is_valid(), *(one.is_valid() for one in self.reservations)]
        return all(valid)

    def given(self) -> Given:
        """Only after `is_valid`."""
        lines = (one.reserved() for one in self.reservations)
        return Given(
            opinion=self.cleaned_data["opinion"],
            text=self.cleaned_data["text"],
            reservations=tuple(line for line in lines if line is not None),
        )


class MoveForm(EnsForm):
    """Another session, and why; `is_needed` False where nothing has to be moved."""

    to = forms.ChoiceField(
        label=gettext_lazy("Other session"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a session.")},
    )
    reason = words_field(
        gettext_lazy("Why"),
        rows=3,
        help_text=gettext_lazy("The publisher reads it."),
        error_messages={"required": gettext_lazy("Say why.")},
    )

    def __init__(self, *args: Any, sessions: Iterable[Session], is_needed: bool = True, **kwargs: Any) -> None:  # noqa: ANN401  Django's own
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), _words(one)) for one in sessions]
        self.fields["to"].choices = choices
        if not is_needed:
            del self.fields["to"]

    def session_id(self) -> UUID | None:
        """Only after `is_valid`."""
        wanted = self.cleaned_data.get("to")
        return UUID(wanted) if wanted else None


def _typed(typed: Any, place: int) -> dict[str, Any]:  # noqa: ANN401  what was posted, or nothing
    names = ("text", "criterion", "effect", "due_on")
    return {name: typed.get(f"r{place}-{name}", "") for name in names} if typed else {}


def _words(session: Session) -> str:
    number = getattr(session, "dossiers", None)
    if number is None:
        return day(session.held_on)
    words = ngettext("%(day)s, %(count)s dossier", "%(day)s, %(count)s dossiers", number)
    return words % {"day": day(session.held_on), "count": number}
