"""The fixed people, the professionals and the FranceConnect list of the demonstration country."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pytest

from apps.accounts.ins import control_key
from apps.directory.rpps import is_valid_rpps
from apps.journeys.demonstration.cast import cast, cast_rows, former_representations, mandates, member
from apps.journeys.demonstration.directory_file import write_directory
from apps.journeys.demonstration.franceconnect import claims, people, write_people
from apps.journeys.demonstration.luhn import luhn_sum, with_luhn
from apps.journeys.demonstration.professionals import professional, professionals, structures
from apps.journeys.demonstration.spelling import trait
from apps.rollout.population import COLUMNS
from apps.rollout.validation.columns import Layout
from apps.rollout.validation.lines import Rules, check_line

TODAY = date(2026, 11, 25)
LEAP_DAY = date(2028, 2, 29)


def age(born: str, today: date) -> int:
    year, month, day = (int(part) for part in born.split("-"))
    return today.year - year - ((month, day) > (today.month, today.day))


class TestCast:
    @pytest.mark.parametrize("today", [TODAY, date(2027, 1, 1), LEAP_DAY, date(2028, 11, 16)])
    def test_rol_11_every_row_passes_the_checks_of_the_import(self, today):
        layout = Layout.of(";".join(COLUMNS))
        rules = Rules(authorities={"1.2.250.1.213.1.4.9", "1.2.250.1.213.1.4.10"}, today=today.isoformat())

        findings = [check_line(line=row.line(), layout=layout, rules=rules).findings for row in cast_rows(today=today)]

        assert findings == [[]] * 26

    def test_the_first_test_person_is_camille_morel(self):
        camille = cast(today=TODAY)[0]

        assert camille.key == "camille"
        assert camille.ins == "284064410920445"
        assert (camille.row.nom_naissance, camille.row.premier_prenom) == ("MOREL", "CAMILLE")
        assert camille.row.date_naissance == "1984-06-14"

    def test_idn_11_numbers_are_unique_and_their_keys_right(self):
        rows = [one.row for one in cast(today=TODAY)]

        assert len({row.matricule for row in rows}) == len(rows) == 27
        assert [row.cle for row in rows] == [control_key(row.matricule) for row in rows]

    @pytest.mark.parametrize("today", [TODAY, LEAP_DAY])
    @pytest.mark.parametrize(
        ("key", "years", "situation"),
        [("lea", 9, "MINEUR"), ("noe", 4, "MINEUR"), ("mael", 17, "MINEUR"), ("jade", 18, "MAJEUR")],
    )
    def test_ages_are_counted_on_the_day_of_the_demonstration(self, key, years, situation, today):
        row = member(key, today=today).row

        assert age(row.date_naissance, today) == years
        assert row.situation == situation

    def test_spa_41_lea_has_two_representatives(self):
        row = member("lea", today=TODAY).row

        assert (row.rl1_matricule, row.rl1_qualite) == (member("camille", today=TODAY).row.matricule, "MERE")
        assert (row.rl2_matricule, row.rl2_qualite) == (member("paul", today=TODAY).row.matricule, "PERE")
        assert row.prenom_utilise == "LÉA"

    def test_spa_48_jade_has_no_representative_any_more(self):
        ended = former_representations(today=TODAY)[0]

        assert member("jade", today=TODAY).row.rl1_qualite == ""
        assert (ended.holder, ended.representative, ended.ended_on) == ("jade", "eric", TODAY - timedelta(days=6))

    def test_spa_50_simone_is_represented_by_her_daughter(self):
        row = member("simone", today=TODAY).row

        assert (row.situation, row.mesure_protection) == ("MAJEUR_PROTEGE", "HABILITATION_FAMILIALE")
        assert (row.rl1_matricule, row.rl1_qualite) == (member("claire", today=TODAY).row.matricule, "FAMILLE")

    def test_idn_02_awa_has_a_temporary_number_and_ange_a_corsican_one(self):
        awa, ange = member("awa", today=TODAY), member("ange", today=TODAY)

        assert (awa.row.nature, awa.row.oid, awa.row.matricule[0]) == ("NIA", "1.2.250.1.213.1.4.9", "8")
        assert ange.row.matricule[5:7] == "2A"

    def test_homonyms_differ_by_birth_place_and_number_only(self):
        one, other = member("julien_nantes", today=TODAY).row, member("julien_colomiers", today=TODAY).row

        assert (one.nom_naissance, one.prenoms_naissance, one.date_naissance) == (
            other.nom_naissance, other.prenoms_naissance, other.date_naissance,
        )  # fmt: skip
        assert (one.lieu_naissance, other.lieu_naissance) == ("44109", "31149")

    def test_spa_53_one_mandate_runs_and_one_is_over(self):
        runs, over = mandates(today=TODAY)

        assert (runs.holder, runs.delegate) == ("camille", "rosa")
        assert runs.starts_on < TODAY < runs.ends_on
        assert (over.holder, over.delegate) == ("bruno", "rosa")
        assert over.ends_on < TODAY

    def test_traits_keep_hyphens_and_apostrophes_and_lose_accents(self):
        assert trait("D'Alençon-Ménard") == "D'ALENCON-MENARD"
        assert trait("Œuvrard") == "OEUVRARD"


class TestFranceConnect:
    def test_idn_28_camille(self):
        found = claims(member("camille", today=TODAY))

        assert found == {
            "sub": found["sub"],
            "given_name": "Camille Anne",
            "given_name_array": ["Camille", "Anne"],
            "family_name": "MOREL",
            "birthdate": "1984-06-14",
            "gender": "female",
            "birthplace": "44109",
            "birthcountry": "99100",
            "email": "camille.morel@courriel.test",
        }

    def test_idn_28_subjects_have_66_characters_end_in_v1_and_differ(self):
        subjects = [str(row["sub"]) for row in people(today=TODAY)]

        assert all(re.fullmatch(r"[0-9a-f]{64}v1", subject) for subject in subjects)
        assert len(set(subjects)) == len(subjects)

    def test_idn_28_unknown_day_and_month_become_01_and_birthplace_abroad_is_empty(self):
        said, fatima = (claims(member(key, today=TODAY)) for key in ("said", "fatima"))

        assert said["birthdate"] == "1952-06-01"
        assert fatima["birthdate"] == "1955-01-01"
        assert (said["birthplace"], said["birthcountry"]) == ("", "99352")

    def test_only_living_adults_who_decide_for_themselves_sign_in(self):
        keys = {one.key for one in cast(today=TODAY) if one.signs_in}

        assert keys.isdisjoint({"lea", "noe", "zoe", "mael", "simone", "rene", "henri"})
        assert {"camille", "paul", "bruno", "gilles", "jade", "ulysse"} <= keys

    def test_idn_29_one_person_differs_from_the_file_in_one_trait(self):
        doubtful = member("menard", today=TODAY)

        assert doubtful.row.lieu_naissance == "31555"
        assert claims(doubtful)["birthplace"] == "31149"

    def test_one_person_is_known_to_the_provider_only(self):
        assert member("ulysse", today=TODAY).row not in cast_rows(today=TODAY)

    def test_writes_the_list_with_a_name_and_a_purpose(self, tmp_path):
        path = tmp_path / "people.json"

        count = write_people(path=path, today=TODAY)

        rows = json.loads(path.read_text(encoding="utf-8"))
        assert count == len(rows) == 20
        assert rows[0]["label"] == "Camille Morel"
        assert [row["label"] for row in rows].count("Paul Morel") == 1
        assert all(row["note"] for row in rows)


class TestProfessionals:
    def test_dir_01_sixty_professionals_with_right_and_different_numbers(self):
        numbers = [one.rpps for one in professionals()]

        assert len(set(numbers)) == len(numbers) == 60
        assert all(is_valid_rpps(number) for number in numbers)

    def test_luhn(self):
        assert with_luhn("7992739871") == "79927398713"
        assert luhn_sum("79927398713") % 10 == 0
        assert with_luhn("2A000001") == "2A0000014"

    def test_dir_10_structures_have_finess_or_siret_numbers_with_right_digits(self):
        for place in structures().values():
            number = place.finess or place.siret
            assert len(number) == (9 if place.finess else 14)
            assert luhn_sum(number) % 10 == 0
            assert place.national_id == ("1" if place.finess else "3") + number

    @pytest.mark.parametrize(
        ("key", "name", "specialty", "place"),
        [
            ("lefort", "Anne Lefort", "G15_10/SM54", "Maison de santé des Tilleuls"),
            ("benali", "Karim Benali", "G15_10/SM04", "Cabinet de cardiologie Benali"),
            ("perrin", "Hugo Perrin", "G15_10/SM03", "Laboratoire des Rives"),
            ("haddad", "Samir Haddad", "G15_10/SM26", "Centre hospitalier du Val"),
            ("guerin", "Maëlle Guérin", "G15_60", "Cabinet infirmier des Maraîchers"),
            ("tran", "Olivier Tran", "G15_21", "Pharmacie des Halles"),
        ],
    )
    def test_fixed_ones(self, key, name, specialty, place):
        one = professional(key)

        assert (f"{one.given} {one.family}", one.profession.specialty, one.structures[0].name) == (
            name,
            specialty,
            place,
        )

    def test_directory_file_has_56_titles_and_a_last_empty_field(self, tmp_path):
        path = tmp_path / "personnes.txt"

        count = write_directory(path=path)

        lines = path.read_text(encoding="utf-8").splitlines()
        titles = lines[0].split("|")
        assert len(lines) - 1 == count == sum(len(one.structures) for one in professionals())
        assert {line.count("|") for line in lines} == {56}
        assert (len(titles), titles[-1], titles[1]) == (57, "", "Identifiant PP")

    def test_directory_file_gives_one_line_an_activity(self, tmp_path):
        path = tmp_path / "personnes.txt"
        write_directory(path=path)

        titles, *lines = (line.split("|") for line in path.read_text(encoding="utf-8").splitlines())
        rows = [dict(zip(titles, line, strict=True)) for line in lines]
        benali = [row for row in rows if row["Nom d'exercice"] == "BENALI" and row["Prénom d'exercice"] == "KARIM"]

        assert [row["Raison sociale site"] for row in benali] == [
            "Cabinet de cardiologie Benali", "Centre hospitalier du Val",
        ]  # fmt: skip
        assert benali[0]["Identifiant technique de la structure"] == "C" + professional("benali").rpps
        assert benali[1]["Identifiant technique de la structure"] == "F" + structures()["val"].finess
        assert {row["Identification nationale PP"][0] for row in rows} == {"8"}
