"""Form base: DSFR classes, our own field templates (escaped help, linked errors, valid HTML), error summary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.forms import BaseForm, CheckboxInput, CheckboxSelectMultiple, Field, FileInput, RadioSelect, Select
from dsfr.forms import DsfrBaseForm, DsfrBoundField


class EnsBoundField(DsfrBoundField):  # type: ignore[misc]  # dsfr has no types
    """Field shown by `ui/forms/*.html`: django-dsfr's snippets print the help text unescaped (SEC-07)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  Django's own signature
        super().__init__(*args, **kwargs)
        if "class" not in self.field.widget.attrs and not self.is_hidden:
            _dress(self.field)

    @property
    def template_name(self) -> str:
        if own := self.field.template_name:
            return str(own)
        match self.field.widget:
            case RadioSelect() | CheckboxSelectMultiple():
                return "ui/forms/choices.html"
            case CheckboxInput():
                return "ui/forms/checkbox.html"
            case _:
                return "ui/forms/input.html"

    @property
    def group_class(self) -> str:
        """DSFR's class of the block round label, field and error."""
        match self.field.widget:
            case CheckboxInput() | CheckboxSelectMultiple():  # before its parent, RadioSelect
                return "fr-checkbox-group"
            case RadioSelect():
                return "fr-radio-group"
            case Select():
                return "fr-select-group"
            case FileInput():
                return "fr-upload-group"
            case _:
                return "fr-input-group"

    @property
    def about(self) -> str:
        """What the label speaks of, where a page repeats it; heard and in the summary, not seen."""
        return str(getattr(self.field, "about", ""))

    @property
    def is_marked_optional(self) -> bool:
        return self.form.mark_optional and not self.field.required


class EnsForm(DsfrBaseForm):  # type: ignore[misc]  # dsfr has no types
    """Base of all forms. Render `{{ form.field.as_field_group }}` or `{{ form }}`; the page shows the summary.

    `mark_optional` False is for filters, where nothing is asked for. `parts`: other forms that are sent with this one,
    their faults stand in its summary; `heading`: what the summary calls a part.
    """

    template_name = "ui/forms/form.html"
    bound_field_class = EnsBoundField
    mark_optional = True
    parts: Sequence[BaseForm] = ()
    heading = ""
    use_required_attribute = False  # the browser's bubbles would hide our summary and speak another language

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  Django's own signature
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("dsfr", None)  # django-dsfr's mark, no valid attribute (RGAA 8.2)


def _dress(field: Field) -> None:
    """DSFR's class of a widget that django-dsfr has not seen: a file, or a field that a form added after its making."""
    match field.widget:
        case CheckboxInput() | CheckboxSelectMultiple() | RadioSelect():
            return
        case FileInput():
            field.widget.attrs["class"] = "fr-upload"
        case Select():
            field.widget.attrs["class"] = "fr-select"
        case _:
            field.widget.attrs["class"] = "fr-input"
