"""A document of our own, read to values (DMP-80..91)."""

from __future__ import annotations

import pytest

from apps.formats.cda.attachments import AttachmentProblem
from apps.formats.cda.model import CdaDocument, CdaWarning
from apps.formats.cda.reader import DocumentErrorCode, UnreadableDocumentError, read_cda
from tests.formats.small_cda import AUTHOR, LEGAL, PATIENT, SmallCda, media, payload, pdf, png, section, sections

TEXT = sections(section("<paragraph>Normal</paragraph>"))


def read(**parts: str) -> CdaDocument:
    return read_cda(SmallCda(**{"body": TEXT, **parts}).data())


def refused(data: bytes) -> DocumentErrorCode:
    with pytest.raises(UnreadableDocumentError) as caught:
        read_cda(data)
    return caught.value.code


class TestHeader:
    def test_dmp_01_and_03_identifiers_and_the_replaced_version(self):
        document = read()

        assert document.unique_id == "1.2.250.1.999^A-1"
        assert document.set_id == "1.2.250.1.998^S-1"
        assert document.version_number == 2
        assert document.replaces == ("1.2.250.1.999^A-0",)

    @pytest.mark.parametrize(
        ("written", "read_as"),
        [("1", 1), ("007", 7), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("9" * 5_000, None), ("0", None), ("²", None)],
    )
    def test_dmp_03_a_version_is_a_number_that_can_be_one(self, written, read_as):
        text = SmallCda(body=TEXT).text().replace('<versionNumber value="2"/>', f'<versionNumber value="{written}"/>')
        assert read_cda(text.encode()).version_number == read_as

    def test_dmp_80_type_title_time_and_models(self):
        document = read()

        assert document.code is not None
        assert (document.code.code, document.code.system) == ("11502-2", "2.16.840.1.113883.6.1")
        assert document.title == "Compte rendu d'examens"
        assert document.effective_time is not None
        assert document.effective_time.iso() == "2026-02-03T10:15:00+01:00"
        assert document.template_ids[-1] == "1.2.250.1.213.1.1.1.55"
        assert (document.language, document.level, document.warnings) == ("fr-FR", 3, ())

    def test_dmp_84_used_name_and_name_at_birth(self):
        patient = read().patient

        assert patient is not None
        assert patient.name is not None
        assert patient.name.display == "DUVAL ANNE"
        assert (patient.name.birth_family, patient.name.birth_given) == ("ROCHE", "ANNE")
        assert patient.name.birth_givens == "ANNE MARIE LOUISE"

    def test_dmp_84_a_birth_name_alone_is_the_used_name_and_givens_are_not_joined_with_it(self):
        plain = PATIENT.replace('<family qualifier="CL">DUVAL</family><given qualifier="CL">ANNE</given>', "")
        patient = read(patient=plain).patient

        assert patient is not None
        assert patient.name is not None
        assert patient.name.display == "ROCHE ANNE"

    def test_dmp_82_ins_and_local_numbers_are_told_apart(self):
        patient = read().patient

        assert patient is not None
        assert [item.extension for item in patient.ins] == ["279035121518989"]
        assert len(patient.identifiers) == 2
        assert patient.born is not None
        assert patient.born.iso() == "1979-03-28"

    def test_dmp_23_and_85_author_with_number_specialty_and_organisation(self):
        author = read().authors[0]

        assert author.party.name is not None
        assert author.party.name.professional_display == "Dr Karim BENALI"
        assert author.party.name.as_written == "M Karim BENALI DR"
        assert author.party.professional_number == "10100000073"
        assert author.party.organisation is not None
        assert author.party.organisation.identifiers[0].national_number == "750803447"
        assert author.party.code is not None
        assert author.party.code.display == "Biologiste"

    def test_dmp_24_a_device_alone_is_an_author(self):
        device = (
            "<author><assignedAuthor><id nullFlavor='UNK'/><assignedAuthoringDevice>"
            "<manufacturerModelName>.</manufacturerModelName><softwareName>SGL 4</softwareName>"
            "</assignedAuthoringDevice></assignedAuthor></author>"
        )
        document = read(author=device)

        assert document.authors[0].device is not None
        assert document.authors[0].device.display == "SGL 4"
        assert document.authors[0].party.name is None
        assert document.warnings == ()

    def test_dmp_86_validation_and_dmp_81_act_and_place(self):
        document = read()

        assert document.legal_authenticator is not None
        assert document.legal_authenticator.at is not None
        assert document.legal_authenticator.at.iso() == "2026-02-03T10:20:00+01:00"
        assert document.service_events[0].period.start is not None
        assert document.service_events[0].period.start.iso() == "2026-02-03T09:00+01:00"
        assert document.encounter is not None
        assert document.encounter.facility is not None
        assert document.encounter.facility.code == "SA25"

    def test_dmp_87_a_null_flavor_is_an_absence(self):
        document = read(
            code='<code nullFlavor="UNK"/>', title='<title nullFlavor="NI"/>', time='<effectiveTime nullFlavor="UNK"/>'
        )

        assert (document.code, document.title, document.effective_time) == (None, None, None)
        assert set(document.warnings) == {CdaWarning.NO_TYPE, CdaWarning.NO_TITLE, CdaWarning.NO_DATE}

    @pytest.mark.parametrize(
        ("parts", "warning"),
        [
            ({"time": '<effectiveTime value="20210231"/>'}, CdaWarning.UNREADABLE_DATE),
            ({"patient": ""}, CdaWarning.NO_PATIENT),
            ({"patient": PATIENT * 2}, CdaWarning.SAME_PATIENT_TWICE),
            ({"patient": PATIENT.replace("1.2.250.1.213.1.4.10", "1.2.9")}, CdaWarning.NO_INS),
            ({"patient": PATIENT.replace("279035121518989", "27903512151898X")}, CdaWarning.INS_SHAPE),
            ({"patient": PATIENT.replace("279035121518989", "279035121518988")}, CdaWarning.INS_KEY),
            ({"patient": PATIENT.replace("19790328", "19790231")}, CdaWarning.UNREADABLE_BIRTH_DATE),
            ({"author": ""}, CdaWarning.NO_AUTHOR),
            ({"author": "<author><assignedAuthor nullFlavor='NI'/></author>"}, CdaWarning.AUTHOR_WITHOUT_IDENTITY),
            ({"legal": ""}, CdaWarning.NO_LEGAL_AUTHENTICATOR),
            ({"body": ""}, CdaWarning.NO_BODY),
        ],
    )
    def test_s02_what_is_missing_is_a_warning_and_no_refusal(self, parts, warning):
        assert read(**parts).warnings == (warning,)

    def test_dmp_25_the_patient_as_author_is_recognised(self):
        own = AUTHOR.replace("1.2.250.1.71.4.2.1", "1.2.250.1.213.1.4.10").replace("810100000073", "279035121518989")

        assert read(author=own).authors[0].is_patient
        assert not read().authors[0].is_patient

    @pytest.mark.parametrize("number", ["223062A12345626", "2230699123456"])
    def test_dmp_82_numbers_of_corsica_and_numbers_without_key_are_of_the_right_shape(self, number):
        assert CdaWarning.INS_SHAPE not in read(patient=PATIENT.replace("279035121518989", number)).warnings


