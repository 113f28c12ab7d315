"""PU-05: the answers of one section, criterion by criterion, with what the page had shown of each (S34)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext, gettext_lazy

from apps.store import criteria
from apps.store.criteria import Criterion
from apps.store.forms.values import LONGEST_COMMENT, form_field, shown, text_area, whole_number
from apps.store.models import Answer
from apps.store.services.answering import Content, Entry, content_of
from apps.ui.forms import EnsForm

CHOICE, MINE, THEIRS = "choice", "mine", "theirs"


class SectionForm(EnsForm):
    """Fields `<code>-value`, `<code>-comment`, `<code>-<name of a field>`; `<code>-seen` says which answer was shown.

    A criterion of `clashing` has a choice as well: one's own answer or that of the other member. Nothing is required.
    """

    mark_optional = False  # all may stay empty while the dossier is a draft

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        asked: Sequence[Criterion],
        answers: Mapping[str, Answer],
        clashing: Collection[str] = (),
    ) -> None:
        self.asked = asked
        self.clashing = frozenset(clashing).intersection(criterion.code for criterion in asked)
        initial: dict[str, object] = {}
        for criterion in asked:
            initial |= _initial(criterion.code, answers.get(criterion.code))
        super().__init__(data, initial=initial)
        for criterion in asked:
            self.fields.update(_fields(criterion.code, clashes=criterion.code in self.clashing))

    def groups(self) -> Iterator[tuple[Criterion, list[BoundField], BoundField]]:
        """For each criterion its visible fields and the hidden one."""
        for criterion in self.asked:
            names = _fields(criterion.code, clashes=criterion.code in self.clashing)
            bound = [self[name] for name in names]
            yield criterion, bound[1:], bound[0]

    def entries(self) -> tuple[Entry, ...]:
        """What was typed, with what the page had shown; only after `is_valid`. An answer that is left to the other
        member is not among them.
        """
        left = {code for code in self.clashing if self.cleaned_data[_name(code, CHOICE)] == THEIRS}
        return tuple(self._entry(criterion.code) for criterion in self.asked if criterion.code not in left)

    def _entry(self, code: str) -> Entry:
        version, _dot, mark = self.cleaned_data[_name(code, "seen")].partition(".")
        number = whole_number(version)
        return Entry(criterion=code, content=self._content(code), version=max(number, 0), mark=mark)

    def _content(self, code: str) -> Content:
        said = {field.name: self.cleaned_data[_name(code, field.name)] for field in criteria.fields_of(code)}
        return Content(
            value=self.cleaned_data[_name(code, "value")],
            comment=self.cleaned_data[_name(code, "comment")],
            data={name: value for name, value in said.items() if value not in ("", None, [])},
        )


def seen_of(answer: Answer | None) -> str:
    """What the page shows of an answer, as a form carries it back."""
    return f"{answer.version if answer is not None else 0}.{content_of(answer).mark}"


def _name(code: str, field: str) -> str:
    return f"{code}-{field}"


def _initial(code: str, answer: Answer | None) -> dict[str, object]:
    content = content_of(answer)
    said = {"seen": seen_of(answer), "value": content.value, "comment": content.comment, **content.data}
    return {_name(code, name): value for name, value in said.items()}


def _fields(code: str, *, clashes: bool) -> dict[str, forms.Field]:
    """The hidden field first."""
    value = forms.ChoiceField(
        label=gettext_lazy("Answer"), required=False, choices=shown(Answer.Value.choices), widget=forms.RadioSelect
    )
    comment = forms.CharField(
        label=gettext_lazy("In your words"), required=False, max_length=LONGEST_COMMENT, widget=text_area()
    )
    fields: dict[str, forms.Field] = {"seen": forms.CharField(required=False, widget=forms.HiddenInput)}
    if clashes:
        fields[CHOICE] = forms.ChoiceField(
            label=gettext("%(code)s: which answer is kept?") % {"code": code},
            choices=[(MINE, gettext_lazy("Mine, as it stands below")), (THEIRS, gettext_lazy("The other one"))],
            widget=forms.RadioSelect,
            error_messages={"required": gettext_lazy("Choose the answer that is kept.")},
        )
    fields["value"] = value
    fields |= {field.name: form_field(field) for field in criteria.fields_of(code)}
    fields["comment"] = comment
    for name in fields.keys() - {CHOICE}:
        fields[name].about = code  # type: ignore[attr-defined]  # of EnsBoundField: the page asks the same of each criterion
    return {_name(code, name): field for name, field in fields.items()}
