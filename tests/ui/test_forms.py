from __future__ import annotations

import pytest
from django import forms

from apps.ui.forms import EnsForm
from apps.ui.summary import summary_lines


class Sample(EnsForm):
    """One field of each kind of box."""

    one = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    several = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)
    agreed = forms.BooleanField()
    text = forms.CharField()
    listed = forms.ChoiceField(choices=[("a", "A")])
    file = forms.FileField()


@pytest.mark.parametrize(
    ("field", "group"),
    [
        ("one", "fr-radio-group"),
        ("several", "fr-checkbox-group"),
        ("agreed", "fr-checkbox-group"),
        ("text", "fr-input-group"),
        ("listed", "fr-select-group"),
        ("file", "fr-upload-group"),
    ],
)
def test_each_box_is_drawn_as_what_it_is(field, group):
    assert Sample()[field].group_class == group


def test_each_box_of_several_has_its_label():
    page = Sample()["several"].as_field_group()
    assert page.count('<div class="fr-checkbox-group">') == 2
    assert page.count("<label") == 2


def test_a_repeated_label_is_heard_with_what_it_is_about():
    class Repeated(EnsForm):
        note = forms.CharField(label="Note")

    form = Repeated({})
    form.fields["note"].about = "CRI-<1>"
    assert 'Note<span class="fr-sr-only"> (CRI-&lt;1&gt;)</span>' in form["note"].as_field_group()
    assert [line.text for line in summary_lines(form)] == ["Note (CRI-<1>)\u00a0: Ce champ est obligatoire."]


class Growing(EnsForm):
    """A form whose fields are known only when it is made."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["words"] = forms.CharField(widget=forms.Textarea)
        self.fields["choice"] = forms.ChoiceField(choices=[("a", "A")])
        self.fields["file"] = forms.FileField()
        self.fields["ticks"] = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)
        self.fields["seen"] = forms.CharField(widget=forms.HiddenInput)


def test_fields_that_came_later_have_their_class_as_well():
    form = Growing()
    classes = {name: form[name].field.widget.attrs.get("class", "") for name in form.fields}
    assert classes == {"words": "fr-input", "choice": "fr-select", "file": "fr-upload", "ticks": "", "seen": ""}
