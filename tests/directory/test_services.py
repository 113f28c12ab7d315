from __future__ import annotations

from datetime import date

import pytest

from apps.audit.services import PLATFORM_SCOPE, events_of
from apps.directory.extract import TitlesMissingError
from apps.directory.models import Activity, Organisation, Professional
from apps.directory.rpps import is_valid_rpps
from apps.directory.services import ExtractShrunkError
from apps.formats.lines import FileFault, FileRefusedError
from tests.directory.extracts import (
    ALL_TITLES,
    DURAND,
    KELLER,
    LEFORT,
    NURSE,
    OLD_TITLES,
    content,
    counts,
    line,
    run_import,
)
from tests.shared_material import needs_shared, shared

pytestmark = pytest.mark.django_db
SECOND_PLACE = {"technical_id": "F440000024", "finess": "440000024", "organisation_name": "CHU", "mode_code": "S"}


def stored() -> list[tuple[object, ...]]:
    models = (Professional, Organisation, Activity)
    return [row for model in models for row in model.objects.order_by("pk").values_list()]


class TestFirstImport:
    def test_dir_01_professional_place_and_situation(self):
        assert counts(run_import(content(line()))) == (1, 1, 0, 0, 0)

        lefort = Professional.objects.get()
        assert (lefort.national_id, lefort.family_name, lefort.given_name) == (f"8{LEFORT}", "LEFORT", "ANNE")
        assert (lefort.title, lefort.profession_code, lefort.profession_label) == ("DR", "10", "Médecin")
        assert (lefort.specialty_label, lefort.is_active) == ("Médecine générale", True)
        activity = Activity.objects.get()
        assert (activity.professional, activity.mode_code) == (lefort, "S")
        place = activity.organisation
        assert (place.technical_id, place.finess, place.siret) == ("F440000016", "440000016", "")
        assert (place.name, place.sector_code, place.city) == ("CLINIQUE DES LILAS", "SA01", "Nantes")

    def test_dir_09_as_of_the_date_in_the_name_of_the_extract(self):
        run_import(content(line()))
        assert Professional.objects.get().seen_on == date(2026, 11, 24)

        run_import(content(line()), name="ps-libreacces-personne-activite.txt")
        assert Professional.objects.get().seen_on == date(2026, 11, 25)

    def test_one_line_an_activity_makes_one_professional(self):
        assert counts(run_import(content(line(), line(**SECOND_PLACE), line(**NURSE)))) == (3, 3, 0, 0, 0)

        assert (Professional.objects.count(), Organisation.objects.count(), Activity.objects.count()) == (2, 3, 3)

    def test_a_specialty_on_any_line_is_kept(self):
        run_import(content(line(specialty_label=""), line(**SECOND_PLACE)))

        assert Professional.objects.get().specialty_label == "Médecine générale"

    def test_the_older_shape_of_52_columns_is_read_by_title(self):
        titles = tuple(reversed(OLD_TITLES))
        assert len(titles) == 52

        assert counts(run_import(content(line(titles), titles=titles))) == (1, 1, 0, 0, 0)
        assert Professional.objects.get().family_name == "LEFORT"

    def test_idn_50_one_line_in_the_trail(self):
        run_import(content(line(), line(number="10100000074")))

        event = events_of(PLATFORM_SCOPE).get()
        assert event.action == "directory.extract.import"
        assert event.facts == {"read": 2, "accepted": 1, "unchanged": 0, "refused": 1, "ignored": 0}


class TestRefusedLines:
    @pytest.mark.parametrize(
        ("values", "fault"),
        [
            ({"number": "10100000074"}, "number"),
            ({"number": "1010000007"}, "number"),
            ({"id_type": "3"}, "number"),
            ({"national_id": f"8{DURAND}"}, "number"),
            ({"family_name": ""}, "missing"),
            ({"profession_code": ""}, "missing"),
            ({"family_name": "A" * 101}, "too_long"),
            ({"city": "NAN\x00TES"}, "character"),
        ],
    )
    def test_dir_01_a_broken_line_is_refused_and_counted(self, values, fault):
        imported = run_import(content(line(**values), line(**NURSE)))

        assert counts(imported) == (2, 1, 0, 1, 0)
        assert imported.faults == [(fault, 1)]

    def test_another_number_of_columns_is_refused(self):
        assert run_import(content(line() + "x|", line(**NURSE))).faults == [("columns", 1)]

    def test_empty_lines_are_ignored(self):
        assert counts(run_import(content(line(), ""))) == (2, 1, 0, 0, 1)

    def test_dir_01_adeli_is_read_but_never_created(self):
        adeli = {**NURSE, "id_type": "0", "number": "441234567"}
        assert counts(run_import(content(line(**adeli)))) == (1, 0, 0, 0, 1)

        known = Professional.objects.create(
            national_id="0441234567", family_name="ANCIEN", given_name="PAUL", profession_code="60",
            profession_label="Infirmier", seen_on=date(2020, 1, 1),
        )  # fmt: skip
        assert counts(run_import(content(line(**adeli)))) == (1, 1, 0, 0, 0)
        known.refresh_from_db()
        assert known.family_name == "DURAND"

    def test_a_long_label_is_cut(self):
        run_import(content(line(organisation_name="C" * 250)))

        assert Organisation.objects.get().name == "C" * 200


