"""Requests of exports in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from apps.accounts.models import StaffRole, User
from apps.rollout.forms.population import FilterForm
from apps.rollout.models import ExportRequest, Wave
from apps.rollout.services import exporting

State = ExportRequest.State


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportLine:
    row: ExportRequest
    filters: str
    may_fetch: bool
    may_decide: bool
    is_over: bool


def export_lines(*, reader: User, roles: Collection[StaffRole], at: datetime) -> list[ExportLine]:
    """The latest requests; what the reader may do with each."""
    form = _form()
    return [_line(row, form, reader, roles, at) for row in exporting.latest_exports()]


def filter_words(filters: Mapping[str, str]) -> str:
    """« Vague : Vague 3 : Sarthe · Âge : moins de 18 ans »."""
    return _sentence(labels_of(filters, form=_form()))


def labels_of(filters: Mapping[str, str], *, form: FilterForm) -> dict[str, str]:
    """Each filter in words, by its name."""
    words = _("%(filter)s: %(value)s")
    return {
        name: words % {"filter": form[name].label, "value": _value(form, name, value)}
        for name, value in filters.items()
    }


def _form() -> FilterForm:
    return FilterForm(waves=list(Wave.objects.order_by("-number")))


def _line(row: ExportRequest, form: FilterForm, reader: User, roles: Collection[StaffRole], at: datetime) -> ExportLine:
    is_mine, lives = row.asked_by_id == reader.pk, row.ends_at is not None and at < row.ends_at
    return ExportLine(
        row=row,
        filters=_sentence(labels_of(row.filters, form=form)),
        may_fetch=is_mine and lives,
        may_decide=row.state == State.ASKED and not is_mine and StaffRole.APPROVER in roles,
        is_over=row.state == State.APPROVED and not lives,
    )


def _sentence(labels: Mapping[str, str]) -> str:
    return " · ".join(labels.values()) or _("the whole register")


def _value(form: FilterForm, name: str, value: str) -> str:
    choices = {str(key): str(label) for key, label in getattr(form.fields[name], "choices", ())}
    return choices.get(value, value)
