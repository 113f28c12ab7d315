from __future__ import annotations

import pytest

from apps.rollout.validation.columns import Layout
from apps.rollout.validation.lines import Checked, Rules, check_line
from tests.rollout.files import CHILD, HEADER, MICHEL, NIA, SOPHIE, TEST_NIR, row

LAYOUT = Layout.of(HEADER)
RULES = Rules(authorities={TEST_NIR, NIA}, today="2026-11-25")


def check(**values: str) -> Checked:
    return check_line(line=row(**values), layout=LAYOUT, rules=RULES)


def findings(**values: str) -> list[tuple[str, str, str]]:
    return [(item.field, item.code.value, item.severity.value) for item in check(**values).findings]


def value(title: str, **values: str) -> str:
    checked = check(**values)
    assert checked.values is not None
    return dict(zip(HEADER.split(";"), checked.values, strict=True))[title]


class TestSoundLines:
    def test_has_no_finding_and_keeps_every_value(self):
        checked = check()

        assert checked.findings == []
        assert ";".join(checked.values) == row()

    @pytest.mark.parametrize(
        "number", ["190032A004123", "284202B033010", "1520699352040", "4551241109080", "1105020109080"]
    )
    def test_idn_12_accepts_corsica_unknown_months_and_people_being_registered(self, number):
        assert findings(matricule=number) == []

    @pytest.mark.parametrize("born", ["1984-00-00", "1952-06-00", "2024-02-29"])
    def test_idn_01_unknown_day_and_month_stay_unknown(self, born):
        assert value("date_naissance", date_naissance=born) == born

    @pytest.mark.parametrize("name", ["L'HERITIER", "DE LA CROIX", "EL AMRANI", "MARTIN--DURAND", "D'ALENCON-MENARD"])
    def test_names_in_the_form_of_the_traits_pass(self, name):
        assert findings(nom_naissance=name) == []

    def test_values_are_read_without_the_spaces_round_them(self):
        assert value("commune", commune="  NANTES ") == "NANTES"
        assert value("nom_naissance", nom_naissance=" ESSAI") == "ESSAI"

    def test_a_line_of_columns_in_another_order_reads_the_same(self):
        titles = HEADER.split(";")
        layout = Layout.of(";".join(reversed([*titles, "verite"])))
        line = ";".join(reversed([*row().split(";"), "JUMEAU"]))

        assert check_line(line=line, layout=layout, rules=RULES) == check()


class TestIdentityFaults:
    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ({"cle": "00"}, ("cle", "CLE")),
            ({"matricule": SOPHIE[:-1]}, ("matricule", "LONGUEUR")),
            ({"cle": "1"}, ("matricule", "LONGUEUR")),
            ({"matricule": "9790244109999", "cle": "13"}, ("matricule", "SYNTAXE")),
            ({"oid": "1.2.250.1.213.1.4.8"}, ("oid", "AUTORITE")),
            ({"nature": "NIA"}, ("oid", "AUTORITE")),
            ({"nom_naissance": ""}, ("nom_naissance", "NOM_VIDE")),
            ({"nom_naissance": "MART?N"}, ("nom_naissance", "LETTRES")),
            ({"nom_naissance": "ИВАНОВ"}, ("nom_naissance", "LETTRES")),
            ({"sexe": "X"}, ("sexe", "SEXE")),
            ({"date_naissance": "31/02/1979"}, ("date_naissance", "DATE")),
            ({"date_naissance": "1979-02-30"}, ("date_naissance", "DATE")),
            ({"date_naissance": "1979-00-12"}, ("date_naissance", "DATE")),
            ({"date_naissance": "2026-11-26"}, ("date_naissance", "DATE")),
            ({"lieu_naissance": "00000"}, ("lieu_naissance", "LIEU")),
            ({"lieu_naissance": "2C004"}, ("lieu_naissance", "LIEU")),
            ({"nom_naissance": "A" * 101}, ("nom_naissance", "TROP_LONG")),
            ({"adresse_voie": "A" * 121}, ("adresse_voie", "TROP_LONG")),
        ],
    )
    def test_rol_11_refuses_the_line_and_says_why(self, values, expected):
        assert findings(**values) == [(*expected, "refused")]
        assert check(**values).values is None

    def test_every_fault_of_a_line_is_named(self):
        assert findings(sexe="", lieu_naissance="", cle="00") == [
            ("cle", "CLE", "refused"),
            ("sexe", "SEXE", "refused"),
            ("lieu_naissance", "LIEU", "refused"),
        ]

    @pytest.mark.parametrize(
        ("name", "trait"),
        [
            ("Martiné", "MARTINE"),
            ("d’Alençon", "D'ALENCON"),
            ("Cœur", "COEUR"),
            ("LE  GALL", "LE  GALL"),
            ("st. jean", "ST JEAN"),
        ],
    )
    def test_casse_is_put_into_the_form_of_the_traits(self, name, trait):
        assert value("nom_naissance", nom_naissance=name) == trait

    def test_casse_is_warned(self):
        assert findings(nom_naissance="Essai") == [("nom_naissance", "CASSE", "warned")]

    def test_idn_17_first_given_name_must_begin_the_list(self):
        assert findings(prenoms_naissance="ANNE SOPHIE") == [("premier_prenom", "PREMIER_PRENOM", "warned")]


