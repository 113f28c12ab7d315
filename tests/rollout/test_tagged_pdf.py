"""The measure of our PDF finds what a PDF lacks: without it every other test of decisions.md 35 proves nothing."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import typst

from tests.tagged_pdf import faults_of_pdf

SOURCE = '#set document(title: "Récépissé")\n#set text(lang: "fr")\n= Bonjour\nUn texte.'


def made(place: Path, *standards: str) -> bytes:
    source = place / "x.typ"
    source.write_text(SOURCE, encoding="utf-8")
    data: bytes = typst.compile(str(source), format="pdf", pdf_standards=list(standards))
    return data


def test_decisions_35_a_plain_pdf_lacks_everything():
    plain = pikepdf.new()
    plain.add_blank_page()
    target = io.BytesIO()
    plain.save(target)

    assert faults_of_pdf(target.getvalue()) == [
        "PDF/UA-1", "marks", "tree of tags", "language", "title", "title on show",
    ]  # fmt: skip


def test_decisions_35_tags_without_the_standard_are_not_enough(tmp_path):
    assert faults_of_pdf(made(tmp_path)) == ["PDF/UA-1", "title on show"]


def test_decisions_35_the_standard_lacks_nothing(tmp_path):
    assert faults_of_pdf(made(tmp_path, "ua-1")) == []


def test_decisions_35_another_language_is_told(tmp_path):
    with pikepdf.open(io.BytesIO(made(tmp_path, "ua-1"))) as pdf:
        pdf.Root.Lang = "en"
        target = io.BytesIO()
        pdf.save(target)

    assert faults_of_pdf(target.getvalue()) == ["language"]
