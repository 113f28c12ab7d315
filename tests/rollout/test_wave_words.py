"""Pages of waves in words: every state, event and refusal has some; forms read what people type."""

from __future__ import annotations

from datetime import date

import pytest

from apps.rollout.forms.population import FilterForm, SearchForm
from apps.rollout.forms.waves import WaveForm
from apps.rollout.models import EligiblePerson, PersonTransition, Wave
from apps.rollout.services import errors, letting_open
from apps.rollout.services.population import NO_WAVE, Filters
from apps.rollout.views import export_lines, opening_words, person_lines, wave_words
from tests.harness.clock import NOON


def wave(**values) -> Wave:
    defaults = {
        "number": 3,
        "name": "Sarthe",
        "services": ["dmp", "mss"],
        "first_send_on": date(2026, 12, 7),
        "mails_a_day": 160_000,
        "letters_a_day": 500,
    }
    return Wave(**{**defaults, **values})


def pairs(found) -> dict[str, str]:
    return {pair.term: pair.value.replace("\u202f", " ").replace("\xa0", " ") for pair in found}


class TestCriteria:
    def test_nothing_chosen_is_everybody(self):
        said = pairs(wave_words.criteria_pairs(wave()))
        assert [said[term] for term in ("Départements", "Régimes", "Situations", "Dates de naissance")] == ["tous"] * 4
        assert said["Nombre maximal de personnes"] == "sans limite"
        assert said["Capacité par jour"] == "160 000 courriels, 500 courriers"

    def test_what_was_chosen(self):
        chosen = wave(departments=["2A", "44"], schemes=["RG"], situations=["MINEUR"], at_most=1500, is_continuous=True)
        said = pairs(wave_words.criteria_pairs(chosen))
        assert (said["Départements"], said["Régimes"], said["Situations"]) == ("2A, 44", "RG", "mineur")
        assert said["Nombre maximal de personnes"] == "1 500"
        assert said["Nouveaux arrivants"] == "rattachés chaque jour"

    @pytest.mark.parametrize(
        ("first", "last", "said"),
        [
            (date(1950, 1, 1), None, "à partir du 1er janvier 1950"),
            (None, date(1959, 12, 31), "jusqu'au 31 décembre 1959"),
            (date(1950, 1, 1), date(1959, 12, 31), "du 1er janvier 1950 au 31 décembre 1959"),
        ],
    )
    def test_dates_of_birth(self, first, last, said):
        found = pairs(wave_words.criteria_pairs(wave(born_from=first, born_until=last)))
        assert found["Dates de naissance"] == said

    @pytest.mark.parametrize("state", list(Wave.State))
    def test_every_state_has_an_icon_and_french_words(self, state):
        assert wave_words.icon_of(wave(state=state)).endswith("-line")
        assert str(state.label) not in {"", state.value}


class TestRefusals:
    @pytest.mark.parametrize(
        ("error", "said"),
        [
            (errors.SamePersonError(), "Une autre personne, approbateur, fait la seconde."),
            (errors.WaveChangedError(), "Quelqu'un a modifié cette vague"),
            (errors.StillReleasingError(), "Réessayez dans une minute."),
            (errors.NobodyMeantError(), "Personne de libre ne répond à ces critères."),
            (errors.NoCapacityError(), "0 par jour"),
            (errors.WrongStateError("draft"), "brouillon ou a été abandonnée"),
            (errors.WrongStateError("cancelled"), "brouillon ou a été abandonnée"),
            (errors.WrongStateError("closed"), "Cette vague a avancé entre-temps"),
            (errors.NotAskedError(), "Personne n'a encore demandé cette ouverture."),
        ],
    )
    def test_each_says_what_to_do(self, error, said):
        assert said in wave_words.why_not(error).replace("\xa0", " ")


class TestOpening:
    def test_every_count_of_a_trial_is_shown(self):
        names = letting_open.Trial.__dataclass_fields__
        made = letting_open.Trial(**{name: place * 1000 for place, name in enumerate(names, start=1)})
        shown = sorted(pairs(opening_words.pairs(made)).values())
        assert shown == sorted(f"{place} 000" for place in range(1, len(names) + 1))
        assert made.people == sum(range(1, len(names) + 1)) * 1000

    def test_steps_that_are_still_to_be_done(self):
        assert list(pairs(opening_words.steps(wave())).values()) == ["pas encore fait"] * 2

    def test_a_step_that_was_done(self):
        said = pairs(opening_words.steps(wave(opening_asked_at=NOON)))
        assert said["Demandée"] == "le 25 novembre 2026 à 13 h 00"


