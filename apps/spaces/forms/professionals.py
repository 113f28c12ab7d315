"""SE-04: looking for a professional, and the profession whose rights are shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.directory.rpps import is_valid_rpps
from apps.directory.search import SHORTEST_NAME, Search, letters_in
from apps.spaces.matrix import professions
from apps.ui.forms import EnsForm


class SearchForm(EnsForm):
    """A name with a town, or a number. Sent by POST: names stay out of addresses and logs (SEC-16)."""

    mark_optional = False

    name = forms.CharField(
        label=_("Family name, and given name if you know it"),
        help_text=_("At least three letters. Accents and capitals do not count."),
        required=False,
        max_length=100,
    )
    town = forms.CharField(label=_("Town"), required=False, max_length=100)
    rpps = forms.CharField(
        label=_("Or RPPS number"),
        help_text=_("Eleven digits, on prescriptions. It is enough by itself."),
        required=False,
        max_length=20,
    )

    def clean_rpps(self) -> str:
        """Digits alone; a number with a wrong key is told, it would find nobody."""
        typed: str = "".join(self.cleaned_data["rpps"].split())
        if typed and not is_valid_rpps(typed):
            raise forms.ValidationError(_("This number is not right. Check its eleven digits."))
        return typed

    def clean(self) -> dict[str, Any]:
        """Without a number, a name long enough to be looked for (SEC-32)."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        typed = cleaned.get("rpps") or "rpps" in self.errors
        if not typed and letters_in(cleaned.get("name", "")) < SHORTEST_NAME:
            self.add_error("name", _("Write at least three letters of the name, or an RPPS number."))
        return cleaned

    def search(self) -> Search:
        """What is looked for; only after `is_valid`."""
        return Search(**self.cleaned_data)


class ProfessionForm(EnsForm):
    """Whose column of the matrix is shown."""

    mark_optional = False

    metier = forms.ChoiceField(label=_("Profession"), choices=lambda: list(professions().items()), required=False)

    def profession(self) -> str:
        """The chosen code; the first one for anything unknown."""
        asked = self.data.get("metier", "")
        return asked if asked in professions() else next(iter(professions()))
