"""Error summary of a form: one line for each faulty field, with the id the link goes to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.forms import BaseForm, BoundField
from django.template import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryLine:
    """`target` is the id of the field, empty for a fault of the whole form."""

    text: str
    target: str = ""


def failed_form(context: Context) -> BaseForm | None:
    """The page's `form`, when it was sent and it or one of its parts has faults."""
    form = context.get("form")
    return form if isinstance(form, BaseForm) and any(one.errors for one in _with_parts(form)) else None


def summary_lines(form: BaseForm) -> tuple[SummaryLine, ...]:
    """Faults of the whole form first, then those of the fields in their order, each with its label; then its parts."""
    return tuple(line for one in _with_parts(form) for line in _lines(one))


def _with_parts(form: BaseForm) -> tuple[BaseForm, ...]:
    """Forms of one page: two summaries would have the same id and both ask for the focus."""
    return tuple(one for one in (form, *getattr(form, "parts", ())) if one.is_bound)


def _lines(form: BaseForm) -> Iterator[SummaryLine]:
    heading = getattr(form, "heading", "")
    before = f"{heading}, " if heading else ""
    for text in form.non_field_errors():
        yield SummaryLine(text=f"{heading}\u00a0: {text}" if heading else str(text))
    for field in form:
        for text in field.errors:
            yield SummaryLine(text=f"{before}{_label(field)}\u00a0: {text}", target=_target(field))


def _label(field: BoundField) -> str:
    about = getattr(field, "about", "")
    return f"{field.label} ({about})" if about else str(field.label)


def _target(field: BoundField) -> str:
    """Radios and check boxes have no element of the field's own id: the first choice takes the focus."""
    if field.use_fieldset and not field.id_for_label:
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id
