"""Error summary of a form: one line for each faulty field, with the id the link goes to."""

from __future__ import annotations

from dataclasses import dataclass

from django.forms import BaseForm, BoundField
from django.template import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryLine:
    """`target` is the id of the field, empty for a fault of the whole form."""

    text: str
    target: str = ""


def failed_form(context: Context) -> BaseForm | None:
    """The page's `form`, when it was sent and has faults."""
    form = context.get("form")
    return form if isinstance(form, BaseForm) and form.is_bound and form.errors else None


def summary_lines(form: BaseForm) -> tuple[SummaryLine, ...]:
    """Faults of the whole form first, then those of the fields in their order, each with its label."""
    whole = [SummaryLine(text=str(text)) for text in form.non_field_errors()]
    fields = [
        SummaryLine(text=f"{field.label}\u00a0: {text}", target=_target(field))
        for field in form
        for text in field.errors
    ]
    return (*whole, *fields)


def _target(field: BoundField) -> str:
    """Radios and check boxes have no element of the field's own id: the first choice takes the focus."""
    if field.use_fieldset and not field.id_for_label:
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id
