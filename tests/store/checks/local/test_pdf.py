"""PDF evidence (STO-101, SEC-11)."""

from __future__ import annotations

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from apps.formats.sandbox import process
from apps.journeys.demonstration.documents.pdf import text_pdf
from apps.store.checks.registry import CHECKS
from tests.formats.sandbox.hostile import PDFS
from tests.formats.sandbox.test_process import children
from tests.formats.small_cda import pdf
from tests.store.checks.local.dossiers import blank_pdf, end, file, of_file, picture, run, saved, subject

SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def judged(data):
    return of_file("pdf", file(data))


def test_sto_101_a_pdf_with_text_passes():
    found = run("pdf", subject(files=[file(text_pdf("Rapport d'audit", title="Audit"))]))

    assert end(found) == ("pass", "")
    assert found.measured == {"pages": 1, "letters": 15}


def test_sto_101_pages_without_text_are_for_a_person():
    found = run("pdf", subject(files=[file(saved(blank_pdf(3)))]))

    assert end(found) == ("flag", "pdf-no-text")
    assert found.measured == {"pages": 3}


def opened_by_script():
    document = blank_pdf()
    document.Root.OpenAction = SCRIPT
    return saved(document)


def script_of_a_page():
    document = blank_pdf()
    document.pages[0].obj.AA = Dictionary(O=SCRIPT)
    return saved(document)


def script_of_a_link():
    document = blank_pdf()
    link = document.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=SCRIPT))
    document.pages[0].obj.Annots = Array([link])
    return saved(document)


def script_by_name():
    document = blank_pdf()
    document.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), SCRIPT])))
    return saved(document)


@pytest.mark.parametrize("make", [opened_by_script, script_of_a_page, script_of_a_link, script_by_name])
def test_sto_101_a_script_fails(make):
    assert judged(make()) == ("fail", "pdf-script")


def test_sto_101_embedded_files_fail():
    document = blank_pdf()
    document.attachments["budget.xlsx"] = pikepdf.AttachedFileSpec(document, b"PK\x03\x04", filename="budget.xlsx")

    assert judged(saved(document)) == ("fail", "pdf-embedded")


def test_sto_101_a_file_behind_a_pin_fails():
    document = blank_pdf()
    spec = pikepdf.AttachedFileSpec(document, b"MZ", filename="outil.exe")
    pin = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=[0, 0, 9, 9], FS=spec.obj)
    document.pages[0].obj.Annots = Array([document.make_indirect(pin)])

    assert judged(saved(document)) == ("fail", "pdf-embedded")


@pytest.mark.parametrize("user", ["", "secret"])
def test_sto_101_encryption_fails_with_or_without_a_password(user):
    data = saved(blank_pdf(), encryption=pikepdf.Encryption(owner="proprietaire", user=user))

    assert judged(data) == ("fail", "pdf-encrypted")


def test_sto_101_other_actions_are_for_a_person():
    found = run("pdf", subject(files=[file(pdf("/OpenAction<</S/Launch/F(cmd.exe)>>"))]))

    assert end(found) == ("flag", "pdf-active")
    assert found.measured == {"seen": ["open-action"]}
    assert judged(pdf("/AcroForm<</Fields[]/XFA[(template)9 0 R]>>")) == ("flag", "pdf-active")


def test_sto_101_a_signature_is_fine():
    document = blank_pdf()
    document.Root.AcroForm = Dictionary(Fields=Array([]), SigFlags=3)

    assert judged(saved(document)) == ("flag", "pdf-no-text")  # opens; only its text is missing


@pytest.mark.parametrize(("pages", "expected"), [(500, ("flag", "pdf-no-text")), (501, ("fail", "pdf-too-many-pages"))])
def test_sto_101_500_pages_and_no_more(pages, expected):
    assert judged(saved(blank_pdf(pages))) == expected


@pytest.mark.parametrize("data", [b"%PDF-1.4\nnothing", b"%PDF-", saved(blank_pdf())[:120]])
def test_sto_101_a_damaged_pdf_fails(data):
    assert judged(data) == ("fail", "pdf-damaged")


def test_sto_30_twenty_megabytes_and_no_more(settings):
    assert settings.STORE_PDF_BYTES == 20_000_000
    data = text_pdf("Texte", title="Titre")
    settings.STORE_PDF_BYTES = len(data)
    assert judged(data) == ("pass", "")
    assert judged(data + b"\n") == ("fail", "pdf-too-heavy")


@pytest.mark.parametrize("name", PDFS)
def test_sec_11_every_hostile_pdf_comes_to_an_end(name, monkeypatch):
    monkeypatch.setattr(process, "WALL_SECONDS", 4.0)

    assert judged(PDFS[name]()) in {
        ("fail", "pdf-damaged"), ("fail", "pdf-too-many-pages"), ("flag", "pdf-too-complex"), ("flag", "pdf-no-text"),
    }  # fmt: skip
    assert children() == []


def test_only_what_is_a_pdf_is_a_target():
    evidence = file(saved(blank_pdf()), name="preuve.pdf")
    dossier = subject(files=[evidence, file(picture(), name="logo.pdf", use="logo")])

    assert CHECKS["pdf"].targets(dossier) == (str(evidence.id),)
