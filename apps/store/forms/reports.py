"""Forms of reports of problems: for people, and for the desk (ST-06, RV-10)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apps.store.forms.sessions import words_field
from apps.store.forms.values import token_field
from apps.store.models import Report
from apps.store.services.report_cases import Closing
from apps.store.services.user_reports import Problem
from apps.ui.forms import EnsForm

LONGEST = 2000


class ReportForm(EnsForm):
    """Kind and words; nothing about somebody's health."""

    token = token_field()
    kind = forms.ChoiceField(
        label=_("What is the problem?"),
        widget=forms.RadioSelect,
        choices=[(code, capfirst(words)) for code, words in Report.Kind.choices],
        error_messages={"required": _("Choose a kind of problem.")},
    )
    text = forms.CharField(
        label=_("What happened?"),
        help_text=_("Write nothing about your health, no name, no health-insurance number. 2,000 characters at most."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": _("Say what happened."),
            "max_length": _("Write 2,000 characters at most."),
        },
    )

    def problem(self) -> Problem:
        """Only after `is_valid`."""
        return Problem(**self.cleaned_data)


class ClosingForm(EnsForm):
    """What came of a report."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        widget=forms.RadioSelect,
        choices=[(code, capfirst(words)) for code, words in Report.Outcome.choices],
        error_messages={"required": _("Choose an outcome.")},
    )
    answer = words_field(
        _("Answer to the person who reported it"),
        help_text=_("They read it in their space. Name no other person."),
        error_messages={"required": _("Write the answer.")},
    )
    note = words_field(
        _("Note to the publisher"),
        required=False,
        help_text=_("Only if the report is founded. Say nothing that shows who reported it."),
    )

    def clean(self) -> dict[str, Any]:
        """A founded report tells the publisher what was found."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if found.get("outcome") == Report.Outcome.FOUNDED and not found.get("note"):
            self.add_error("note", _("Say to the publisher what was found."))
        return found

    def closing(self) -> Closing:
        """Only after `is_valid`."""
        found = self.cleaned_data
        return Closing(outcome=found["outcome"], answer=found["answer"], note=found["note"])