class TestRefusals:
    def test_another_root_or_namespace_is_no_document(self):
        assert refused(b'<Document xmlns="urn:hl7-org:v3"/>') is DocumentErrorCode.WRONG_ROOT
        assert refused(b'<ClinicalDocument xmlns="urn:hl7-org:v2"/>') is DocumentErrorCode.WRONG_NAMESPACE
        assert refused(b"<ClinicalDocument/>") is DocumentErrorCode.WRONG_NAMESPACE

    def test_two_different_patients_are_refused(self):
        other = PATIENT.replace("279035121518989", "277076322082910").replace("DUVAL", "MARTIN")

        assert refused(SmallCda(body=TEXT, patient=PATIENT + other).data()) is DocumentErrorCode.SEVERAL_PATIENTS

    def test_dmp_88_the_document_inside_a_style_sheet_is_found(self):
        inside = SmallCda(body=TEXT, prolog="").text()
        sheet = (
            '<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/">'
            f'<script>alert(1)</script></xsl:template><d:Contenu xmlns:d="urn:x">{inside}</d:Contenu></xsl:stylesheet>'
        )

        assert read_cda(sheet.encode()).title == "Compte rendu d'examens"
        two = sheet.replace("</d:Contenu>", f"{inside}</d:Contenu>").encode()
        assert refused(two) is DocumentErrorCode.SEVERAL_DOCUMENTS
        assert refused(sheet.replace(inside, "").encode()) is DocumentErrorCode.WRONG_ROOT


