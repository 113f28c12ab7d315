"""What all checks of files share, and those of the antivirus and of types (STO-102, STO-103, SEC-11, REL-13)."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from uuid import uuid4

import pytest

from apps.files.models import StoredFile
from apps.files.services import FileGoneError, FileNotReadableError, StoreUnavailableError
from apps.formats import media
from apps.formats.decoding import DecoderLostError
from apps.store.checks.local.file_type import kind_of
from apps.store.checks.registry import CHECKS
from tests.store.checks.local.dossiers import blank_pdf, end, file, of_file, picture, run, saved, subject

READERS = ("file_type", "pdf", "images", "secrets")
SECRET = b"DB_PASSWORD=correct-horse-battery\n"


def workbook(*more, member=b""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml", *more):
            archive.writestr(name, member or b"<x/>")
    return out.getvalue()


class Exploding:
    """A file whose content nobody may ask for."""

    def __call__(self):
        raise AssertionError


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("clean", ("pass", "")),
        ("infected", ("fail", "virus-found")),
        ("destroyed", ("fail", "virus-found")),
        ("waiting", ("error", "virus-waiting")),
        ("parked", ("error", "virus-waiting")),
    ],
)
def test_sto_102_rel_13_only_a_clean_file_passes(state, expected):
    assert of_file("antivirus", file(b"x", state=state, read=Exploding())) == expected


def test_sto_102_every_state_of_a_file_has_an_end():
    ends = {state: of_file("antivirus", file(b"x", state=state))[0] for state in StoredFile.State.values}

    assert [state for state, outcome in ends.items() if outcome == "pass"] == ["clean"]


@pytest.mark.parametrize("code", READERS)
@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("waiting", ("error", "file-waiting")),
        ("parked", ("error", "file-waiting")),
        ("infected", ("skipped", "file-blocked")),
        ("destroyed", ("skipped", "file-blocked")),
    ],
)
def test_sec_11_nothing_is_read_before_the_antivirus_has_spoken(code, state, expected):
    made = file(SECRET, state=state, read=Exploding())

    assert end(run(code, subject(files=[made]), str(made.id))) == expected


@pytest.mark.parametrize("code", [*READERS, "antivirus", "evidence_dates"])
def test_a_file_that_is_gone_meanwhile_is_skipped(code):
    for target in (str(uuid4()), "", "not an id"):
        assert end(run(code, subject(), target)) == ("skipped", "file-gone")


@pytest.mark.parametrize("code", READERS)
@pytest.mark.parametrize(
    "error", [FileNotReadableError("infected"), FileGoneError(uuid4()), StoreUnavailableError("down")]
)
def test_l22_a_store_that_does_not_answer_is_our_trouble(code, error):
    def read():
        raise error

    made = file(SECRET, read=read)
    assert end(run(code, subject(files=[made]), str(made.id))) == ("error", "file-away")


@pytest.mark.parametrize(
    ("code", "door", "made"),
    [
        ("pdf", "apps.store.checks.local.pdf.open_file", file(saved(blank_pdf()))),
        ("secrets", "apps.store.checks.local.leaked_secrets.open_file", file(saved(blank_pdf()))),
        ("images", "apps.store.checks.local.images.picture_facts", file(picture(), use="logo")),
    ],
)
def test_l22_a_child_that_somebody_ends_is_our_trouble(code, door, made, monkeypatch):
    def lost(*_args):
        raise DecoderLostError

    monkeypatch.setattr(door, lost)
    assert of_file(code, made) == ("error", "decoder-lost")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("audit.pdf", b"%PDF-1.7\n"),
        ("AUDIT.PDF", b"%PDF-1.7\n"),
        ("logo.png", picture()),
        ("logo.jpg", picture(kind="JPEG")),
        ("logo.jpeg", picture(kind="JPEG")),
        ("traitements.csv", b"nom;duree\nsuivi;12\n"),
        ("traitements.csv", "\ufeffnom;durée\n".encode()),
        ("traitements.csv", "nom;durée de conservation\n".encode("cp1252")),
        ("traitements.csv", b"fichier\nvbaProject.bin\n"),
        ("traitements.xlsx", workbook()),
        ("v1.2 finale.pdf ", b"%PDF-1.7\n"),
    ],
)
def test_sto_103_content_and_name_that_fit_pass(name, data):
    assert of_file("file_type", file(data, name=name)) == ("pass", "")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("audit.pdf", picture()),
        ("audit.pdf.exe", b"%PDF-1.7\n"),
        ("audit", b"%PDF-1.7\n"),
        (".pdf", b"%PDF-1.7\n"),
        ("audit.", b"%PDF-1.7\n"),
        ("ordonnance-\u202efdp.exe", b"%PDF-1.7\n"),
        ("notes.txt", b"bonjour\n"),
        ("traitements.csv", workbook()),
        ("traitements.xlsx", b"a;b\n"),
        ("dossier.pdf/../x.png", b"%PDF-1.7\n"),
    ],
)
def test_sto_103_a_name_that_says_something_else_fails(name, data):
    assert of_file("file_type", file(data, name=name)) == ("fail", "type-mismatch")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("page.csv", b"<html><script>alert(1)</script></html>"),
        ("page.csv", "\xa0<html>é".encode("cp1252")),
        ("outil.exe", b"MZ\x90\x00"),
        ("outil.xlsx", b"MZ\x90\x00" + workbook()),
        ("outil.pdf", b"MZ\x90\x00%PDF-1.7"),
        ("archive.xlsx", b"PK\x03\x04" + b"\x00" * 40),
        ("document.docx", workbook().replace(b"xl/workbook.xml", b"word/documen.xml")),
        ("ancien.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("anime.gif", picture(kind="GIF")),
        ("scan.tiff", picture(kind="TIFF")),
        ("texte.rtf", b"{\\rtf1 bonjour}"),
        ("binaire.csv", b"a;b\x00c\n"),
        ("large.csv", "nom;durée\n".encode("utf-16")),
        ("vide.csv", b""),
        ("vide.csv", b" \n"),
    ],
)
def test_sto_103_s31_other_types_fail_whatever_the_name(name, data):
    assert of_file("file_type", file(data, name=name)) == ("fail", "type-not-allowed")


def test_sto_103_a_workbook_with_macros_fails():
    assert of_file("file_type", file(workbook("xl/vbaProject.bin"), name="a.xlsx")) == ("fail", "type-macros")


def test_sec_11_a_bomb_in_a_workbook_is_never_opened(monkeypatch):
    data = workbook(member=b"0" * 60_000_000)

    def refused(*_args, **_values):
        raise AssertionError

    monkeypatch.setattr(zipfile, "ZipFile", refused)
    monkeypatch.setattr(zipfile.zlib, "decompressobj", refused)
    assert len(data) < 200_000
    assert of_file("file_type", file(data, name="a.xlsx")) == ("pass", "")


def test_sto_103_the_ending_that_is_told_is_harmless():
    dossier = subject(files=[file(b"%PDF-1.7\n", name="a.<script>alert(1)</script>")])

    assert run("file_type", dossier).measured == {"content": media.PDF, "ending": ""}


@pytest.mark.parametrize("data", [b"\x81\x8d", b"\x90;\x9d\n"])
def test_bytes_that_no_code_page_knows_are_no_text(data):
    assert kind_of(data) == media.UNKNOWN


def test_every_file_is_looked_at_by_the_antivirus_and_for_its_type_once():
    one, other = file(b"a", name="a.csv"), file(b"b", name="b.pdf")
    dossier = subject(files=[one, other, replace(one)])

    for code in ("antivirus", "file_type"):
        assert CHECKS[code].targets(dossier) == (str(one.id), str(other.id))