class TestRegisterFaults:
    def test_courriel_that_cannot_be_used_goes_by_post(self):
        assert findings(courriel="pas-un-courriel") == [("courriel", "COURRIEL", "warned")]
        assert value("courriel", courriel="pas-un-courriel") == ""
        assert value("canal", courriel="pas-un-courriel") == "courrier"

    def test_somebody_who_wants_post_gets_post(self):
        assert value("canal", canal="courrier") == "courrier"
        assert value("courriel", canal="courrier") == "sophie.essai@courriel.test"

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ({"situation": "RETRAITE"}, ("situation", "SITUATION")),
            ({"mesure_protection": "AUTRE"}, ("mesure_protection", "SITUATION")),
            ({"date_deces": "2026-11-26"}, ("date_deces", "DATE")),
            ({"date_deces": "1979-02-21"}, ("date_deces", "DATE")),
            ({"date_deces": "2026-00-00"}, ("date_deces", "DATE")),
        ],
    )
    def test_rol_11_refuses_what_decides_about_the_opening(self, values, expected):
        assert findings(**values) == [(*expected, "refused")]

    @pytest.mark.parametrize(
        "values",
        [
            {"rl1_qualite": "VOISIN"},
            {"rl1_qualite": ""},
            {"rl1_matricule": "279024410"},
            {"rl1_matricule": CHILD["matricule"]},
        ],
    )
    def test_a_representative_in_doubt_is_dropped_with_a_warning(self, values):
        child = {**CHILD, **values}

        assert findings(**child) == [("rl1_matricule", "REPRESENTANT", "warned")]
        assert value("rl1_matricule", **child) == ""
        assert value("rl1_qualite", **child) == ""

    def test_the_same_representative_twice_counts_once(self):
        child = {**CHILD, "rl2_matricule": SOPHIE, "rl2_qualite": "PERE"}

        assert findings(**child) == [("rl2_matricule", "REPRESENTANT", "warned")]

    def test_s25_representatives_without_a_number_pass(self):
        assert findings(**{**CHILD, "rl1_matricule": "", "rl1_qualite": "ASE"}) == []

    def test_two_representatives_pass(self):
        assert findings(**{**CHILD, "rl2_matricule": MICHEL, "rl2_qualite": "PERE"}) == []


class TestShapeOfALine:
    @pytest.mark.parametrize(
        ("line", "code"),
        [
            (row() + ";x", "COLONNES"),
            (row()[:40], "COLONNES"),
            (row().replace("ESSAI;", "ES\x00SAI;"), "CARACTERE"),
            (row().replace("ESSAI;", "ES\u202eSAI;"), "CARACTERE"),
            (row().replace("ESSAI;", "ES\tSAI;"), "CARACTERE"),
        ],
    )
    def test_s26_refuses_what_is_no_line(self, line, code):
        checked = check_line(line=line, layout=LAYOUT, rules=RULES)

        assert checked.values is None
        assert [(item.field, item.code.value) for item in checked.findings] == [("", code)]

    def test_no_break_spaces_are_spaces(self):
        assert value("commune", commune="SAINT\u00a0HERBLAIN") == "SAINT HERBLAIN"