class TestBody:
    def test_dmp_89_a_level_1_payload_with_wrapped_lines_is_decoded(self):
        data = pdf() * 3
        document = read(body=payload(data))

        assert document.payload is not None
        assert document.payload.data == data
        assert (document.level, document.payload.served_type) == (1, "application/pdf")
        assert document.file(0) is document.payload

    def test_dmp_89_text_without_representation_is_the_content(self):
        body = '<component><nonXMLBody><text mediaType="text/plain">Conclusion : é</text></nonXMLBody></component>'
        document = read(body=body)

        assert document.payload is not None
        assert document.payload.data == "Conclusion : é".encode()
        assert document.payload.served_type == "text/plain"

    @pytest.mark.parametrize(
        ("content", "problem"),
        [
            ("", AttachmentProblem.EMPTY),
            ("JVBERi0xLjQK%%%", AttachmentProblem.BASE64),
            ("JVBERi0xLjQKA", AttachmentProblem.BASE64),
            ('<reference value="http://canary.invalid/a.pdf"/>', AttachmentProblem.NOT_ATTACHED),
        ],
    )
    def test_a_payload_that_cannot_be_had_says_why(self, content, problem):
        body = (
            '<component><nonXMLBody><text mediaType="application/pdf" representation="B64">'
            f"{content}</text></nonXMLBody></component>"
        )
        document = read(body=body)

        assert document.payload is not None
        assert (document.payload.data, document.payload.problem) == (None, problem)
        assert document.warnings == (CdaWarning.ATTACHMENT_PROBLEM,)

    @pytest.mark.parametrize(
        ("data", "declared", "served"),
        [
            (png(), "application/pdf", "application/octet-stream"),
            (b"<html><script>alert(1)</script></html>", "application/pdf", "application/octet-stream"),
            (b"<script>alert(1)</script>", "text/html", "application/octet-stream"),
            (png(), "image/jpeg", "image/png"),  # one picture for another: the bytes decide
        ],
    )
    def test_dmp_105_and_s04_a_type_that_lies_is_served_as_bytes(self, data, declared, served):
        document = read(body=payload(data, declared))

        assert document.payload is not None
        assert document.payload.type_differs
        assert document.payload.served_type == served
        assert CdaWarning.ATTACHMENT_TYPE_DIFFERS in document.warnings

    def test_dmp_91_attachments_are_numbered_and_dangling_references_told(self):
        entries = media("M1", png(), "image/png") + media("M2", pdf(), "application/pdf")
        narrative = '<renderMultiMedia referencedObject="M1"/><renderMultiMedia referencedObject="M9"/>'
        document = read(body=sections(section(narrative, entries=entries)))

        assert [(item.number, item.element_id, item.served_type) for item in document.attachments] == [
            (1, "M1", "image/png"),
            (2, "M2", "application/pdf"),
        ]
        assert document.warnings == (CdaWarning.DANGLING_MEDIA,)

    def test_sections_keep_their_tree(self):
        inner = section("<paragraph>b</paragraph>", title="Dedans")
        outer = section("a", title="Dehors").replace("</section>", f"<component>{inner}</component></section>")
        document = read(body=sections(outer, section("c", title="")))

        assert [item.title for item in document.sections] == ["Dehors", None]
        assert [item.title for item in document.sections[0].sections] == ["Dedans"]


def test_an_authenticator_is_not_the_legal_one():
    document = read(legal=LEGAL.replace("legalAuthenticator", "authenticator"))

    assert document.legal_authenticator is None
    assert len(document.authenticators) == 1
