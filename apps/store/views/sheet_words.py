"""The public page of a service in words: what stands in each field."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise

from apps.store.forms.countries import COUNTRIES, LANGUAGES
from apps.store.forms.sheet import SheetForm
from apps.store.models import Sheet
from apps.store.services.sheets import CONTENTS, contents_of
from apps.ui.components import Pair

_CHOICES: Mapping[str, Mapping[str, str | Promise]] = {
    "needs": dict(Sheet.Need.choices),
    "audiences": dict(Sheet.Audience.choices),
    "languages": dict(LANGUAGES),
    "platforms": dict(Sheet.Platform.choices),
    "price": dict(Sheet.Price.choices),
    "hosting_country": dict(COUNTRIES),
}


def pairs_of(sheet: Sheet | None) -> tuple[Pair, ...]:
    """Fields that are filled in, in the order of the form."""
    if sheet is None:
        return ()
    return tuple(_pair(name, value) for name, value in contents_of(sheet).items() if value not in ("", None, []))


def differences(sheet: Sheet, mine: Mapping[str, object]) -> tuple[Pair, ...]:
    """Fields in which the saved page says something else."""
    theirs = contents_of(sheet)
    return tuple(_pair(name, theirs[name]) for name in CONTENTS if theirs[name] != mine[name])


def field_label(name: str) -> str:
    """The label of one field."""
    return str(SheetForm.base_fields[name].label)


def _pair(name: str, value: object) -> Pair:
    choices = _CHOICES.get(name, {})
    if isinstance(value, list):
        said = ", ".join(str(choices.get(one, one)) for one in value)
    else:
        said = str(choices.get(str(value), value if value is not None else ""))
    return Pair(term=field_label(name), value=said or "—")
