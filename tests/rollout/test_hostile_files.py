"""Files as they really come: other encodings, packed, cut, doubled, turned round; from the page to its words."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import threading
import zipfile

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.http import HttpResponse
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from apps.access import Actor
from apps.accounts.models import InsIdentity, StaffRole
from apps.rollout import services
from apps.rollout.jobs import folder
from apps.rollout.models import EligiblePerson, ImportFile, ImportIssue
from apps.rollout.services import import_console
from apps.rollout.validation.columns import COLUMNS
from tests import factories
from tests.cast import client_of
from tests.dmp.pages import words_of
from tests.harness.clock import NOON
from tests.rollout.files import FATHER, HEADER, content, row
from tests.rollout.import_files import acting, received, work

pytestmark = pytest.mark.django_db
State = ImportFile.State
NEW = "/deploiement/imports/nouveau/"
GOOD = content(row(), row(**FATHER))


@pytest.fixture(autouse=True)
def place(tmp_path, settings):
    settings.IMPORT_DIR = str(tmp_path)
    with time_machine.travel(NOON, tick=False):
        yield tmp_path


@pytest.fixture
def desk():
    return client_of(factories.staff(StaffRole.OPERATOR))


def plain(answer: HttpResponse) -> str:
    return words_of(answer).replace("\u00a0", " ").replace("\u202f", " ")


def page_of(file: ImportFile, part: str = "") -> str:
    return f"/deploiement/imports/{file.id}/{part}"


def brought(desk, data: bytes, name: str = "eligibles.csv") -> ImportFile:
    """The file after its dry run, brought by the form."""
    answer = desk.post(NEW, {"upload": SimpleUploadedFile(name, data, content_type="text/csv")})
    assert answer.status_code == 302
    work()
    return ImportFile.objects.get(pk=answer.url.rstrip("/").rpartition("/")[2])


def kinds(file: ImportFile) -> set[tuple[int, str]]:
    return set(ImportIssue.objects.filter(run=file.trial).values_list("line", "code"))


def staged() -> int:
    """People who stand on a stage, of an import or of a trial."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM public.rollout_stage) + (SELECT count(*) FROM rollout_trial.rollout_stage)"
        )
        return int(cursor.fetchone()[0])


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("eligibles.csv", GOOD)
    return target.getvalue()


