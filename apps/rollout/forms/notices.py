"""RO-05: which sample, which day of the hand-over, which letters came back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.rollout.models import Notice
from apps.rollout.texts import Voice
from apps.ui.forms import EnsForm

RETURNED_AT_MOST = 200  # references entered at once

VOICES = [
    (Voice.SELF.value, _("an adult, for themselves")),
    (Voice.CHILD.value, _("a parent, for a child")),
    (Voice.PROTECTED.value, _("a protected adult")),
    (Voice.IN_CHARGE.value, _("the person in charge of a protected adult")),
]


class SampleForm(EnsForm):
    """Kind of notice and who reads it."""

    mark_optional = False
    sorte = forms.ChoiceField(label=_("Notice"), choices=Notice.Kind.choices, initial=Notice.Kind.FIRST)
    lecteur = forms.ChoiceField(label=_("Who reads it"), choices=VOICES, initial=Voice.SELF.value)

    def kind(self) -> Notice.Kind:
        """What was chosen, or the first notice."""
        return Notice.Kind(self.cleaned_data["sorte"]) if self.is_valid() else Notice.Kind.FIRST

    def voice(self) -> Voice:
        """What was chosen, or somebody for themselves."""
        return Voice(self.cleaned_data["lecteur"]) if self.is_valid() else Voice.SELF


class HandOverForm(EnsForm):
    """The day on which the post took the batch."""

    on = forms.DateField(
        label=_("Day of the hand-over to the post"),
        help_text=_("The day that the receipt of the post shows. Example: 14/09/2026."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": _("Enter the day."), "invalid": _("This day does not exist.")},
    )


class ReturnedForm(EnsForm):
    """References of letters that came back, one a line."""

    references = forms.CharField(
        label=_("References of the letters, one a line"),
        help_text=_("The reference stands above the address. Example: 12-00345-K."),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Enter at least one reference.")},
    )

    def clean_references(self) -> list[str]:
        """Each line once, in its order."""
        lines = [line.strip() for line in self.cleaned_data["references"].splitlines()]
        found = list(dict.fromkeys(line for line in lines if line))
        if len(found) > RETURNED_AT_MOST:
            message = _("Enter at most %(count)s references at once.") % {"count": RETURNED_AT_MOST}
            raise forms.ValidationError(message)
        return found