class TestNextExtract:
    def test_the_same_extract_twice_changes_nothing(self):
        data = content(line(), line(**SECOND_PLACE), line(**NURSE))
        run_import(data)
        before = stored()

        assert counts(run_import(data)) == (3, 0, 3, 0, 0)
        assert stored() == before

    def test_changes_come_in_and_the_rows_keep_their_ids(self):
        run_import(content(line(), line(**NURSE)))
        before = Professional.objects.get(national_id=f"8{LEFORT}").id

        assert counts(run_import(content(line(family_name="LEFORT MOREL"), line(**NURSE)))) == (2, 1, 1, 0, 0)
        lefort = Professional.objects.get(id=before)
        assert lefort.family_name == "LEFORT MOREL"

    def test_a_situation_ends_when_it_is_gone(self):
        run_import(content(line(), line(**SECOND_PLACE)))
        run_import(content(line(**SECOND_PLACE)))

        assert Activity.objects.get().organisation.technical_id == "F440000024"
        assert Professional.objects.get().is_active

    def test_s42_who_vanishes_is_inactive_and_keeps_the_label(self):
        run_import(content(line(), line(**NURSE)))
        run_import(content(line()), force=True)

        nurse = Professional.objects.get(national_id=f"8{DURAND}")
        assert not nurse.is_active
        assert nurse.display_name == "Paul Durand"

    def test_s42_who_ended_their_exercise_is_inactive(self):
        run_import(content(line(), line(**NURSE)))
        ended = {**NURSE, "technical_id": "", "organisation_name": "", "mode_code": "", "sector_code": "", "city": ""}
        run_import(content(line(), line(**ended)), force=True)

        assert not Professional.objects.get(national_id=f"8{DURAND}").is_active
        assert Activity.objects.count() == 1

    def test_dir_04_who_comes_back_is_active_again(self):
        run_import(content(line(), line(**NURSE)))
        before = Professional.objects.get(national_id=f"8{DURAND}").id
        run_import(content(line()), force=True)
        run_import(content(line(), line(**NURSE)))

        back = Professional.objects.get(national_id=f"8{DURAND}")
        assert (back.id, back.is_active) == (before, True)
        assert back.activities.count() == 1


class TestWholeFile:
    def test_dir_06_a_load_that_drops_too_many_is_refused_and_writes_nothing(self):
        run_import(content(line(), line(**NURSE)))
        before = stored()

        with pytest.raises(ExtractShrunkError) as caught:
            run_import(content(line(**{**NURSE, "number": KELLER})))

        assert (caught.value.leaving, caught.value.active) == (2, 2)
        assert stored() == before

    def test_dir_06_the_share_is_a_setting(self, settings):
        settings.DIRECTORY_MAX_DROP_PERCENT = 50
        run_import(content(line(), line(**NURSE)))
        run_import(content(line()))

        assert Professional.objects.filter(is_active=True).count() == 1

    def test_a_missing_title_is_named(self):
        titles = tuple(title for title in ALL_TITLES if title != "Code profession")

        with pytest.raises(TitlesMissingError) as caught:
            run_import(content(line(titles), titles=titles))

        assert caught.value.titles == ("Code profession",)

    def test_an_empty_file_is_refused(self):
        with pytest.raises(FileRefusedError) as caught:
            run_import(b"")

        assert caught.value.fault is FileFault.EMPTY


def test_the_numbers_of_these_tests_are_valid():
    assert all(map(is_valid_rpps, (LEFORT, DURAND, KELLER)))


@needs_shared
def test_the_public_shape_is_read_whole():
    data = shared("samples/directories/PS_LibreAcces_Personne_activite.txt").read_bytes()

    assert counts(run_import(data)) == (200, 200, 0, 0, 0)
    assert counts(run_import(data)) == (200, 0, 200, 0, 0)
    # Three people of the sample have no situation.
    assert Professional.objects.filter(is_active=False).count() == 3
