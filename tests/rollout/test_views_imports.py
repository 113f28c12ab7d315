"""Pages of RO-02: bringing, dry run, second person, progress, report; without JavaScript."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import StaffRole
from apps.audit.services import PLATFORM_SCOPE, events_of
from apps.common.ids import uuid7
from apps.rollout.models import EligiblePerson, ImportFile, ImportIssue
from apps.rollout.services import import_console
from tests import factories
from tests.cast import client_of
from tests.dmp.pages import title_of, words_of
from tests.harness.clock import NOON
from tests.rollout.files import FATHER, SOPHIE, content, row, run_import
from tests.rollout.import_files import BAD, GOOD, acting, bring, received, ticking, tried, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place", "noon")]
State = ImportFile.State
LIST, NEW = "/deploiement/imports/", "/deploiement/imports/nouveau/"


def upload(data: bytes = GOOD, name: str = "eligibles.csv", **values):
    return {"upload": SimpleUploadedFile(name, data, content_type="text/csv"), **values}


def page_of(file: ImportFile, part: str = "") -> str:
    return f"{LIST}{file.id}/{part}"


class TestList:
    def test_ro_02_an_empty_list_says_how_a_file_must_be(self, desk):
        words = words_of(desk.get(LIST))

        assert "Aucun fichier pour l'instant" in words
        assert "Colonnes : matricule, cle, nature" in words.replace("\u00a0", " ")
        assert "had_dmp" in words

    def test_lists_files_with_their_state(self, desk):
        tried(BAD)
        words = words_of(desk.get(LIST)).replace("\u00a0", " ")

        assert "eligibles.csv" in words
        assert "2 lignes, 1 refusées." in words
        assert "à confirmer" in words

    def test_same_queries_for_one_and_for_twenty(self, desk):
        counts = []
        desk.get(LIST)  # the first page of a session asks for more
        for number in (1, 19):
            for order in range(number):
                bring(content(row(matricule=f"2790244{number:03d}{order:03d}")))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                desk.get(LIST)
            counts.append(len(queries))

        assert counts[0] == counts[1]

    def test_an_approver_brings_none(self, approver):
        assert "Déposer un fichier" not in words_of(approver.get(LIST))
        assert approver.get(NEW).status_code == 404

    def test_support_sees_none(self):
        assert client_of(factories.staff(StaffRole.SUPPORT)).get(LIST).status_code == 404


class TestBring:
    def test_ro_02_a_file_is_received_and_tried(self, desk, place):
        answer = desk.post(NEW, upload())

        file = ImportFile.objects.get()
        assert answer.url == page_of(file)
        assert (file.name, file.sha256) == ("eligibles.csv", hashlib.sha256(GOOD).hexdigest())
        assert title_of(desk.get(answer.url)).startswith("Fichier reçu – Import")

    def test_a_large_file_goes_through_the_disk(self, desk, place):
        data = GOOD + b"\n" * 3_000_000
        desk.post(NEW, upload(data))

        assert ImportFile.objects.get().size == len(data)

    def test_ro_02_a_file_over_the_limit_leaves_nothing(self, desk, place, settings):
        settings.UPLOAD_LIMITS = {"": 100, "rollout:import_new": 1000}
        answer = desk.post(NEW, upload(b"x" * 5000))

        assert answer.status_code == 422
        assert "il dépasse 2 Go ou l'envoi a été coupé" in words_of(answer)
        assert received(place) == []

    def test_without_a_file_the_form_says_so(self, desk):
        answer = desk.post(NEW, {})

        assert answer.status_code == 422
        assert title_of(answer).startswith("Erreur")

    def test_an_empty_file_is_brought_and_refused_by_the_trial(self, desk):
        desk.post(NEW, upload(b""))
        work()

        file = ImportFile.objects.get()
        assert "Le fichier est vide. Exportez-le de nouveau à la source" in words_of(desk.get(page_of(file)))

    def test_a_checksum_that_does_not_fit(self, desk, place):
        answer = desk.post(NEW, upload(sha256="0" * 64))

        assert answer.status_code == 422
        assert hashlib.sha256(GOOD).hexdigest() in words_of(answer)
        assert received(place) == []

    @pytest.mark.parametrize("typed", ["abc", "g" * 64, "0" * 65])
    def test_what_is_no_checksum(self, desk, typed):
        assert "Une empreinte a 64 caractères" in words_of(desk.post(NEW, upload(sha256=typed)))

    def test_a_checksum_in_groups_is_read(self, desk):
        found = hashlib.sha256(GOOD).hexdigest()
        desk.post(NEW, upload(sha256=" ".join(found[place : place + 8] for place in range(0, 64, 8))))

        assert ImportFile.objects.count() == 1

    def test_ro_02_a_file_of_the_server(self, desk, place):
        (place / "novembre.csv").write_bytes(GOOD)
        assert "novembre.csv" in words_of(desk.get(NEW))
        desk.post(NEW, {"server_file": "novembre.csv"})

        assert ImportFile.objects.get().source == "server"

    @pytest.mark.parametrize("name", ["../novembre.csv", "/etc/passwd", "autre.csv"])
    def test_sec_11_no_other_file_of_the_server(self, desk, place, name):
        (place / "novembre.csv").write_bytes(GOOD)

        assert desk.post(NEW, {"server_file": name}).status_code == 422
        assert not ImportFile.objects.exists()

    def test_both_at_once_is_refused(self, desk, place):
        (place / "novembre.csv").write_bytes(GOOD)
        answer = desk.post(NEW, upload(server_file="novembre.csv"))

        assert "Choisissez un seul fichier" in words_of(answer)

    def test_rel_11_the_same_file_leads_to_the_one_that_is_there(self, desk):
        file = bring(GOOD)
        answer = desk.post(NEW, upload())

        assert answer.url == page_of(file)
        assert "Fichier reconnu" in title_of(desk.get(answer.url))

    def test_rel_11_the_file_of_the_last_import_changes_nothing(self, desk):
        run_import(GOOD)

        assert "rien ne changerait" in words_of(desk.post(NEW, upload()))


class TestDetail:
    def test_ro_02_the_dry_run_shows_counts_sample_and_reasons(self, desk):
        run_import(content(row(), row(matricule="2790244109100", departement="44")))
        file = tried(content(row(regime="02"), row(**{**FATHER, "departement": "80"}), row(sexe="X")))
        words = words_of(desk.get(page_of(file))).replace("\u00a0", " ").replace("\u202f", " ")

        assert "À confirmer" in words
        for found in ("Identiques 0", "Modifiées 1", "Refusées 1", "Absentes du fichier 1"):
            assert found in words
        assert "SE 1979 44 modifiée" in words
        assert "MC 1962 80 nouvelle" in words
        assert "SEXE ligne refusée 1 Compléter le sexe : F, M ou I" in words
        assert "33,3 % de lignes refusées : la limite est de 1 %" in words

    def test_sec_20_a_sample_that_was_shown_is_one_line_of_the_trail(self, desk):
        file = tried(content(row(), row(**FATHER)))
        desk.get(page_of(file))
        desk.get(page_of(bring(content(row()))))  # nothing to show yet

        (event,) = events_of(PLATFORM_SCOPE).filter(action="rollout.import.sample")
        assert (event.target, event.facts) == (f"import:{file.id}", {"shown": 2})

    def test_sec_22_no_name_and_no_number_is_shown(self, desk):
        file = tried(content(row(), row(nom_naissance="MART?N", matricule="2790244109100")))
        for part in ("", "anomalies/LETTRES/", "rapport.csv"):
            answer = desk.get(page_of(file, part))
            text = answer.getvalue().decode()
            for value in (SOPHIE, "ESSAI", "MART", "SOPHIE", "1979-02-22"):
                assert value not in text

    @pytest.mark.parametrize(
        ("data", "told"),
        [
            ("nom;prénom\n".encode("cp1252"), "Enregistrez-le en « CSV UTF-8 »"),
            (content(row(), header="matricule;cle"), "Il manque des colonnes : nature, oid"),
            (b'"matricule";"cle"\n', "titres sans guillemets"),
            (content(row(), header=content().decode().strip() + ";cle"), "Des colonnes sont en double : cle."),
            (b"x" * 2_200_000, "Une ligne ne finit pas"),
        ],
    )
    def test_rol_10_a_refused_file_says_what_to_do(self, desk, data, told):
        words = words_of(desk.get(page_of(tried(data)))).replace("\u00a0", " ").replace("\u202f", " ")

        assert "Fichier refusé" in words
        assert told in words

    def test_ro_02_progress_in_words(self, desk):
        file = tried(GOOD)
        ImportFile.objects.filter(pk=file.pk).update(
            state="running", confirmed_by=file.brought_by, confirmed_at=NOON, phase="writing", phase_at=NOON,
            phase_from=0, items_from=0, done=4, total=10, items=200_000, progress_at=NOON + timedelta(seconds=20),
        )  # fmt: skip
        answer = desk.get(page_of(file))
        words = words_of(answer).replace("\u00a0", " ").replace("\u202f", " ")

        assert "Écriture : 40 %, 200 000 lignes. 10 000 lignes par seconde, fin vers 13 h 00." in words
        assert 'value="40"' in answer.getvalue().decode()
        assert "http-equiv" not in answer.getvalue().decode()
        followed = desk.get(page_of(file) + "?suivre=1").getvalue().decode()
        assert '<meta http-equiv="refresh" content="10">' in followed

    def test_s27_a_file_that_waits_says_for_what(self, desk):
        file = tried(GOOD)
        ImportFile.objects.filter(pk=file.pk).update(
            state="running", confirmed_by=file.brought_by, confirmed_at=NOON, reason="lock-taken"
        )

        assert "Un autre import ou une ouverture est en cours" in words_of(desk.get(page_of(file)))

    def test_unknown_is_404(self, desk):
        assert desk.get(f"{LIST}{uuid7()}/").status_code == 404
        file = tried(BAD)
        assert desk.get(page_of(file, "anomalies/RIEN/")).status_code == 404

    def test_same_queries_for_one_kind_and_for_many(self, desk):
        counts = []
        desk.get(LIST)  # the first page of a session asks for more
        for bad in ([row(sexe="X")], [row(sexe="X", cle="00", lieu_naissance="Z") for _ in range(20)]):
            file = tried(content(row(**FATHER), *bad))
            with CaptureQueriesContext(connection) as queries:
                desk.get(page_of(file))
            counts.append(len(queries))

        assert counts[0] == counts[1]


class TestConfirm:
    def test_ro_02_from_an_empty_console_to_a_finished_import(self, desk):
        desk.post(NEW, upload())
        work()
        file = ImportFile.objects.get()
        assert "2 personnes arrivent, 0 changent" in words_of(desk.get(page_of(file, "confirmer/")))
        answer = desk.post(page_of(file, "confirmer/"))
        assert "Import confirmé" in title_of(desk.get(answer.url))
        work()

        words = words_of(desk.get(page_of(file)))
        assert "Terminé" in words
        assert "Enregistrées 2" in words
        assert EligiblePerson.objects.count() == 2

    def test_sec_21_the_second_person_is_another_one(self, desk, approver, nadia):
        file = tried(BAD)
        assert "Demander l'accord" in words_of(desk.get(page_of(file)))
        desk.post(page_of(file, "confirmer/"))
        assert "Examiner et décider" not in words_of(desk.get(page_of(file)))
        assert desk.get(page_of(file, "accord/")).status_code == 404
        assert "Examiner et décider" in words_of(approver.get(page_of(file)))
        assert "1 lignes sur 2 restent dehors" in words_of(approver.get(page_of(file, "accord/")))
        approver.post(page_of(file, "accord/"))

        file.refresh_from_db()
        assert file.state == State.RUNNING

    def test_sec_21_somebody_with_both_roles_does_not_agree_with_themselves(self):
        both = client_of(factories.staff(StaffRole.OPERATOR, StaffRole.APPROVER))
        file = tried(BAD)
        both.post(page_of(file, "confirmer/"))
        assert "Examiner et décider" not in words_of(both.get(page_of(file)))
        both.post(page_of(file, "accord/"))

        assert "Vous avez confirmé ce fichier vous-même" in words_of(both.get(page_of(file)))
        file.refresh_from_db()
        assert file.state == State.ASKED

    def test_spa_06_taking_people_out_is_a_choice_with_its_number(self, desk):
        run_import(content(row(), row(**FATHER, departement="44")))
        file = tried(content(row(regime="02")))
        assert "1 personne ne serait plus éligible" in words_of(desk.get(page_of(file, "confirmer/")))
        desk.post(page_of(file, "confirmer/"), {"is_complete": "on"})

        file.refresh_from_db()
        assert (file.state, file.is_complete) == (State.ASKED, True)

    def test_a_file_with_refused_lines_offers_no_such_choice(self, desk):
        file = tried(BAD)
        assert "Ce fichier est complet" not in words_of(desk.get(page_of(file, "confirmer/")))

    def test_a_page_left_open_changes_nothing(self, desk):
        file = tried(GOOD)
        import_console.confirm(actor=acting(), file_id=file.id, is_complete=False, at=NOON)
        answer = desk.post(page_of(file, "confirmer/"))

        assert "L'état du fichier a changé" in words_of(desk.get(answer.url))


class TestStopAndGoOn:
    def test_ro_02_stop_resume_and_give_up(self, desk):
        file = tried(GOOD)
        import_console.confirm(actor=acting(), file_id=file.id, is_complete=False, at=NOON)
        assert "Arrêter l'import" in words_of(desk.get(page_of(file)))
        desk.post(page_of(file, "arreter/"))
        assert "Reprendre l'import" in words_of(desk.get(page_of(file)))
        desk.post(page_of(file, "reprendre/"))
        file.refresh_from_db()
        assert file.state == State.RUNNING
        desk.post(page_of(file, "arreter/"))
        assert "Rien de ce fichier n'a été enregistré" in words_of(desk.get(page_of(file, "abandonner/")))
        with TestCase.captureOnCommitCallbacks(execute=True):
            desk.post(page_of(file, "abandonner/"))

        file.refresh_from_db()
        assert file.state == State.ABANDONED

    def test_stop_and_resume_are_no_links(self, desk):
        file = tried(GOOD)
        for part in ("arreter/", "reprendre/"):
            assert desk.get(page_of(file, part)).status_code == 405


class TestReport:
    def rows(self, answer) -> list[list[str]]:
        return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig")), delimiter=";"))

    def test_ro_02_line_field_code_masked_value_and_words(self, desk):
        file = tried(content(row(date_naissance="31/02/1980"), row(), row(adresse_voie="1 RUE NEUVE")))
        answer = desk.get(page_of(file, "rapport.csv"))

        assert answer["Content-Disposition"] == f'attachment; filename="rapport-{file.id}.csv"'
        assert self.rows(answer)[0] == ["ligne", "champ", "code", "valeur masquée", "explication"]
        assert self.rows(desk.get(page_of(file, "rapport.csv")))[1][:4] == ["2", "date_naissance", "DATE", "••/••/••••"]

    def test_s43_a_shape_that_begins_like_a_formula_is_inert(self, desk):
        file = tried(content(row(nom_naissance="=CMD()"), row(matricule="2790244109100", nom_naissance="@SUM(1)")))

        assert [cells[3] for cells in self.rows(desk.get(page_of(file, "rapport.csv")))[1:]] == [
            "'=•••()",
            "'@•••(•)",
        ]

    def test_ro_02_two_hundred_lines_of_a_kind_on_screen(self, desk):
        file = tried(BAD)
        ImportIssue.objects.bulk_create(
            ImportIssue(run=file.trial, line=line, field="cle", code="CLE", severity="refused", masked="••")
            for line in range(10, 260)
        )
        answer = desk.get(page_of(file, "anomalies/CLE/"))
        words = words_of(answer).replace("\u202f", " ")

        assert answer.getvalue().decode().count("<tr") == 201
        assert "250 anomalies de ce type" in words

    def test_the_example_passes_the_checks(self, desk):
        data = desk.get(f"{LIST}exemple.csv").getvalue()
        file = tried(data)

        assert (file.state, file.new, file.refused) == (State.TRIED, 1, 0)
        assert not ImportIssue.objects.exists()


def test_the_clock_of_the_tests_goes_on():
    clock = ticking()
    assert clock() < clock()
