"""Derived, foreign and malformed samples, and the reading part of cases S01 to S07."""

from __future__ import annotations

import pytest

from apps.common.dates import PartialDate
from apps.formats.cda.attachments import AttachmentProblem
from apps.formats.cda.header_html import render_header
from apps.formats.cda.html import render_document
from apps.formats.cda.metadata import type_label
from apps.formats.cda.model import CdaDocument
from apps.formats.cda.reader import read_cda
from apps.formats.decoding import open_file
from apps.formats.errors import UnreadableInputError
from tests.formats.pages import live_parts, parsed, plain
from tests.formats.readme import CDA
from tests.shared_material import needs_shared, shared

pytestmark = needs_shared
FOREIGN = sorted(path.name for path in (CDA / "foreign").glob("*.xml")) or ["missing"]


def read(name: str) -> CdaDocument:
    return read_cda((CDA / name).read_bytes())


def case(start: str) -> bytes:
    return next(shared("cases/cda").glob(f"{start}*")).read_bytes()


def page_of(document: CdaDocument) -> str:
    return f"<main>{render_header(document)}{render_document(document)}</main>"


class TestDerived:
    @pytest.mark.parametrize("name", ["n1_text", "n1_text_inline"])
    def test_text_is_shown_with_its_accents(self, name):
        page = page_of(read(f"derived/{name}.xml"))

        assert "Conclusion : examen normal.<br>Accents : é è ç œ €" in page

    def test_rtf_and_tiff_are_described(self):
        assert "texte RTF" in plain(page_of(read("derived/n1_rtf.xml")))
        assert "image TIFF" in plain(page_of(read("derived/n1_tiff.xml")))

    def test_a_picture_is_shown(self):
        assert len(parsed(page_of(read("derived/n1_jpeg.xml"))).xpath("//img")) == 1

    def test_dmp_03_versions_of_one_series(self):
        first, second = read("derived/n1_pdf_v1.xml"), read("derived/n1_pdf_v2_rplc.xml")

        assert (first.unique_id, second.unique_id) == ("2.25.999900006", "2.25.999900007")
        assert first.set_id == second.set_id
        assert (first.version_number, second.version_number) == (1, 2)
        assert (first.replaces, second.replaces) == ((), ("2.25.999900006",))

    def test_dmp_101_every_element_of_the_narrative(self):
        page = page_of(read("derived/n2_narrative_all.xml"))

        for part in (
            "<strong>gras</strong>",
            "<em>italique</em>",
            "H<sub>2</sub>O",
            "<sup>9</sup>",
            "<ol>",
            "<ins>",
            "<del>",
        ):
            assert part in page
        assert parsed(page).xpath("//caption/text()") == ["Tableau"]
        assert parsed(page).xpath("//a[@rel]/@href") == ["https://www.example.org/"]


@pytest.mark.parametrize("name", FOREIGN)
class TestForeign:
    def test_dmp_109_it_is_shown_in_its_language_with_a_label(self, name):
        document = read(f"foreign/{name}")
        page = page_of(document)

        assert type_label(document)
        assert live_parts(page) == []
        assert 'lang="en-US"' in page or not document.sections
        assert "None" not in plain(page)

    def test_it_has_no_ins(self, name):
        assert "no-ins" in read(f"foreign/{name}").warnings


def test_a_foreign_document_without_its_file_says_so():
    document = read("foreign/us_unstructured_reference_n1.xml")

    assert document.payload is not None
    assert document.payload.problem is AttachmentProblem.NOT_ATTACHED
    assert "Contenu non joint" in plain(page_of(document))


@pytest.mark.parametrize("name", ["ok_latin1", "ok_utf16-bom", "ok_utf8-bom"])
def test_s03_samples_in_other_encodings_have_the_right_title(name):
    assert read(f"malformed/{name}.xml").title == "Compte rendu é è ç"


class TestCases:
    @pytest.mark.parametrize("name", ["S01a", "S01b"])
    def test_s01_a_document_with_a_dtd_is_refused(self, name):
        with pytest.raises(UnreadableInputError) as caught:
            read_cda(case(name))

        assert caught.value.code == "dtd"

    def test_s02_month_and_year_stay_and_nobody_is_invented(self):
        document = read_cda(case("S02"))
        page = plain(page_of(document))

        assert document.effective_time is not None
        assert document.effective_time.as_partial_date() == PartialDate(2026, 2)
        assert set(document.warnings) == {"author-without-identity", "no-legal-authenticator"}
        assert "février 2026" in page
        assert "auteur non précisé" in page
        assert "1 février" not in page
        assert "1er février" not in page
        assert "Date de naissance 1979 Sexe" in page
        assert "None" not in page

    def test_s03_latin_1_is_read_from_the_bytes(self):
        document = read_cda(case("S03"))

        assert document.title == "Compte rendu opératoire - hôpital Noël, âgée de 47 ans"
        assert "Glycémie à jeun" in plain(page_of(document))

    def test_s04a_a_pdf_in_wrapped_base64_is_whole(self):
        payload = read_cda(case("S04a")).payload

        assert payload is not None
        assert payload.data is not None
        assert payload.data.startswith(b"%PDF-1.4")
        assert payload.data.rstrip().endswith(b"%%EOF")
        assert payload.served_type == "application/pdf"
        assert open_file(payload.data, "application/pdf").warnings == frozenset()

    def test_s04b_a_png_called_pdf_is_told_and_served_as_bytes(self):
        document = read_cda(case("S04b"))

        assert document.payload is not None
        assert document.payload.served_type == "application/octet-stream"
        assert "Le document annonce « document PDF », mais le contenu est « image PNG »." in plain(page_of(document))
        assert parsed(page_of(document)).xpath("//img") == []

    def test_s05_rtf_is_offered_and_not_shown(self):
        document = read_cda(case("S05"))

        assert document.payload is not None
        assert document.payload.served_type == "text/rtf"
        assert "attaquant.example" not in page_of(document)

    def test_s06_an_american_document_is_readable_and_harmless(self):
        page = page_of(read_cda(case("S06")))
        tree = parsed(page)

        assert '<div class="ens-cda__text" lang="en-US">' in page
        assert tree.xpath("//a/@href") == ["https://example.org/x"]
        assert tree.xpath("//a/@rel") == ["noopener noreferrer"]
        assert "javascript" not in page
        assert "more" in plain(page)
        assert tree.xpath("//img/@alt") == ["Image 1 du document, sans description"]
        assert "MEDICATIONS No information" in plain(page)

    def test_s07_the_first_of_january_stays(self):
        document = read_cda(case("S07"))
        page = plain(page_of(document))

        assert document.effective_time is not None
        assert document.effective_time.as_partial_date() == PartialDate(2026, 1, 1)
        assert document.effective_time.iso() == "2026-01-01T00:30:00+04:00"
        assert "1er janvier 2026 à 0 h 30" in page
        assert "31 décembre" not in page
