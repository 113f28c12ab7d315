from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.notifications.kinds import Frequency, Kind
from apps.notifications.services import Wish
from apps.ui.forms import EnsForm

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise  # of the stubs alone

_OFTEN = (Frequency.AT_ONCE, Frequency.DAILY, Frequency.WEEKLY)


def _how_often(label: _StrPromise) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[(item.value, item.label) for item in (*_OFTEN, Frequency.NEVER)],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how often."), "invalid_choice": _("Choose one of these answers.")},
    )


class WishesForm(EnsForm):
    """How each kind that may be off is told: new documents and new messages (SE-05, NOT-06, NOT-07)."""

    mark_optional = False
    mail = _how_often(_("E-mail for new documents"))
    centre = forms.BooleanField(label=_("New documents are listed in my notifications"), required=False)
    message_mail = _how_often(_("E-mail for new messages"))
    message_centre = forms.BooleanField(label=_("New messages are listed in my notifications"), required=False)

    def __init__(self, data: Any = None, *, wishes: Mapping[Kind, Wish]) -> None:  # noqa: ANN401  Django's own signature
        initial: dict[str, object] = {}
        for kind, (mail, centre) in _FIELDS.items():
            initial |= {mail: wishes[kind].frequency.value, centre: wishes[kind].in_centre}
        super().__init__(data, initial=initial)

    def wishes(self) -> dict[Kind, Wish]:
        """The valid answers."""
        given = self.cleaned_data
        return {
            kind: Wish(frequency=Frequency(given[mail]), in_centre=given[centre])
            for kind, (mail, centre) in _FIELDS.items()
        }


_FIELDS = {Kind.NEW_DOCUMENT: ("mail", "centre"), Kind.NEW_MESSAGE: ("message_mail", "message_centre")}
