"""Fields by the kinds of the referential: format is looked at, completeness is not (PU-05)."""

from __future__ import annotations

import pytest
from django.forms import ValidationError
from django.utils.translation import override

from apps.store import criteria
from apps.store.criteria import Criterion, FieldKind
from apps.store.forms.section import SectionForm, seen_of
from apps.store.forms.values import form_field
from apps.store.models import Answer
from apps.store.services.answering import EMPTY, Content

FIELDS = [(code, field) for code, fields in criteria.FIELDS.items() for field in fields]
RIGHT = {
    FieldKind.TEXT: ("  Rive Cloud ", "Rive Cloud"),
    FieldKind.URL: ("https://www.souffle.example/aide", "https://www.souffle.example/aide"),
    FieldKind.LINES: ("a.example\r\n\r\n b.example \r\na.example", ["a.example", "b.example"]),
    FieldKind.DATE: ("2027-06-30", "2027-06-30"),
    FieldKind.NUMBER: ("92", 92),
    FieldKind.EMAIL: ("contact@souffle.example", "contact@souffle.example"),
    FieldKind.CHOICES: (["1", "3"], ["1", "3"]),
}


def kind(wanted: FieldKind) -> criteria.Field:
    return next(field for _code, field in FIELDS if field.kind is wanted)


class TestFields:
    @pytest.mark.parametrize(("code", "field"), FIELDS, ids=[f"{code}-{field.name}" for code, field in FIELDS])
    def test_each_field_of_the_referential_takes_its_value_and_may_be_empty(self, code, field):
        made = form_field(field)
        given, kept = RIGHT[field.kind]
        assert made.clean(given) == kept
        assert not made.clean([] if field.kind is FieldKind.CHOICES else "")
        assert not made.required

    @pytest.mark.parametrize(
        ("of", "wrong"),
        [
            (FieldKind.URL, "souffle"),
            (FieldKind.URL, "javascript:alert(1)"),
            (FieldKind.URL, "https://" + "a" * 2000 + ".example"),
            (FieldKind.DATE, "30 juin"),
            (FieldKind.DATE, "2027-02-30"),
            (FieldKind.NUMBER, "92,5"),
            (FieldKind.NUMBER, "101"),
            (FieldKind.NUMBER, "-1"),
            (FieldKind.EMAIL, "contact"),
            (FieldKind.CHOICES, ["7"]),
            (FieldKind.TEXT, "x" * 301),
            (FieldKind.LINES, "\n".join(f"h{n}.example" for n in range(51))),
            (FieldKind.LINES, "a.example\n" + "h" * 2001),
            (FieldKind.LINES, "é" * 1001),
            (FieldKind.URL, "https://a.example/" + "é" * 1000),
        ],
    )
    def test_what_has_another_format_is_refused(self, of, wrong):
        with pytest.raises(ValidationError):
            form_field(kind(of)).clean(wrong)

    def test_a_day_is_also_taken_as_people_write_it(self):
        assert form_field(kind(FieldKind.DATE)).clean("30/06/2027") == "2027-06-30"

    def test_what_is_not_compulsory_says_so(self):
        optional = next(field for _code, field in FIELDS if not field.is_compulsory)
        with override("fr"):
            assert str(form_field(optional).label).endswith(" (facultatif)")


ASKED = tuple(one for one in criteria.criteria_of("2026-1") if one.code in {"CRI-SEC-01", "CRI-ACC-01"})


def form(
    said: dict[str, object], answers: dict[str, Answer] | None = None, clashing: tuple[str, ...] = ()
) -> SectionForm:
    made = SectionForm(said, asked=ASKED, answers={}, clashing=clashing)
    assert made.is_valid() or clashing
    return made


class TestSection:
    def test_an_empty_page_says_nothing(self):
        assert {entry.content.mark for entry in form({}).entries()} == {EMPTY.mark}

    def test_what_was_shown_comes_back(self):
        row = Answer(criterion="CRI-SEC-01", value="conforme", comment="Oui.", version=4)
        entry = form({"CRI-SEC-01-seen": seen_of(row)}).entries()[0]
        assert (entry.version, entry.mark) == (4, Content(value="conforme", comment="Oui.", data={}).mark)

    @pytest.mark.parametrize("seen", ["", "x", "x.y", "-1.ab", "4"])
    def test_a_broken_mark_is_that_of_no_page(self, seen):
        entry = form({"CRI-SEC-01-seen": seen, "CRI-SEC-01-comment": "Oui."}).entries()[0]
        assert entry.content.comment == "Oui."
        assert entry.mark != entry.content.mark

    def test_fields_that_are_empty_are_left_out(self):
        said = {
            "CRI-ACC-01-url": "https://www.souffle.example/a11y",
            "CRI-ACC-01-rate": "",
            "CRI-ACC-01-audited_on": "",
        }
        content = next(entry.content for entry in form(said).entries() if entry.criterion == "CRI-ACC-01")
        assert content.data == {"url": "https://www.souffle.example/a11y"}

    def test_a_rate_of_zero_is_a_value(self):
        content = next(
            entry.content for entry in form({"CRI-ACC-01-rate": "0"}).entries() if entry.criterion == "CRI-ACC-01"
        )
        assert content.data == {"rate": 0}

    def test_s34_where_two_answers_stand_a_choice_is_asked_for(self):
        made = form({"CRI-SEC-01-comment": "Oui."}, clashing=("CRI-SEC-01",))
        assert list(made.errors) == ["CRI-SEC-01-choice"]

    def test_s34_an_answer_left_to_the_other_member_is_not_sent(self):
        made = form({"CRI-SEC-01-choice": "theirs"}, clashing=("CRI-SEC-01",))
        assert made.is_valid()
        assert [entry.criterion for entry in made.entries()] == ["CRI-ACC-01"]

    def test_groups_hold_every_field_once(self):
        made = form({})
        names = [field.name for _criterion, fields, seen in made.groups() for field in (*fields, seen)]
        assert sorted(names) == sorted(made.fields)
        assert all(isinstance(criterion, Criterion) for criterion, _fields, _seen in made.groups())