class TestWaveForm:
    def form(self, **values) -> WaveForm:
        data = {
            "name": "Sarthe",
            "stage": "pilot",
            "services": ["dmp"],
            "channels": "post",
            "first_send_on": "2026-12-07",
            "mails_a_day": "0",
            "letters_a_day": "5",
        }
        return WaveForm({**data, **values})

    @pytest.mark.parametrize("typed", ["72,53", "72 53", " 72 ;53;; ", "53, 72, 53", "53\n72"])
    def test_codes_with_any_separator_once_each_in_order(self, typed):
        form = self.form(departments=typed)
        assert form.is_valid(), form.errors
        assert form.content().departments == ["53", "72"]

    def test_content_is_what_the_service_takes(self):
        form = self.form(schemes="rg", situations=["MINEUR"], at_most="", is_continuous="on")
        assert form.is_valid()
        made = form.content()
        assert (made.schemes, made.situations, made.at_most, made.is_continuous) == (["RG"], ["MINEUR"], None, True)
        assert (made.letters_a_day, made.channels, made.born_from) == (5, "post", None)

    @pytest.mark.parametrize(
        "values",
        [
            {"stage": "x"},
            {"services": ["dossier"]},
            {"channels": "pigeon"},
            {"first_send_on": "2026-02-30"},
            {"letters_a_day": "-1"},
            {"letters_a_day": "1e9"},
            {"letters_a_day": "100000001"},
            {"name": "x" * 81},
            {"departments": "7" * 601},
            {"token": "x"},
        ],
    )
    def test_hostile_values(self, values):
        assert not self.form(**values).is_valid()


class TestPopulationForms:
    def test_filters_that_are_right(self):
        form = FilterForm({"wave": NO_WAVE, "department": " 2a "}, waves=[])
        assert form.is_valid()
        assert form.filters() == Filters(wave=NO_WAVE, department="2A")

    @pytest.mark.parametrize(
        ("typed", "read"),
        [
            ("2 84 06 44 109 001 47", "2840644109001"),
            ("284062A109001", "284062A109001"),
            ("284062a10900147", "284062A109001"),
            ("7840644109001", "7840644109001"),
        ],
    )
    def test_numbers(self, typed, read):
        form = SearchForm({"number": typed})
        assert form.is_valid()
        assert form.cleaned_data["number"] == read

    @pytest.mark.parametrize("typed", ["0840644109001", "28406441090011", "2840644109001x", "284062C109001", "%"])
    def test_what_is_no_number(self, typed):
        assert not SearchForm({"number": typed}).is_valid()

    @pytest.mark.parametrize(
        ("typed", "read"), [("00/06/1952", "1952-06-00"), ("0 0 1952", "1952-00-00"), ("7/3/1958", "1958-03-07")]
    )
    def test_unknown_days_and_months(self, typed, read):
        form = SearchForm({"family_name": "MOREL", "birth_date": typed})
        assert form.is_valid()
        assert form.cleaned_data["birth_date"] == read

    def test_filters_in_words(self):
        form = FilterForm(waves=[wave()])
        said = export_lines.labels_of({"state": "OPPOSED", "department": "44", "wave": NO_WAVE}, form=form)
        assert [text.replace("\xa0", " ") for text in said.values()] == [
            "État : opposé", "Département : 44", "Vague : Dans aucune vague",
        ]  # fmt: skip


class TestSteps:
    def test_states_in_words_with_rule_and_reason(self):
        step = PersonTransition(
            from_state="ELIGIBLE", to_state="NOTICE_QUEUED", at=NOON, actor="x", rule="SPA-02", reason="r"
        )
        row = person_lines.step_row(step)
        assert row.what == "éligible → notification préparée"
        assert row.note.endswith("SPA-02 · r")

    @pytest.mark.parametrize("hold", list(EligiblePerson.Hold))
    def test_every_hold_has_words(self, hold):
        person = EligiblePerson(hold=hold)
        assert person_lines.held_words(person).replace("\xa0", " ").startswith("retenu : ")

    def test_nobody_holds_them(self):
        assert person_lines.held_words(EligiblePerson()) == ""