def workbook() -> bytes:
    """The beginning of a spreadsheet: a ZIP of XML whose first entry is stored."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet/>\n")
    return target.getvalue()


def with_columns(*titles: str) -> bytes:
    """The good file with these columns in this order."""
    lines = [dict(zip(COLUMNS, line.split(";"), strict=True)) for line in (row(), row(**FATHER))]
    return "".join(
        ";".join(cells) + "\n" for cells in (titles, *([line.get(title, "x") for title in titles] for line in lines))
    ).encode()


PACKED = "Le fichier est compressé ou c'est un classeur"
FILES_THAT_ARE_NONE = {
    "empty": (b"", "Le fichier est vide. Exportez-le de nouveau à la source"),
    "byte order mark alone": (b"\xef\xbb\xbf", "Le fichier est vide"),
    "blank first line": (b"\r\n" + GOOD, "Le fichier est vide"),
    "cp1252 titles": (GOOD.replace(b"foyer", b"foyer;pr\xe9nom", 1), "Enregistrez-le en « CSV UTF-8 »"),
    "utf-16": (GOOD.decode().encode("utf-16"), "Enregistrez-le en « CSV UTF-8 »"),
    "utf-16 without mark": (GOOD.decode().encode("utf-16-le"), "Enregistrez-le en « CSV UTF-8 »"),
    "commas": (GOOD.replace(b";", b","), "séparés par des points-virgules"),
    "tabulators": (GOOD.replace(b";", b"\t"), "séparés par des points-virgules"),
    "quoted titles": (
        content(row(), header='"' + HEADER.replace(";", '";"') + '"'), "titres sans guillemets",
    ),
    "no titles": (row().encode() + b"\n", "Il manque des colonnes : matricule, cle, nature"),
    "a column missing": (
        with_columns(*(title for title in COLUMNS if title != "oid")), "Il manque des colonnes : oid.",
    ),
    "a column twice": (with_columns(*COLUMNS, "cle"), "Des colonnes sont en double : cle."),
    "the optional column twice": (with_columns(*COLUMNS, " Had_DMP "), "Des colonnes sont en double : had_dmp."),
    "ten megabytes on the first line": (b"x" * 10_000_000, "Une ligne ne finit pas"),
    "ten megabytes on a later line": (GOOD + b"x" * 10_000_000, "Une ligne ne finit pas"),
    "ends of line of old computers": (GOOD.replace(b"\n", b"\r"), "Une ligne ne finit pas"),
    "ends of line of old computers, no older DMP": (
        with_columns(*COLUMNS[:-1]).replace(b"\n", b"\r"), "Une ligne ne finit pas",
    ),
    "zip": (zipped(), PACKED),
    "gzip": (gzip.compress(GOOD, mtime=0), PACKED),
    "gzip with its name": (b"\x1f\x8b\x08\x08" + b"\x00" * 6 + b"eligibles.csv\x00" + gzip.compress(GOOD)[10:], PACKED),
    "workbook": (workbook(), PACKED),
    "old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + b"\n", PACKED),
}  # fmt: skip


class TestWholeFiles:
    @pytest.mark.parametrize("kind", FILES_THAT_ARE_NONE)
    def test_rol_10_is_refused_in_words_and_leaves_nothing(self, desk, place, kind):
        data, told = FILES_THAT_ARE_NONE[kind]
        file = brought(desk, data)
        answer = desk.get(page_of(file))

        assert (file.state, file.sha256) == (State.REFUSED, hashlib.sha256(data).hexdigest())
        assert answer.status_code == 200
        assert told in plain(answer)
        assert "Ce qui a été fait" not in plain(answer)
        assert (InsIdentity.objects.count(), EligiblePerson.objects.count(), staged(), received(place)) == (0, 0, 0, [])


OTHER = row(**FATHER)
WITH_ACCENT = row(adresse_voie="3 RUE DE L'\u00c9GLISE")
FILES_WITH_LINES = {
    "as it should be": (GOOD, 2, set()),
    "byte order mark and ends of line of a spreadsheet": (b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n"), 2, set()),
    "columns in another order, and one nobody knows": (with_columns("remarque", *reversed(COLUMNS)), 2, set()),
    "without the optional column": (with_columns(*COLUMNS[:-1]), 2, set()),
    "titles in capitals, with spaces": (content(row(), OTHER, header=HEADER.upper().replace(";", " ; ")), 2, set()),
    "spaces round the values": (content(row().replace(";", " ; "), OTHER + "   "), 2, set()),
    "a semicolon too many on each line": (content(row() + ";", OTHER + ";", header=HEADER + ";"), 2, set()),
    "titles alone": (content(), 0, set()),
    "no end of line at the end": (GOOD.removesuffix(b"\n"), 2, set()),
    "accents of an older spreadsheet": (content(OTHER) + WITH_ACCENT.encode("cp1252") + b"\n", 1, {(3, "ENCODAGE")}),
    "cut inside a letter": ((content(OTHER) + WITH_ACCENT.encode()).partition(b"\x89")[0], 1, {(3, "ENCODAGE")}),
    "cut inside a line": (content(OTHER, row())[:-80], 1, {(3, "COLONNES")}),
    "NUL in a value": (content(OTHER, row(nom_naissance="ES\x00SAI")), 1, {(3, "CARACTERE")}),
    "values in quotes": (content(OTHER, '"' + row().replace(";", '";"') + '"'), 1, {(3, "LONGUEUR"), (3, "LETTRES")}),
    "separator inside quotes": (content(OTHER, row(adresse_voie='"3; RUE DES ESSAIS"')), 1, {(3, "COLONNES")}),
    "end of line inside quotes": (
        content(OTHER, row(adresse_voie='"3\nRUE DES ESSAIS"')), 1, {(3, "COLONNES"), (4, "COLONNES")},
    ),
    "two files one after the other": (
        content(OTHER) + b"\xef\xbb\xbf" + content(row()), 2, {(3, "CARACTERE")},
    ),
}  # fmt: skip


class TestLines:
    @pytest.mark.parametrize("kind", FILES_WITH_LINES)
    def test_rol_11_each_line_comes_in_or_is_named_with_its_reason(self, desk, place, kind):
        data, new, told = FILES_WITH_LINES[kind]
        file = brought(desk, data)
        answer = desk.get(page_of(file))

        assert (file.state, file.new, file.changed, file.unchanged) == (State.TRIED, new, 0, 0)
        assert {line for line, _ in kinds(file)} == {line for line, _ in told}
        assert kinds(file) >= told
        assert file.refused == len({line for line, _ in told})
        assert answer.status_code == 200
        for _line, code in told:
            assert f"{code} ligne refusée" in plain(answer)
        assert (place / file.path).read_bytes() == data
        assert (InsIdentity.objects.count(), staged()) == (0, 0)

    def test_rol_11_a_line_of_fifty_thousand_characters_is_one_refused_line(self, desk):
        file = brought(desk, content(OTHER, row(adresse_voie="A" * 50_000)))

        assert (file.new, kinds(file)) == (1, {(3, "TROP_LONG")})


class TestGivenUp:
    def test_ro_02_a_file_given_up_after_its_dry_run_does_not_look_written(self, desk):
        file = brought(desk, GOOD)
        desk.post(page_of(file, "abandonner/"))
        words = plain(desk.get(page_of(file)))

        assert "Rien de ce fichier n'est dans le registre." in words
        assert "Enregistrées" not in words

    def test_ro_02_a_stopped_one_tells_how_far_it_is_and_no_figures_of_its_dry_run(self, desk):
        file = brought(desk, GOOD)
        desk.post(page_of(file, "confirmer/"))
        desk.post(page_of(file, "arreter/"))

        assert "Enregistrées" not in plain(desk.get(page_of(file)))

    def test_ro_02_one_whose_job_has_not_halted_is_not_given_up(self, desk):
        file = brought(desk, GOOD)
        desk.post(page_of(file, "confirmer/"))
        desk.post(page_of(file, "arreter/"))
        other = connections.create_connection("default")
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [services.LOCK])
                answer = desk.post(page_of(file, "abandonner/"))
                cursor.execute("SELECT pg_advisory_unlock(%s)", [services.LOCK])
        finally:
            other.close()

        assert "L'import ne s'est pas encore arrêté" in plain(desk.get(answer.url))
        file.refresh_from_db()
        assert file.state == State.STOPPED


class TestNames:
    def test_ro_02_the_same_name_with_another_content_is_another_file(self, desk, place):
        first, second = brought(desk, GOOD), brought(desk, content(row()))

        assert first.pk != second.pk
        assert (first.name, first.state) == (second.name, second.state) == ("eligibles.csv", State.TRIED)
        assert (place / first.path).read_bytes() == GOOD

    def test_ro_02_the_same_content_under_another_name_is_the_file_that_is_there(self, desk):
        first, second = brought(desk, GOOD), brought(desk, GOOD, name="autre.csv")

        assert (first.pk, second.name) == (second.pk, "eligibles.csv")

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\nadia\\avril.csv", "avril.csv"),
            ("<b>avril</b>.csv", "b>.csv"),
            ("avril\u202ecsv.exe", "avrilcsv.exe"),
            ("a" * 300 + ".csv", None),
        ],
    )
    def test_sec_11_a_name_is_no_path_and_no_markup(self, desk, place, name, kept):
        file = brought(desk, GOOD, name=name)
        answer = desk.get(page_of(file))

        assert file.state == State.TRIED
        assert len(file.name) <= 200
        assert kept is None or file.name == kept
        assert file.path == f"received/{file.pk}.csv"
        assert b"<b>" not in answer.getvalue().replace(b"</b>", b"") or "<b>" not in file.name

    def test_ro_02_a_name_of_the_server_that_no_page_can_show_is_left_out(self, desk, place):
        """A folder written by an older system holds names that are not UTF-8: the page must stay."""
        for name in (b"f\xe9vrier.csv", "a\u202eb.csv".encode(), b"a\nb.csv", b"mars.csv"):
            with open(os.path.join(os.fsencode(place), name), "wb") as target:  # noqa: PTH118, PTH123  bytes
                target.write(GOOD)
        answer = desk.get(NEW)

        assert answer.status_code == 200
        assert folder.server_files() == ["mars.csv"]


class TestKeeping:
    @pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
    def test_ro_02_a_sending_that_is_cut_keeps_nothing_and_says_so(self, desk, place, share):
        """The connection ends in the middle: what had arrived is no file."""
        data = content(*(row(matricule=f"2790244109{order}") for order in range(100, 999)))
        body = encode_multipart(BOUNDARY, {"sha256": "", "upload": SimpleUploadedFile("x.csv", data)})
        answer = desk.generic("POST", NEW, body[: int(len(body) * share)], MULTIPART_CONTENT)

        assert answer.status_code == 422
        assert "l'envoi a été coupé" in plain(answer)
        assert (ImportFile.objects.count(), received(place)) == (0, [])

    def test_ro_02_a_disk_that_is_full_is_told_and_keeps_nothing(self, desk, place, settings):
        (place / "occupé").write_bytes(b"")
        settings.IMPORT_DIR = str(place / "occupé")  # no folder can be made below a file
        answer = desk.post(NEW, {"upload": SimpleUploadedFile("x.csv", GOOD)})

        assert answer.status_code == 422
        assert "le disque des imports est plein ou ne répond pas" in plain(answer)
        assert not ImportFile.objects.exists()

    def test_ro_02_a_file_of_the_server_is_never_touched(self, desk, place):
        path = place / "mars.csv"
        path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace(b"\n", b"\r\n"))
        before = path.read_bytes(), path.stat().st_mtime_ns
        desk.post(NEW, {"server_file": "mars.csv"})
        work()
        desk.post(page_of(ImportFile.objects.get(), "confirmer/"))
        work()

        assert ImportFile.objects.get().state == State.DONE
        assert (path.read_bytes(), path.stat().st_mtime_ns) == before


@pytest.mark.django_db(transaction=True)
def test_s27_the_same_file_brought_by_two_people_at_once_is_one(place):
    """On two connections: one is received, the other one is led to it."""
    start, outcomes = threading.Barrier(2), []
    actors = [acting(), acting()]

    def bring_it(actor: Actor) -> None:
        start.wait()
        try:
            outcomes.append(import_console.bring_upload(actor=actor, name="x", blocks=[GOOD], sha256="", at=NOON).pk)
        except import_console.AlreadyThereError as error:
            outcomes.append(error.file_id)
        finally:
            connection.close()

    threads = [threading.Thread(target=bring_it, args=[actor]) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    file = ImportFile.objects.get()
    assert outcomes == [file.pk, file.pk]
    assert received(place) == [f"{file.pk}.csv"]
