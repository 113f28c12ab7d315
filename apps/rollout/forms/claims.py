"""RO-06: what ends a search for somebody, and what decides between two requests."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from apps.rollout.models import Conflict
from apps.ui.forms import EnsForm


class GiveUpForm(EnsForm):
    """How the writer was told that nobody was found."""

    told_by = forms.ChoiceField(
        label=gettext_lazy("How the writer was told"),
        widget=forms.RadioSelect,
        choices=[
            ("post", gettext_lazy("by post")),
            ("mail", gettext_lazy("by e-mail")),
            ("phone", gettext_lazy("by phone")),
        ],
        error_messages={"required": gettext_lazy("Tell the writer first, then say how.")},
    )


class DecideForm(EnsForm):
    """What an operator decides, on which documents."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        widget=forms.RadioSelect,
        choices=list(Conflict.Outcome.choices),
        error_messages={"required": gettext_lazy("Say what you decide.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("On which documents"),
        error_messages={"required": gettext_lazy("Say on which documents you decide.")},
        help_text=gettext_lazy("Kept as the reason of the decision. No name of a person."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
