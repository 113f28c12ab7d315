"""Diplomas, skills and FINESS lists (DIR-01, DIR-04, DIR-06, DIR-10)."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest

from apps.audit.services import PLATFORM_SCOPE, events_of
from apps.directory import registers
from apps.directory.extract import TitlesMissingError
from apps.directory.models import Establishment, LegalEntity, LoadedExtract, Professional, Qualification
from apps.directory.services import Extract, ExtractShrunkError, Imported
from apps.formats.lines import FileFault, FileRefusedError
from tests.directory.extracts import DURAND, KELLER, LEFORT, counts
from tests.directory.extracts import content as activities
from tests.directory.extracts import line as activity
from tests.harness.clock import NOON
from tests.shared_material import needs_shared, shared

pytestmark = pytest.mark.django_db
PERSON = "Type d'identifiant PP|Identifiant PP|Identification nationale PP|Nom d'exercice|Prénom d'exercice|"
DIPLOMA_TITLES = PERSON + (
    "Code type diplôme obtenu|Libellé type diplôme obtenu|Code diplôme obtenu|Libellé diplôme obtenu|"
    "Code type autorisation|Libellé type autorisation|Code discipline autorisation|Libellé discipline autorisation|"
)
SKILL_TITLES = PERSON + (
    "Code profession|Libellé profession|Code catégorie professionnelle|Libellé catégorie professionnelle|"
    "Code type savoir-faire|Libellé type savoir-faire|Code savoir-faire|Libellé savoir-faire|"
)
DIPLOMA = f"8|{LEFORT}|8{LEFORT}|LEFORT|ANNE|DE|Diplôme d'Etat français|DE09|DE Docteur en médecine|||||"
AUTHORISATION = f"8|{DURAND}|8{DURAND}|DURAND|PAUL|||||AEP|Autorisation d'exercice|DSM01|Anesthésie|"
SKILL = f"8|{LEFORT}|8{LEFORT}|LEFORT|ANNE|10|Médecin|C|Civil|S|Spécialité ordinale|SM26|Qualifié en Médecine Générale|"
FINESS = "finess;etalab;93;2026-01-05"
HOSPITAL = (
    "structureet;340000017;340000009;CH AGDE;CENTRE HOSPITALIER AGDE;;;1;R;DE LA REPUBLIQUE;;;003;34;34;34300 AGDE;"
    "0530000000;;355;Centre Hospitalier (C.H.);1102;Centres Hospitaliers;20000000800017;8610Z;;;;;"
    "2000-01-01;2000-01-01;2026-01-05;"
)
CORSICAN = HOSPITAL.replace("340000017", "2A0000014").replace("34;34;34300 AGDE", "2A;2A;20000 AJACCIO CEDEX")
ENTITY = (
    "structureej;340000009;CH AGDE;CENTRE HOSPITALIER AGDE;;1;R;DE LA REPUBLIQUE;;;;003;34300 AGDE;34;34;0530000000;13;"
    "Etablissement Public Communal d'Hospitalisation;;;200000008;8610Z;2001-01-01"
)


def bring(*lines: str, name: str = "extrait.txt", encoding: str = "utf-8", **options: object) -> Imported:
    data = "".join(f"{one}\n" for one in lines).encode(encoding)
    at = options.pop("at", NOON)
    return registers.import_extract(extract=Extract(source=io.BytesIO(data), name=name), at=at, **options)


def qualifications() -> list[tuple[str, str, str, str]]:
    rows = Qualification.objects.order_by("national_id", "kind", "code")
    return list(rows.values_list("national_id", "kind", "code", "label"))


class TestQualifications:
    def test_dir_01_diplomas_and_authorisations_stand_in_one_list(self):
        assert counts(bring(DIPLOMA_TITLES, DIPLOMA, AUTHORISATION)) == (2, 2, 0, 0, 0)

        assert qualifications() == [
            (f"8{LEFORT}", "diploma", "DE09", "DE Docteur en médecine"),
            (f"8{DURAND}", "authorisation", "DSM01", "Anesthésie"),
        ]

    def test_skills_and_diplomas_do_not_end_each_other(self):
        bring(DIPLOMA_TITLES, DIPLOMA)
        bring(SKILL_TITLES, SKILL)

        assert [kind for _, kind, _, _ in qualifications()] == ["diploma", "skill"]

    def test_dir_04_what_is_gone_from_its_list_goes(self):
        bring(DIPLOMA_TITLES, DIPLOMA, AUTHORISATION)
        bring(DIPLOMA_TITLES, DIPLOMA, force=True)

        assert [kind for _, kind, _, _ in qualifications()] == ["diploma"]

    def test_dir_06_a_list_that_lost_many_rows_needs_force(self):
        bring(DIPLOMA_TITLES, DIPLOMA, AUTHORISATION)

        with pytest.raises(ExtractShrunkError) as caught:
            bring(DIPLOMA_TITLES, DIPLOMA)

        assert (caught.value.leaving, caught.value.active) == (1, 2)
        assert len(qualifications()) == 2

    @pytest.mark.parametrize(
        ("bad", "fault"),
        [
            (DIPLOMA.replace(LEFORT, "10100000074"), "number"),
            (DIPLOMA.replace(f"8{LEFORT}|", f"8{DURAND}|"), "number"),
            (DIPLOMA + "x|", "columns"),
            (DIPLOMA.replace("ANNE", "AN\tNE"), "character"),
            (f"8|{LEFORT}|8{LEFORT}|LEFORT|ANNE|||||||||", "missing"),
        ],
    )
    def test_a_bad_line_is_refused_alone(self, bad, fault):
        imported = bring(DIPLOMA_TITLES, bad, AUTHORISATION)

        assert counts(imported) == (2, 1, 0, 1, 0)
        assert imported.faults == [(fault, 1)]

    def test_a_changed_label_changes_the_row_and_keeps_it(self):
        bring(SKILL_TITLES, SKILL)
        before = Qualification.objects.get().pk

        assert counts(bring(SKILL_TITLES, SKILL.replace("Générale", "générale"))) == (1, 1, 0, 0, 0)
        assert (Qualification.objects.get().pk, Qualification.objects.get().label[-8:]) == (before, "générale")

    def test_the_same_row_twice_counts_as_ignored(self):
        assert counts(bring(SKILL_TITLES, SKILL, SKILL, "")) == (3, 1, 0, 0, 2)

    def test_a_line_of_two_new_rows_counts_once(self):
        both = f"8|{KELLER}|8{KELLER}|KELLER|EVE|DE|Diplôme|DE09|DE Docteur|AEP|Autorisation|DSM01|Anesthésie|"
        bring(DIPLOMA_TITLES, DIPLOMA, AUTHORISATION)

        assert counts(bring(DIPLOMA_TITLES, DIPLOMA, AUTHORISATION, both)) == (3, 1, 2, 0, 0)
        assert len(qualifications()) == 4

    def test_a_line_that_repeats_one_of_its_two_rows_is_no_repetition(self):
        both = DIPLOMA.removesuffix("||||") + "AEP|Autorisation d'exercice|DSM01|Anesthésie|"

        assert counts(bring(DIPLOMA_TITLES, DIPLOMA, both, both)) == (3, 2, 0, 0, 1)

    def test_missing_titles_refuse_the_file(self):
        with pytest.raises(TitlesMissingError) as caught:
            bring(SKILL_TITLES.replace("Code type savoir-faire", "Autre"), SKILL)

        assert caught.value.titles == ("Code type savoir-faire",)


class TestFiness:
    def test_dir_10_an_establishment(self):
        assert counts(bring(FINESS, HOSPITAL)) == (1, 1, 0, 0, 0)

        place = Establishment.objects.get()
        assert (place.finess, place.entity_finess) == ("340000017", "340000009")
        assert (place.name, place.siret, place.town) == ("CENTRE HOSPITALIER AGDE", "20000000800017", "AGDE")
        assert (place.category_code, place.category_label) == ("355", "Centre Hospitalier (C.H.)")
        assert (place.department, place.seen_on, place.is_active) == ("34", date(2026, 1, 5), True)

    def test_dir_10_a_legal_entity(self):
        assert counts(bring(FINESS.replace("93", "85"), ENTITY)) == (1, 1, 0, 0, 0)

        entity = LegalEntity.objects.get()
        assert (entity.finess, entity.siren, entity.status_code) == ("340000009", "200000008", "13")
        assert (entity.name, entity.department, entity.town) == ("CENTRE HOSPITALIER AGDE", "34", "AGDE")

    def test_corsica_and_cedex(self):
        bring(FINESS, CORSICAN)

        place = Establishment.objects.get()
        assert (place.finess, place.department, place.town) == ("2A0000014", "2A", "AJACCIO")

    def test_lines_of_the_geolocated_variant_are_left_aside(self):
        located = "geolocalisation;340000017;734526;6245123;1,ATLASANTE,100,IGN;2026-01-05"

        assert counts(bring(FINESS, HOSPITAL, located)) == (2, 1, 0, 0, 1)

    @pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
    def test_dir_10_both_encodings_are_read(self, encoding):
        bring(FINESS, HOSPITAL.replace("CENTRE HOSPITALIER AGDE", "RÉSIDENCE « LES CHÊNES »"), encoding=encoding)

        assert Establishment.objects.get().name == "RÉSIDENCE « LES CHÊNES »"

    def test_dir_04_who_is_gone_is_inactive_with_the_last_label_and_comes_back_the_same(self):
        bring(FINESS, HOSPITAL, CORSICAN)
        key = Establishment.objects.get(finess="2A0000014").pk
        bring(FINESS, HOSPITAL, force=True)
        gone = Establishment.objects.get(finess="2A0000014")
        assert (gone.is_active, gone.name) == (False, "CENTRE HOSPITALIER AGDE")

        bring(FINESS.replace("05", "06"), HOSPITAL, CORSICAN)
        back = Establishment.objects.get(finess="2A0000014")
        assert (back.pk, back.is_active) == (key, True)

    def test_a_wrong_key_refuses_the_line(self):
        imported = bring(FINESS, HOSPITAL.replace("340000017", "340000018"), CORSICAN)

        assert imported.faults == [("number", 1)]

    def test_a_text_that_is_no_list_is_refused(self):
        with pytest.raises(TitlesMissingError):
            bring("nom;prenom", "x;y")


class TestSameFile:
    def test_the_same_file_again_is_nothing_to_do(self):
        first = bring(DIPLOMA_TITLES, DIPLOMA, AUTHORISATION, DIPLOMA.replace(LEFORT, "1"))
        again = bring(DIPLOMA_TITLES, DIPLOMA, AUTHORISATION, DIPLOMA.replace(LEFORT, "1"))

        assert counts(first) == (3, 2, 0, 1, 0)
        assert counts(again) == (3, 0, 2, 1, 0)
        assert events_of(PLATFORM_SCOPE).filter(action="directory.extract.import").count() == 1

    def test_dir_09_a_later_date_in_the_name_is_read(self):
        names = [f"PS_LibreAcces_Personne_activite_202611{day}0300.txt" for day in (24, 25)]
        data = activities(activity()).decode().splitlines()
        bring(*data, name=names[0])
        bring(*data, name=names[1])

        assert Professional.objects.get().seen_on == date(2026, 11, 25)

    def test_a_file_in_between_is_undone(self):
        bring(SKILL_TITLES, SKILL)
        bring(SKILL_TITLES, SKILL.replace("SM26", "SM40"), force=True)
        bring(SKILL_TITLES, SKILL, force=True, at=NOON + timedelta(hours=1))

        assert [code for _, _, code, _ in qualifications()] == ["SM26"]
        assert LoadedExtract.objects.get().loaded_at == NOON + timedelta(hours=1)

    def test_activities_go_the_same_way(self):
        data = activities(activity()).decode().splitlines()
        assert counts(bring(*data)) == (1, 1, 0, 0, 0)
        assert counts(bring(*data)) == (1, 0, 1, 0, 0)

    def test_an_empty_file_is_refused(self):
        with pytest.raises(FileRefusedError) as caught:
            bring()
        assert caught.value.fault is FileFault.EMPTY


@needs_shared
@pytest.mark.parametrize(
    ("name", "model", "rows"),
    [
        ("PS_LibreAcces_Dipl_AutExerc.txt", Qualification, 200),
        ("PS_LibreAcces_SavoirFaire.txt", Qualification, 200),
        ("finess_etablissements.csv", Establishment, 200),
        ("finess_entites_juridiques.csv", LegalEntity, 200),
    ],
)
def test_the_samples_of_the_public_shape_are_read_whole(name, model, rows):
    path = shared(f"samples/directories/{name}")
    with path.open("rb") as source:
        imported = registers.import_extract(extract=Extract(source=source, name=name), at=NOON)

    assert imported.refused == 0
    assert model.objects.count() == rows
