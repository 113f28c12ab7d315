"""Every French sample against its README: what a viewer must show (DMP-80..91)."""

from __future__ import annotations

from collections import Counter

import pytest

from apps.formats.cda.header_html import render_header
from apps.formats.cda.html import render_document
from apps.formats.cda.model import CdaDocument
from apps.formats.cda.reader import read_cda
from apps.formats.cda.results import Reading
from tests.formats.pages import live_parts, parsed, plain
from tests.formats.readme import CDA, expected_documents, expected_patients, expected_payloads, expected_titles
from tests.shared_material import needs_shared

pytestmark = needs_shared
DOCUMENTS = expected_documents()
NAMES = sorted(DOCUMENTS) or ["missing"]
WRONG_KEYS = {"enfant-certificat-8j_n3.xml", "enfant-mesures_n3.xml", "maternite-enfant_n3.xml"}
VALUES = {
    "bio-glycemie_n3_pdf": ["Glycémie à jeun", "4.89 mmol/L", "(3.89 - 6.00)", "0.88 g/L", "(0.70 - 1.08)"],
    "bio-tsh_n3_device-author": ["1.950 mUI/l", "(0.290 - 4.800)", "7.67 pg/ml", "(9.30 - 17.00)"],
    "enfant-mesures_n3": ["Poids", "3900 g", "Taille", "52 cm", "35 cm"],
    "trod-angine_n3": ["S. pyogenes", "négatif", "|"],
    "vaccination-note_n3": ["28/09/2009", "VACCIN TETANIQUE PASTEUR", "4456672", "Deltoïde gauche", "Charles MULLER"],
    "vaccination-historique_n3": ["BCG", "1975", "235421176"],
    "dispensation_n3": ["PARACETAMOL VIATRIS 500 mg", "2 Boites"],
    "prescription-med_n3_jpeg_pdf": ["PARACETAMOL MYLAN 500 mg"],
    "lettre-liaison-sortie_n3": ["En cours", "29/10/2018", "05/11/2018"],
}


def read(name: str) -> CdaDocument:
    return read_cda((CDA / "fr" / name).read_bytes())


def page_of(document: CdaDocument) -> str:
    return f"<main>{render_header(document)}{render_document(document)}</main>"


def test_the_readme_was_understood():
    assert len(DOCUMENTS) == 31
    assert len(expected_titles()) == 28
    assert len(expected_payloads()) == 3
    assert len(expected_patients()) == 5


@pytest.mark.parametrize("name", NAMES)
class TestEveryDocument:
    def test_header(self, name):
        expected, document = DOCUMENTS[name], read(name)

        assert document.code is not None
        assert document.code.code == expected.type_code
        assert document.title == expected.title
        assert document.effective_time is not None
        assert document.effective_time.iso()[:16].replace("T", " ") == expected.created
        assert document.custodian is not None
        assert document.custodian.name == expected.custodian
        assert f"N{document.level}" == expected.level

    def test_dmp_24_author_or_device(self, name):
        expected, document = DOCUMENTS[name], read(name)
        people = [author.party.name.as_written for author in document.authors if author.party.name]
        devices = [author.device.display for author in document.authors if author.device]

        assert people == ([expected.person] if expected.person else [])
        assert devices == expected.devices

    def test_dmp_82_and_84_patient(self, name):
        patients, document = expected_patients(), read(name)
        expected, patient = patients.get(name, patients["*"]), document.patient

        assert patient is not None
        assert patient.name is not None
        assert f"{patient.name.birth_family} {patient.name.birth_given}" == expected.name
        assert [(item.extension, item.root) for item in patient.ins] == [(expected.number, expected.root)]
        assert patient.born is not None
        assert patient.born.iso() == expected.born
        assert patient.sex is not None
        assert patient.sex.code == expected.sex
        assert ("ins-key" in document.warnings) == (name in WRONG_KEYS)

    def test_dmp_91_attachments_are_readable(self, name):
        document = read(name)
        shown = ["image/jpeg" if item == "JPEG" else item for item in DOCUMENTS[name].media_types]
        if document.level == 1:
            assert (document.attachments, shown) == ((), [])
            return

        assert Counter(item.declared_type for item in document.attachments) == Counter(shown)
        assert all(item.data for item in document.attachments)

    def test_section_titles_in_order(self, name):
        titles = [section.title[:50].strip() for section in read(name).sections if section.title]

        assert titles == [title.strip() for title in expected_titles().get(name, [])]

    def test_the_page_shows_it_and_nothing_that_runs(self, name):
        document = read(name)
        page = page_of(document)
        text = plain(page)

        assert live_parts(page) == []
        assert DOCUMENTS[name].custodian in text
        assert " ".join(DOCUMENTS[name].author.replace('device "', "").replace('"', "").split(" + ")[0].split()) in text
        assert "None" not in text
        headings = [" ".join(item.text_content().split()) for item in parsed(page).iter("h2")]
        assert [title for title in headings if title in {section.title for section in document.sections}] == [
            section.title for section in document.sections if section.title
        ]
        for picture in (item for item in document.attachments if (item.sniffed_type or "").startswith("image/")):
            assert picture.is_picture

    def test_dmp_84_the_patient_is_named_once(self, name):
        document = read(name)
        assert document.patient is not None
        assert document.patient.name is not None

        assert plain(f"<div>{render_header(document)}</div>").count(document.patient.name.display) == 1


@pytest.mark.parametrize("name", sorted(expected_payloads()) or ["missing"])
def test_level_1_files_have_the_size_and_fingerprint_of_the_readme(name):
    size, sha256 = expected_payloads()[name]
    payload = read(name).payload

    assert payload is not None
    assert payload.data is not None
    assert (payload.size, (payload.sha256 or "")[:16]) == (size, sha256)
    assert payload.data.startswith(b"%PDF-1.")
    assert sha256 in page_of(read(name))


@pytest.mark.parametrize("name", sorted(VALUES))
def test_values_of_the_readme_are_in_the_page(name):
    text = plain(page_of(read(f"{name}.xml")))

    assert [value for value in VALUES[name] if value not in text] == []


def test_bio_tsh_the_ft_of_7_67_reads_below_its_range():
    document = read("bio-tsh_n3_device-author.xml")
    results = document.sections[0].sections[0].results

    assert [(item.value, item.reading) for item in results] == [("1.950", Reading.WITHIN), ("7.67", Reading.BELOW)]
    row = parsed(page_of(document)).xpath("//tr[th[contains(., 'Thyroxine libre')]]")[0]
    assert " ".join(" ".join(row.itertext()).split()).endswith("9,30 à 17,00 ↓ au-dessous de la valeur de référence")


def test_bio_glycemie_a_coded_range_of_equal_bounds_is_left_to_the_text():
    section = read("bio-glycemie_n3_pdf.xml").sections[0].sections[0]

    assert (section.results, section.has_unread_results) == ((), True)


def test_dmp_09_bcg_1975_is_never_a_first_of_january():
    assert "01/01/1975" not in plain(page_of(read("vaccination-historique_n3.xml")))


def test_reimbursements_without_data_keep_their_eight_sections():
    document = read("remboursements_n3_empty.xml")

    assert len(document.sections) == 8
    assert all(
        section.narrative is not None and "".join(section.narrative.itertext()).strip() for section in document.sections
    )


def test_dmp_104_an_xml_attachment_is_only_named():
    page = page_of(read("retinographie_n3_4jpeg.xml"))

    assert len(parsed(page).xpath("//img")) == 4
    assert "données XML" in plain(page)
    assert "DonneesMedicoAdministratives" not in page
