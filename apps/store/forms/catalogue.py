"""Search and filters of the catalogue (P-05, ST-01)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.store.models import Sheet
from apps.store.services.catalogue import BY_DATE, BY_NAME, WITH, WITHOUT, Wish
from apps.ui.forms import EnsForm

LONGEST_SEARCH = 200  # SEC-32
_ANY = ("", pgettext_lazy("filter", "All"))
_RATES = (("50", _("50% at least")), ("75", _("75% at least")), ("100", _("100%")))


def _choice(label: Any, choices: Any) -> forms.ChoiceField:  # noqa: ANN401  lazy texts
    return forms.ChoiceField(
        label=label, required=False, choices=[_ANY, *((code, capfirst(words)) for code, words in choices)]
    )


class CatalogueForm(EnsForm):
    """Names of fields are those of the parameters of the address."""

    mark_optional = False

    q = forms.CharField(
        label=_("Search for a service"),
        required=False,
        max_length=LONGEST_SEARCH,
        widget=forms.HiddenInput,
        error_messages={"max_length": _("Search with 200 characters at most.")},
    )
    besoin = _choice(pgettext_lazy("catalogue", "Need"), Sheet.Need.choices)
    prix = _choice(_("Price"), Sheet.Price.choices)
    public = _choice(pgettext_lazy("catalogue", "Audience"), Sheet.Audience.choices)
    accessibilite = _choice(_("Accessibility"), _RATES)
    echange = _choice(
        _("Exchange of data"),
        ((WITH, pgettext_lazy("exchange", "with")), (WITHOUT, pgettext_lazy("exchange", "without"))),
    )
    plateforme = _choice(pgettext_lazy("catalogue", "Platform"), Sheet.Platform.choices)

    def values(self) -> dict[str, str]:
        """What was asked for and can be; nothing of a form that is not bound."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}

    def label_of(self, name: str, value: str) -> str:
        """Words of an active filter."""
        if name == "q":
            return value
        field = self.fields[name]
        offered = cast("Iterable[tuple[str, object]]", field.choices) if isinstance(field, forms.ChoiceField) else ()
        values = {"label": field.label, "value": dict(offered).get(value, value)}
        return gettext("%(label)s: %(value)s") % values


def wish_of(values: dict[str, str], *, sort: str) -> Wish:
    """The same as the service takes it."""
    rate = values.get("accessibilite", "")
    return Wish(
        words=values.get("q", ""),
        need=values.get("besoin", ""),
        price=values.get("prix", ""),
        audience=values.get("public", ""),
        accessible=int(rate) if rate else None,
        exchange=values.get("echange", ""),
        platform=values.get("plateforme", ""),
        sort=BY_DATE if sort == BY_DATE else BY_NAME,
    )
