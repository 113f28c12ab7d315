"""RO-08: what is to stop, and why."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.rollout.models import Wave
from apps.ui.forms import EnsForm

EVERYTHING = "tout"


def _reason(label: Any, *, empty: Any) -> forms.CharField:  # noqa: ANN401  lazy texts
    return forms.CharField(
        label=label,
        help_text=gettext_lazy("Shown to the whole team and kept. No name of a person."),
        error_messages={"required": empty},
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class StopForm(EnsForm):
    """Everything, or one of `waves`."""

    scope = forms.ChoiceField(
        label=gettext_lazy("What is to stop"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what is to stop.")},
    )
    reason = _reason(gettext_lazy("Why"), empty=gettext_lazy("Say why work is to stop."))

    def __init__(self, *args: Any, waves: list[Wave], **kwargs: Any) -> None:  # noqa: ANN401  Django's own signature
        super().__init__(*args, **kwargs)
        words = _("Wave %(number)s: %(name)s")
        choices = [(str(wave.id), words % {"number": wave.number, "name": wave.name}) for wave in waves]
        self.fields["scope"].choices = [(EVERYTHING, _("Everything: all waves")), *choices]

    def wave_id(self) -> UUID | None:
        """None for everything; only after `is_valid`."""
        scope = self.cleaned_data["scope"]
        return None if scope == EVERYTHING else UUID(scope)


class RestartForm(EnsForm):
    """Why work may go on."""

    reason = _reason(gettext_lazy("Why work may go on"), empty=gettext_lazy("Say why work may go on."))
