"""Fields of forms by the kinds of `criteria.Field`: format is looked at, never completeness (PU-05)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.common.ids import uuid7
from apps.store.criteria import Field, FieldKind

LONGEST_ADDRESS = 2000  # STO-110
LONGEST_COMMENT = 4000
_LONGEST_TEXT = 300
_MOST_LINES = 50
_HUNDRED = 100


def within_bytes(value: str) -> None:
    """An address or a name as it may stand in a row of a check. Raises `ValidationError`."""
    if len(value.encode()) > LONGEST_ADDRESS:
        wrong = _("Write at most %(most)s characters for each address or name; one with an accent counts double.")
        raise forms.ValidationError(wrong, params={"most": LONGEST_ADDRESS})


def whole_number(typed: str) -> int:
    """What a hidden field carried; -1 for what is no number or does not fit a column."""
    return int(typed) if typed.isdecimal() and len(typed) < 10 else -1  # noqa: PLR2004  digits of a column


def token_field() -> forms.UUIDField:
    """Id of the row that a form makes: sent twice it is one (pages.md 2)."""
    return forms.UUIDField(required=False, initial=uuid7, widget=forms.HiddenInput)


class LinesField(forms.CharField):
    """One value a line; a list without empty lines and doubles, in their order."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401  Django's own signature
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:  # noqa: ANN401  Django's own signature
        lines = list(dict.fromkeys(line.strip() for line in str(super().clean(value)).splitlines() if line.strip()))
        if len(lines) > _MOST_LINES:
            raise forms.ValidationError(_("Write %(most)s lines at most."), params={"most": _MOST_LINES})
        for line in lines:
            within_bytes(line)
        return lines


class DayField(forms.DateField):
    """A day, by the native control."""

    def __init__(self, *, error_messages: Mapping[str, Any] | None = None, **kwargs: Any) -> None:  # noqa: ANN401  Django's own signature
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        wrong = {"invalid": gettext_lazy("Write the date as day, month and year."), **(error_messages or {})}
        super().__init__(widget=widget, error_messages=wrong, input_formats=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)


class IsoDayField(DayField):
    """A day that travels as ISO text, as answers keep it."""

    def clean(self, value: Any) -> str:  # noqa: ANN401  Django's own signature
        day: date | None = super().clean(value)
        return day.isoformat() if day is not None else ""


def address_field(label: Any) -> forms.URLField:  # noqa: ANN401  lazy texts
    """An address that begins with https://; http:// is a matter of the checks."""
    wrong = gettext_lazy("Write a whole address, for example https://www.service.example/page.")
    widget = forms.URLInput(attrs={"autocomplete": "off"})
    return forms.URLField(
        label=label,
        required=False,
        max_length=LONGEST_ADDRESS,
        validators=[within_bytes],
        widget=widget,
        assume_scheme="https",
        error_messages={"invalid": wrong},
    )


def percent_field(label: Any) -> forms.IntegerField:  # noqa: ANN401  lazy texts
    """A whole number from 0 to 100."""
    wrong = gettext_lazy("Write a whole number between 0 and 100.")
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=_HUNDRED,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
    )


def email_field(label: Any) -> forms.EmailField:  # noqa: ANN401  lazy texts
    """A mail address."""
    wrong = gettext_lazy("Write an address like contact@service.example.")
    return forms.EmailField(label=label, required=False, error_messages={"invalid": wrong})


def shown(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Choices whose words begin with a capital, as they stand alone on a line."""
    return [(value, capfirst(label)) for value, label in choices]


def text_area(rows: int = 4) -> forms.Textarea:
    """Several lines."""
    return forms.Textarea(attrs={"rows": str(rows)})


def form_field(field: Field) -> forms.Field:
    """The field of a form for one field of an answer; none of them is required."""
    label = field.label if field.is_compulsory else _("%(label)s (optional)") % {"label": field.label}
    made = _MAKERS[field.kind](label)
    made.help_text = str(field.help)
    if isinstance(made, forms.MultipleChoiceField):
        made.choices = [(choice, choice) for choice in field.choices]
    return made


def _text(label: Any) -> forms.Field:  # noqa: ANN401  lazy texts
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=_LONGEST_TEXT, widget=widget)


def _long(label: Any) -> forms.Field:  # noqa: ANN401  lazy texts
    return forms.CharField(label=label, required=False, max_length=LONGEST_COMMENT, widget=text_area())


def _lines(label: Any) -> forms.Field:  # noqa: ANN401  lazy texts
    return LinesField(label=label, required=False, widget=text_area())


def _day(label: Any) -> forms.Field:  # noqa: ANN401  lazy texts
    return IsoDayField(label=label, required=False)


def _several(label: Any) -> forms.Field:  # noqa: ANN401  lazy texts
    return forms.MultipleChoiceField(label=label, required=False, widget=forms.CheckboxSelectMultiple)


_MAKERS: Mapping[FieldKind, Callable[[Any], forms.Field]] = {
    FieldKind.TEXT: _text,
    FieldKind.LONG: _long,
    FieldKind.URL: address_field,
    FieldKind.LINES: _lines,
    FieldKind.DATE: _day,
    FieldKind.NUMBER: percent_field,
    FieldKind.EMAIL: email_field,
    FieldKind.CHOICES: _several,
}
