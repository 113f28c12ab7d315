"""The documents of the demonstration: shape, identity, values, versions, and what our own reader makes of them."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import pytest

from apps.accounts.ins import control_key
from apps.formats.documents import document_type, read_cda
from apps.formats.xml import parse_untrusted_xml
from apps.journeys.demonstration.cast import member
from apps.journeys.demonstration.documents import DOCUMENTS, build, building
from apps.journeys.demonstration.documents.catalogue import by_key
from apps.journeys.demonstration.documents.filling import fill, in_french
from apps.journeys.demonstration.professionals import professional

TODAY = date(2026, 11, 25)
NS = {"h": "urn:hl7-org:v3"}
every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.key)


@pytest.fixture(scope="module")
def roots():
    return {document.key: parse_untrusted_xml(build(document, today=TODAY)) for document in DOCUMENTS}


@pytest.fixture(scope="module")
def read():
    return {document.key: read_cda(build(document, today=TODAY)) for document in DOCUMENTS}


class TestEveryDocument:
    @every_document
    def test_dmp_80_header_of_a_french_document(self, document, roots):
        root = roots[document.key]

        assert root.tag == "{urn:hl7-org:v3}ClinicalDocument"
        assert root.find("h:realmCode", NS).get("code") == "FR"
        templates = [one.get("root") for one in root.findall("h:templateId", NS)]
        assert templates[:2] == ["2.16.840.1.113883.2.8.2.1", "1.2.250.1.213.1.1.1.1"]
        assert len(templates) >= 3

    @every_document
    def test_dmp_81_has_every_part_that_the_register_needs(self, document, roots):
        parts = (
            "id", "code", "title", "effectiveTime", "confidentialityCode", "languageCode", "setId", "versionNumber",
            "recordTarget", "author", "custodian", "legalAuthenticator", "documentationOf", "componentOf", "component",
        )  # fmt: skip
        counts = {part: len(roots[document.key].findall(f"h:{part}", NS)) for part in parts}

        assert counts == dict.fromkeys(parts, 1)

    @every_document
    def test_dmp_82_carries_the_ins_of_its_holder(self, document, roots):
        identifier = roots[document.key].find("h:recordTarget/h:patientRole/h:id", NS)
        holder = member(document.holder, today=TODAY)

        number = identifier.get("extension")
        assert (identifier.get("root"), number) == ("1.2.250.1.213.1.4.10", holder.ins)
        assert number[13:] == control_key(number[:13])

    @every_document
    def test_same_day_same_bytes_and_another_day_another_identifier(self, document):
        again = build(document, today=TODAY)

        assert again == build(document, today=TODAY)
        assert document.unique_id(TODAY) != document.unique_id(date(2026, 11, 26))

    @every_document
    def test_dmp_80_type_is_one_of_the_official_list(self, document):
        assert document_type(document.code) is not None

    @every_document
    def test_is_read_without_a_warning(self, document, read):
        found = read[document.key]
        author = professional(document.author)

        assert found.warnings == ()
        assert (found.title, found.code.code, found.language) == (document.title, document.code, "fr-FR")
        assert found.authors[0].party.identifiers[0].extension == author.national_id
        assert found.custodian.name == author.structures[0].name
        assert found.level == (1 if document.builder in ("text", "pdf", "jpeg", "booklet", "fax", "rtf") else 3)

    @every_document
    def test_no_slot_is_left_and_no_date_lies_in_the_future_of_its_deposit(self, document):
        text = build(document, today=TODAY).decode()

        assert "{{" not in text
        assert document.started_at(TODAY) <= document.written_at(TODAY) <= document.deposited_at(TODAY)
        assert document.deposited_at(TODAY).date() <= TODAY

    @every_document
    def test_references_point_to_something(self, document, roots):
        root = roots[document.key]
        targets = {element.get("ID") for element in root.iter() if element.get("ID")}
        wanted = {one.get("value").removeprefix("#") for one in root.iter("{urn:hl7-org:v3}reference")}
        wanted |= {one.get("referencedObject") for one in root.iter("{urn:hl7-org:v3}renderMultiMedia")}

        assert wanted <= targets


class TestCatalogue:
    def test_forty_one_documents_of_thirteen_people(self):
        assert Counter(document.holder for document in DOCUMENTS) == {
            "camille": 17, "bruno": 5, "lea": 4, "paul": 3, "rosa": 2, "ange": 2, "simone": 2, "claire": 1, "ines": 1,
            "noe": 1, "zoe": 1, "mael": 1, "jade": 1,
        }  # fmt: skip
        assert len(DOCUMENTS) == 41

    def test_every_kind_of_file_and_seventeen_types_are_there(self):
        assert {document.builder for document in DOCUMENTS} == set(building._BUILDERS)
        assert len({document.code for document in DOCUMENTS}) == 17

    def test_a_file_of_one_piece_says_its_type_by_the_official_label(self):
        screening = by_key("rosa-screening")

        assert screening.code_label == "CR d'acte diagnostique à visée préventive ou de dépistage"
        assert screening.templates == ("1.3.6.1.4.1.19376.1.2.20",)
        assert screening.service == (screening.code, screening.code_label, "2.16.840.1.113883.6.1")

    def test_authors_are_named_as_everywhere_else(self, read):
        assert read["prescription"].authors[0].party.name.professional_display == "Dr Anne Lefort"

    def test_dmp_01_identifiers_are_unique_oids(self):
        found = [document.unique_id(TODAY) for document in DOCUMENTS]

        assert len(set(found)) == len(DOCUMENTS)
        assert all(re.fullmatch(r"2\.25\.[1-9]\d{1,38}", oid) for oid in found)

    def test_dmp_03_second_version_replaces_the_first_in_the_same_set(self, read):
        first, second = read["consultation"], read["consultation-corrected"]

        assert (first.version_number, second.version_number) == (1, 2)
        assert second.set_id == first.set_id
        assert second.replaces == (first.unique_id,)
        assert first.replaces == ()

    def test_a_document_comes_after_the_one_it_replaces(self):
        for document in DOCUMENTS:
            if document.replaces:
                assert by_key(document.replaces).deposited_at(TODAY) < document.deposited_at(TODAY)

    def test_dmp_35_one_document_is_hidden_one_unannounced_none_is_both(self):
        found = {document.key: document.visibility for document in DOCUMENTS if document.visibility}

        assert found == {"consultation-private": ("MASQUE_PS",), "pathology": ("INVISIBLE_PATIENT",)}

    def test_dmp_16_visibility_never_stands_in_the_file(self):
        for document in DOCUMENTS:
            text = build(document, today=TODAY).decode()
            assert "MASQUE_PS" not in text
            assert "INVISIBLE" not in text


class TestLaboratoryReport:
    def test_coded_results_with_range_and_reading(self, read):
        results = [result for section in read["laboratory"].sections for result in section.results]

        assert [(r.name, r.value, r.unit, r.interpretation) for r in results] == [
            ("Hémoglobine", "13.4", "g/dL", "N"),
            ("Globules rouges", "4.52", "10*12/L", "N"),
            ("Globules blancs", "6.8", "10*9/L", "N"),
            ("Plaquettes", "251", "10*9/L", "N"),
            ("Ferritine", "14", "ug/L", "L"),
            ("Cholestérol total", "2.31", "g/L", "H"),
            ("Cholestérol HDL", "0.58", "g/L", "N"),
            ("Triglycérides", "0.96", "g/L", "N"),
            ("Glycémie", "0.92", "g/L", "N"),
        ]
        assert [(r.reference.low, r.reference.high) for r in results[:1]] == [("12.0", "16.0")]

    def test_table_says_the_same_in_words_of_the_laboratory(self, roots):
        rows = [
            [" ".join("".join(cell.itertext()).split()) for cell in row.findall("h:td", NS)]
            for row in roots["laboratory"].iter("{urn:hl7-org:v3}tr")
        ]

        assert ["Hémoglobine", "13,4 g/dL", "12,0 à 16,0", "13,1 g/dL"] in rows
        assert ["Ferritine", "14 µg/L", "15 à 150", "22 µg/L"] in rows
        assert ["Cholestérol total", "2,31 g/L", "moins de 2,00", "2,18 g/L"] in rows
        assert ["Cholestérol HDL", "0,58 g/L", "plus de 0,40", "0,60 g/L"] in rows
        assert ["Glycémie", "0,92 g/L", "0,70 à 1,10", "0,90 g/L"] in rows

    def test_sections_author_and_requester(self, read):
        report = read["laboratory"]

        assert [section.title for section in report.sections] == [
            "Hématologie", "Fer", "Lipides et sucre, à jeun", "Commentaire du biologiste",
        ]  # fmt: skip
        assert report.authors[0].party.organisation.name == "Laboratoire des Rives"
        assert report.participants[0].kind == "REF"
        assert "1.2.250.1.213.1.1.1.55" in report.template_ids

    def test_times_are_those_of_the_day_in_paris(self):
        report = by_key("laboratory")

        assert report.started_at(TODAY).isoformat() == "2026-11-18T07:50:00+01:00"
        assert report.written_at(TODAY).isoformat() == "2026-11-18T16:05:00+01:00"
        assert report.deposited_at(TODAY).isoformat() == "2026-11-24T17:40:00+01:00"


class TestOtherDocuments:
    def test_dmp_09_vaccination_of_1985_is_a_year_in_table_and_entry(self, roots):
        root = roots["vaccination"]

        times = [one.get("value") for one in root.iterfind(".//h:substanceAdministration/h:effectiveTime", NS)]
        cells = [cell.text for cell in root.iter("{urn:hl7-org:v3}td")]
        assert times == ["1985", "20261021"]
        assert "1985" in cells
        assert "21/10/2026" in cells

    @pytest.mark.parametrize(
        ("key", "declared", "start"),
        [
            ("teleconsultation", "application/pdf", b"%PDF-"),
            ("physiotherapy", "text/plain", "Bilan de kinésithérapie".encode()),
            ("tracing", "image/jpeg", b"\xff\xd8\xff"),
        ],
    )
    def test_dmp_105_level_1_files_are_what_they_say(self, key, declared, start, read):
        payload = read[key].payload

        assert (payload.declared_type, payload.sniffed_type, payload.problem) == (declared, declared, None)
        assert payload.data.startswith(start)

    def test_dmp_91_imaging_report_shows_one_small_png(self, read):
        (picture,) = read["imaging"].attachments

        assert picture.sniffed_type == "image/png"
        assert picture.data.startswith(b"\x89PNG")
        assert len(picture.data) < 20_000

    def test_prescription_names_a_medicine_and_its_dose(self, roots):
        text = " ".join("".join(roots["prescription"].itertext()).split())

        assert "Sulfate ferreux 80 mg, comprimé enrobé" in text
        assert "1 comprimé par jour, à jeun" in text
        assert "du 17/11/2026 au 15/02/2027" in text

    def test_dmp_84_names_of_lea(self, roots):
        name = roots["child-check"].find(".//h:recordTarget//h:patient/h:name", NS)
        parts = [(one.tag.rpartition("}")[2], one.get("qualifier"), one.text) for one in name]

        assert parts == [
            ("family", "BR", "MOREL"),
            ("family", "CL", "MOREL"),
            ("given", None, "LEA ROSE"),
            ("given", "BR", "LEA"),
            ("given", "CL", "LÉA"),
        ]


class TestFilling:
    def test_values_are_escaped_and_markup_is_not(self):
        filled = fill("<a>{{name}}</a>{{more_xml}}", {"name": "R&D <1>", "more_xml": "<b/>"})

        assert filled == "<a>R&amp;D &lt;1&gt;</a><b/>"

    def test_dates_count_from_the_day(self):
        day = date(2026, 3, 1)

        assert fill("{{fr}} {{num:-1}} {{ts:+9}} {{year}}", {}, day=day) == "1er mars 2026 28/02/2026 20260310 2026"
        assert in_french(date(2026, 8, 14)) == "14 août 2026"

    def test_a_slot_without_a_value_is_an_error(self):
        with pytest.raises(KeyError, match="unknown"):
            fill("{{unknown}}", {}, day=TODAY)
        with pytest.raises(KeyError, match="name"):
            fill("{{name}}", {})
