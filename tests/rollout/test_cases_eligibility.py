"""Cases S22 to S27 of the case bank: as small files of our own, and as the bank's files where they are."""

from __future__ import annotations

import pytest

from apps.accounts.models import InsIdentity
from apps.rollout import services
from apps.rollout.models import EligiblePerson, ImportRun
from apps.spaces.models import HealthSpace, Representation
from apps.ui import words
from tests.harness.clock import NOON
from tests.rollout import factories as rollout
from tests.rollout.files import CHILD, FATHER, NIA, SOPHIE, content, counts, report_of, row, run_import, run_import_of
from tests.shared_material import needs_shared, shared

pytestmark = pytest.mark.django_db
BANK = shared("cases/eligibility")


def report(name: str) -> list[tuple[str, str, str]]:
    return report_of((BANK / name).read_bytes())


class TestOwnFiles:
    def test_s22_bom_and_crlf(self):
        data = b"\xef\xbb\xbf" + content(row(), row(**FATHER, date_deces="2026-01-05"), end="\r\n")

        assert counts(run_import(data)) == (2, 2, 0, 0, 0)
        assert InsIdentity.objects.get(ins_number=SOPHIE).died_on is None

    def test_s23_numbers_of_corsica_of_unknown_months_and_of_people_being_registered(self):
        father = {**FATHER, "matricule": ""}
        data = content(
            row(cle="00"),
            row(**{**father, "matricule": "190032A004123", "date_naissance": "1990-03-05", "lieu_naissance": "2A004"}),
            row(matricule="284202B033010", date_naissance="1984-00-00", lieu_naissance="2B033"),
            row(**{**father, "matricule": "7991299350444", "lieu_naissance": "99350"}, nature="NIA", oid=NIA),
            row(**{**father, "matricule": "1520699352040", "date_naissance": "1952-06-00", "lieu_naissance": "99352"}),
            row(matricule="15501441090"),
        )

        assert report_of(data) == [("2", "cle", "CLE"), ("7", "matricule", "LONGUEUR")]
        assert counts(run_import(data)) == (6, 0, 4, 2, 0)
        born = InsIdentity.objects.get(ins_number="1520699352040").born_on
        assert (born.year, born.month, born.day, words.partial_date(born)) == (1952, 6, None, "juin 1952")

    def test_s26_nul_byte_ragged_lines_and_an_empty_line(self):
        data = content(row(), row(commune="NA\x00NTES"), row() + ";x;y", row()[:90], "", row(**FATHER))

        assert report_of(data) == [("3", "", "CARACTERE"), ("4", "", "COLONNES"), ("5", "", "COLONNES")]
        assert counts(run_import(data)) == (6, 0, 2, 3, 1)

    def test_s24_twins_and_homonyms_are_people_of_their_own(self):
        twin = {**CHILD, "prenoms_naissance": "NOE", "premier_prenom": "NOE", "rang_gemellaire": "2"}
        data = content(
            row(),
            row(**CHILD, rang_gemellaire="1"),
            row(**{**twin, "matricule": "1170344109502"}),
            row(**FATHER),
            row(**{**FATHER, "matricule": "1620144109777", "lieu_naissance": "44109"}),
        )

        assert counts(run_import(data)) == (5, 5, 0, 0, 0)
        assert report_of(data) == []

    def test_s27_the_same_file_one_after_the_other_counts_as_one(self):
        data = content(row(), row(**FATHER))
        run_import(data)

        assert counts(run_import(data)) == (2, 0, 2, 0, 0)
        assert EligiblePerson.objects.count() == 2


@needs_shared
class TestBank:
    def test_baseline_is_accepted(self):
        assert counts(run_import_of(BANK / "baseline-accepted.csv")) == (3, 3, 0, 0, 0)
        assert not ImportRun.objects.get().issues.exists()

    def test_s22_bom_crlf(self):
        assert counts(run_import_of(BANK / "S22-bom-crlf.csv")) == (2, 2, 0, 0, 0)

    def test_s23_numbers(self):
        assert report("S23-numbers.csv") == [("2", "cle", "CLE"), ("7", "matricule", "LONGUEUR")]
        assert counts(run_import_of(BANK / "S23-numbers.csv")) == (6, 0, 4, 2, 0)
        born = InsIdentity.objects.get(ins_number="1520699352040").born_on
        assert (born.year, born.month, born.day) == (1952, 6, None)

    def test_s24_doubles_and_twins_twice(self):
        path = BANK / "S24-doubles-and-twins.csv"

        assert counts(run_import_of(path)) == (7, 5, 1, 0, 1)
        assert counts(run_import_of(path)) == (7, 0, 6, 0, 1)
        assert InsIdentity.objects.count() == 5
        assert InsIdentity.objects.filter(birth_family_name="MARTIN").count() == 2
        assert ("4", "matricule", "DOUBLON_ADRESSE") in report(path.name)

    def test_s25_children_without_known_parents(self):
        assert report("S25-minor-parents-absent.csv") == [
            (line, "rl1_matricule", "SANS_REPRESENTANT") for line in ("2", "3", "4")
        ]
        assert EligiblePerson.objects.without_known_representative().count() == 3
        rollout.everybody_waited()
        services.open_spaces(at=NOON)
        assert (HealthSpace.objects.count(), Representation.objects.count()) == (3, 0)

    def test_s26_nul_and_ragged(self):
        assert counts(run_import_of(BANK / "S26-nul-and-ragged.csv")) == (6, 2, 0, 3, 1)
        assert [line for line, _, _ in report("S26-nul-and-ragged.csv")] == ["3", "4", "5"]
