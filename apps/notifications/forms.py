from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.notifications.kinds import Frequency
from apps.notifications.services import Wish
from apps.ui.forms import EnsForm

_OFTEN = (Frequency.AT_ONCE, Frequency.DAILY, Frequency.WEEKLY)


class NewDocumentForm(EnsForm):
    """How new documents are told (SE-05, NOT-06): the one kind of this version that may be off."""

    mark_optional = False
    mail = forms.ChoiceField(
        label=_("E-mail for new documents"),
        choices=[(item.value, item.label) for item in (*_OFTEN, Frequency.NEVER)],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how often."), "invalid_choice": _("Choose one of these answers.")},
    )
    centre = forms.BooleanField(label=_("New documents are listed in my notifications"), required=False)

    def __init__(self, data: Any = None, *, wish: Wish) -> None:  # noqa: ANN401  Django's own signature
        super().__init__(data, initial={"mail": wish.frequency.value, "centre": wish.in_centre})

    def wish(self) -> Wish:
        """The valid answers."""
        return Wish(frequency=Frequency(self.cleaned_data["mail"]), in_centre=self.cleaned_data["centre"])
