"""The generator of invented populations: shape of the file, numbers, households, repeatability."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date

import pytest

from apps.accounts.ins import control_key
from apps.rollout.population import COLUMNS, PopulationPlan, generate, write_file
from apps.rollout.population.faults import KINDS, spoiled
from apps.rollout.population.numbers import NumberBook, place_in_number
from apps.rollout.population.people import Contact, Home, Identity, Person, Representative, Standing
from apps.rollout.population.places import communes
from apps.rollout.validation.columns import Layout
from apps.rollout.validation.lines import Rules, check_line

TODAY = date(2026, 11, 25)
PLAN = PopulationPlan(count=6000, today=TODAY, seed=1)


@pytest.fixture(scope="module")
def rows():
    return [labelled.row for labelled in generate(plan=PLAN)]


@pytest.fixture(scope="module")
def big():
    """Enough people for what is rare: temporary numbers, homonyms."""
    return list(generate(plan=PopulationPlan(count=30_000, today=TODAY, seed=5, truth=True)))


def age_of(row):
    year, month, day = (int(part) for part in row.date_naissance.split("-"))
    return TODAY.year - year - ((month, day) > (TODAY.month, TODAY.day))


class TestFile:
    def test_rol_10_has_the_columns_of_the_eligibility_file_in_their_order(self, tmp_path):
        path = tmp_path / "eligibles.csv"

        written = write_file(path=path, plan=PopulationPlan(count=50, today=TODAY))

        lines = path.read_bytes().split(b"\n")
        assert written == 50
        assert lines[0].decode() == ";".join(COLUMNS)
        assert COLUMNS[:4] == ("matricule", "cle", "nature", "oid")
        assert COLUMNS[-1] == "date_deces"
        assert len(COLUMNS) == 32
        assert len(lines) == 52
        assert lines[-1] == b""

    def test_truth_is_one_column_more_and_only_on_request(self, tmp_path):
        path = tmp_path / "eligibles.csv"

        write_file(path=path, plan=PopulationPlan(count=50, today=TODAY, truth=True))

        with path.open(encoding="utf-8", newline="") as handle:
            read = list(csv.DictReader(handle, delimiter=";"))
        assert len(read) == 50
        assert list(read[0]) == [*COLUMNS, "verite"]

    def test_same_plan_gives_the_same_bytes_and_another_seed_does_not(self, tmp_path):
        paths = [tmp_path / name for name in ("a", "b", "c")]

        for path, seed in zip(paths, (1, 1, 2), strict=True):
            write_file(path=path, plan=PopulationPlan(count=300, today=TODAY, seed=seed))

        assert paths[0].read_bytes() == paths[1].read_bytes()
        assert paths[0].read_bytes() != paths[2].read_bytes()

    def test_opening_rows_come_first_count_and_keep_their_numbers(self, tmp_path, rows):
        path = tmp_path / "eligibles.csv"
        opening = rows[:10]

        written = write_file(path=path, plan=PLAN, opening=opening)

        with path.open(encoding="utf-8", newline="") as handle:
            numbers = [line["matricule"] for line in csv.DictReader(handle, delimiter=";")]
        assert written == len(numbers) == 6000
        assert numbers[:10] == [row.matricule for row in opening]
        assert len(set(numbers)) == 6000


class TestNumbers:
    def test_idn_11_every_key_is_right_and_no_number_comes_twice(self, rows):
        assert [row.cle for row in rows] == [control_key(row.matricule) for row in rows]
        assert len({row.matricule for row in rows}) == len(rows)

    def test_idn_02_test_authorities_only(self, big):
        found = {(labelled.row.nature, labelled.row.oid) for labelled in big}

        assert found == {("NIR", "1.2.250.1.213.1.4.10"), ("NIA", "1.2.250.1.213.1.4.9")}

    def test_idn_12_temporary_numbers_begin_with_7_or_8(self, big):
        numbers = [(one.row.matricule[0], one.row.sexe) for one in big if one.row.nature == "NIA"]

        assert set(numbers) == {("7", "M"), ("8", "F")}

    def test_idn_11_corsica_is_20_before_1976_and_2a_or_2b_after(self, rows):
        before = {r.matricule[5:7] for r in rows if r.lieu_naissance[:2] in ("2A", "2B") and r.date_naissance < "1976"}
        after = {r.matricule[5:7] for r in rows if r.lieu_naissance[:2] in ("2A", "2B") and r.date_naissance >= "1976"}

        assert before == {"20"}
        assert after == {"2A", "2B"}

    def test_place_in_number(self):
        assert place_in_number("2A004", 1975) == "20004"
        assert place_in_number("2A004", 1976) == "2A004"
        assert place_in_number("44109", 1950) == "44109"

    def test_number_carries_sex_year_and_month(self, rows):
        for row in rows:
            if row.nature == "NIR" and not row.date_naissance.endswith("-00"):
                year, month, _ = row.date_naissance.split("-")
                assert row.matricule[:5] == ("1" if row.sexe == "M" else "2") + year[2:] + month

    def test_unknown_month_is_20_in_the_number_and_unknown_day_changes_nothing(self, big):
        unknown = [one.row for one in big if one.truth == "DATE_LUNAIRE" and one.row.nature == "NIR"]
        months = {(row.date_naissance[5:] == "00-00", row.matricule[3:5] == "20") for row in unknown}

        assert months == {(True, True), (False, False)}
        assert all(row.lieu_naissance.startswith("99") for row in unknown)

    def test_a_full_month_gives_no_number(self):
        book = NumberBook(reserved={"2840644109001"})

        numbers = [book.nir(sex="F", year=1984, month="06", place="44109") for _ in range(999)]

        assert numbers[0] == "2840644109002"
        assert numbers[-2:] == ["2840644109999", None]


class TestPeople:
    def test_birth_places_are_french_communes_or_countries(self, rows):
        french = {commune.code for commune in communes()}

        assert all(row.lieu_naissance in french or re.fullmatch(r"99\d{3}", row.lieu_naissance) for row in rows)
        assert 0.05 < sum(row.lieu_naissance.startswith("99") for row in rows) / len(rows) < 0.15

    def test_people_live_in_the_departments_of_the_plan(self, rows):
        assert {row.departement for row in rows} == {"31", "44", "80"}

    def test_only_reserved_mail_domains_and_phone_numbers(self, rows):
        mails, phones = [r.courriel for r in rows if r.courriel], [r.mobile for r in rows if r.mobile]

        assert all(re.fullmatch(r"[a-z0-9.\-]+@courriel\d\.test", mail) for mail in mails)
        assert all(re.fullmatch(r"063998\d{4}", phone) for phone in phones)
        assert {(bool(r.courriel), r.canal) for r in rows} == {(True, "courriel"), (False, "courrier")}

    def test_spa_57_some_couples_share_a_mailbox_but_never_two_households(self, rows):
        homes: dict[str, set[str]] = {}
        people = Counter(row.courriel for row in rows if row.courriel)
        for row in rows:
            homes.setdefault(row.courriel, set()).add(row.foyer)

        shared = [mail for mail, count in people.items() if count == 2]
        assert len(shared) > 10
        assert all(len(homes[mail]) == 1 for mail in shared)

    def test_minors_are_under_18_and_have_no_contact(self, rows):
        minors = [row for row in rows if row.situation == "MINEUR"]

        assert {age_of(row) < 18 for row in minors} == {True}
        assert {age_of(row) < 18 for row in rows if row.situation != "MINEUR"} == {False}
        assert not any(row.courriel or row.mobile for row in minors)
        assert 0.17 < len(minors) / len(rows) < 0.26

    def test_representatives_stand_before_those_they_represent(self, rows):
        seen: set[str] = set()
        for row in rows:
            assert {row.rl1_matricule, row.rl2_matricule} - {""} <= seen
            seen.add(row.matricule)

    def test_spa_41_minors_have_one_or_two_parents_or_are_in_care(self, big):
        qualities = Counter((one.row.rl1_qualite, one.row.rl2_qualite) for one in big if one.row.situation == "MINEUR")

        assert set(qualities) == {("MERE", "PERE"), ("MERE", ""), ("PERE", ""), ("ASE", "")}
        assert not any(one.row.rl1_matricule for one in big if one.row.rl1_qualite in ("ASE", "MJPM"))

    def test_spa_50_protected_adults_have_a_measure_and_somebody_unless_it_is_a_safeguard(self, big):
        protected = [one.row for one in big if one.row.situation == "MAJEUR_PROTEGE"]

        measures = {row.mesure_protection for row in protected}
        assert measures == {
            "TUTELLE", "CURATELLE_SIMPLE", "CURATELLE_RENFORCEE", "HABILITATION_FAMILIALE", "SAUVEGARDE",
        }  # fmt: skip
        assert {r.rl1_qualite for r in protected if r.mesure_protection != "SAUVEGARDE"} == {"FAMILLE", "MJPM"}
        assert {r.rl1_qualite for r in protected if r.mesure_protection == "SAUVEGARDE"} == {""}

    def test_twins_share_everything_but_number_rank_and_given_names(self, big):
        first, second = [one.row for one in big if one.truth == "JUMEAU"][:2]

        assert (first.rang_gemellaire, second.rang_gemellaire) == ("1", "2")
        assert first.matricule != second.matricule
        for column in ("nom_naissance", "date_naissance", "lieu_naissance", "foyer", "rl1_matricule"):
            assert getattr(first, column) == getattr(second, column)

    def test_homonyms_share_names_and_birth_date_with_another_number(self, big):
        by_number = {one.row.matricule: one.row for one in big}
        pairs = [(one.row, by_number[one.truth.split(":")[1]]) for one in big if one.truth.startswith("HOMONYME")]

        assert len(pairs) > 3
        for row, model in pairs:
            assert (row.nom_naissance, row.prenoms_naissance, row.date_naissance, row.sexe) == (
                model.nom_naissance, model.prenoms_naissance, model.date_naissance, model.sexe,
            )  # fmt: skip
            assert row.matricule != model.matricule

    def test_deaths_lie_in_the_year_before(self, big):
        deaths = {one.row.date_deces[:4] for one in big if one.row.date_deces}

        assert deaths == {"2025"}

    def test_row_of_a_person_written_by_hand(self):
        nantes = next(commune for commune in communes() if commune.code == "44109")
        person = Person(
            identity=Identity(
                number="297022A020778",
                family="LE GOFF",
                given=("ANNE", "PAULE"),
                sex="F",
                born="1997-02-03",
                place="2A020",
            ),
            home=Home(household="F1", street="1 RUE DU TILLEUL", commune=nantes, scheme="02"),
            contact=Contact(mobile="0639980001"),
            standing=Standing(
                situation="MAJEUR_PROTEGE", measure="TUTELLE", representatives=(Representative(quality="MJPM"),)
            ),
        )

        assert person.row().line() == (
            "297022A020778;78;NIR;1.2.250.1.213.1.4.10;LE GOFF;ANNE PAULE;ANNE;;ANNE;F;1997-02-03;2A020;;02;4402;"
            "1 RUE DU TILLEUL;;44000;NANTES;44109;44;;0639980001;courrier;F1;MAJEUR_PROTEGE;TUTELLE;;MJPM;;;"
        )


class TestFaults:
    def test_decision_31_sound_lines_pass_the_checks_and_broken_ones_are_found(self):
        layout = Layout.of(";".join(COLUMNS))
        rules = Rules(authorities={"1.2.250.1.213.1.4.9", "1.2.250.1.213.1.4.10"}, today=TODAY.isoformat())
        plan = PopulationPlan(count=5000, today=TODAY, seed=3, faults=0.05, truth=True)

        found = Counter()
        for labelled in generate(plan=plan):
            checked = check_line(line=labelled.row.line(), layout=layout, rules=rules)
            kinds = tuple(finding.code.value for finding in checked.findings)
            found[labelled.truth if labelled.truth.startswith("DEFAUT") else "", kinds] += 1

        assert set(found) == {("", ()), *((f"DEFAUT:{kind}", (kind,)) for kind in KINDS)}

    def test_decision_31_doubles_say_whose_double_they_are(self):
        plan = PopulationPlan(count=8000, today=TODAY, seed=3, faults=0.1, truth=True)
        rows = list(generate(plan=plan))
        by_number = {one.row.matricule: one.row for one in rows if not one.truth.startswith("D")}

        doubles = [(one.row, *one.truth.split(":")) for one in rows if one.truth.startswith("DOUBLON")]

        assert {kind for _, kind, _ in doubles} == {"DOUBLON_EXACT", "DOUBLON_ADRESSE", "DOUBLON_NIA"}
        exact = [(row, number) for row, kind, number in doubles if kind == "DOUBLON_EXACT" and number in by_number]
        assert exact
        assert all(row == by_number[number] for row, number in exact)
        assert {row.nature for row, kind, _ in doubles if kind == "DOUBLON_NIA"} == {"NIA"}

    def test_a_wrong_key_is_another_key(self, rows):
        for row in rows[:200]:
            assert spoiled(row, "CLE").cle != row.cle
            assert re.fullmatch(r"0[1-9]|[1-8]\d|9[0-7]", spoiled(row, "CLE").cle)


class TestScale:
    def test_streams_without_building_the_country_first(self):
        stream = generate(plan=PopulationPlan(count=60_000_000, today=TODAY))

        assert len([next(stream) for _ in range(1000)]) == 1000

    def test_the_book_remembers_months_and_places_not_people(self):
        book = NumberBook()

        for _ in range(900):
            book.nir(sex="F", year=1984, month="06", place="44109")
            book.nia(sex="F", year=1984, month="06")

        assert len(book._orders) == 1
