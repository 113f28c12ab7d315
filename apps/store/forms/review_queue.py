"""Filters of the queue of the back office (RV-01)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.store import reasons
from apps.store.states import Queue, Status
from apps.ui.forms import EnsForm

_STEPS = [status for status in Status if status is not Status.DRAFT]


def _capital(text: object) -> str:
    words = str(text)
    return words[:1].upper() + words[1:]


class QueueFilterForm(EnsForm):
    """By address; a publisher is looked for by a part of its name, or by SIREN."""

    mark_optional = False
    etape = forms.ChoiceField(label=_("Step"), required=False)
    file = forms.ChoiceField(label=_("Waiting for"), required=False)
    motif = forms.ChoiceField(label=_("To know"), required=False)
    editeur = forms.CharField(label=_("Publisher or service"), required=False, max_length=80)
    retard = forms.BooleanField(label=_("Late only"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        every = ("", _("All"))
        self.fields["etape"].choices = [
            ("", pgettext_lazy("step", "All")),
            *((one.value, _capital(one.label)) for one in _STEPS),
        ]
        self.fields["file"].choices = [every, *((one.value, _capital(one.label)) for one in Queue)]
        self.fields["motif"].choices = [every, *((code, _capital(said)) for code, said in reasons.HUMAN.items())]

    def active(self) -> dict[str, str]:
        """Filters that are right and set, as their address writes them."""
        cleaned = self.cleaned_data if self.is_valid() else {}
        return {name: "on" if value is True else str(value) for name, value in cleaned.items() if value}
