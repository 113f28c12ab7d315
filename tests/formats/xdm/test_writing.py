"""Packages that the portal sends: what is written is read back, and always the same bytes (MSS-57)."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.common.dates import PartialDate
from apps.formats.cda.reader import read_cda
from apps.formats.cda.times import CdaTime
from apps.formats.cda.values import CodedValue
from apps.formats.xdm.contents import package_document
from apps.formats.xdm.ebxml import clean
from apps.formats.xdm.faults import DocumentFault, PackageError, PackageErrorCode
from apps.formats.xdm.from_cda import entry_of_cda
from apps.formats.xdm.limits import PackageLimits
from apps.formats.xdm.model import (
    DocumentEntry,
    EntryAuthor,
    EntryOrganisation,
    EntryPerson,
    Package,
    PackagedDocument,
    PatientNumber,
    PatientTraits,
    Relation,
    RelationKind,
    Status,
    SubmissionSet,
    Visibility,
)
from apps.formats.xdm.reading import read_package
from apps.formats.xdm.writing import write_package
from apps.formats.xml import parse_untrusted_xml
from tests.formats.small_cda import SmallCda, payload, pdf
from tests.formats.xdm.build import CDA, CDA_ID

SENDER = "Mon espace santé"
ENTRY_ID = "urn:uuid:00000000-0000-4000-8000-000000000001"
SET = SubmissionSet(
    entry_id="urn:uuid:00000000-0000-4000-8000-0000000000ff",
    unique_id="2.25.7",
    source_id="2.25.1",
    patient=PatientNumber(number="279035121518989", authority="1.2.250.1.213.1.4.10"),
    submitted=CdaTime.parse("20261102083000"),
    title="Envoi",
)

# Text as it comes out of reading: one line, no control or direction character.
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=30).filter(
    lambda text: clean(text) == text == text.strip() and not text.endswith("\ufeff")
)
MAYBE = st.none() | TEXT
TIMES = st.sampled_from(["2026", "202602", "20260203", "202602031015", "20260203101500", "20260203101500+0400"]).map(
    CdaTime.parse
)
CODES = st.builds(CodedValue, code=TEXT, system=MAYBE, display=MAYBE)
PATIENTS = st.builds(PatientNumber, number=TEXT, authority=TEXT)
DATES = st.dates(min_value=date(1000, 1, 1)).map(PartialDate.of) | st.just(PartialDate(1952, 6))
PERSONS = st.builds(
    EntryPerson, number=MAYBE, family=TEXT, given=MAYBE, authority=MAYBE, name_type=MAYBE, id_type=MAYBE
)
ORGANISATIONS = st.builds(EntryOrganisation, name=TEXT, number=MAYBE, authority=MAYBE, id_type=MAYBE)
AUTHORS = st.builds(
    EntryAuthor,
    person=PERSONS,
    organisations=st.lists(ORGANISATIONS, max_size=2).map(tuple),
    roles=st.lists(TEXT, max_size=2).map(tuple),
    specialties=st.lists(CODES | st.builds(CodedValue, code=st.none(), system=st.none(), display=TEXT), max_size=2).map(
        tuple
    ),
)
TRAITS = st.builds(PatientTraits, family=TEXT, given=MAYBE, born=st.none() | DATES, sex=MAYBE)
RELATIONS = st.builds(Relation, kind=st.sampled_from(RelationKind), target=TEXT)
LABELS = st.lists(
    st.sampled_from(["N", "R", *Visibility]).map(lambda code: CodedValue(code=str(code), system="1.2", display="x")),
    max_size=3,
    unique_by=lambda value: value.code,
).map(tuple)
ENTRIES = st.builds(
    DocumentEntry,
    entry_id=st.just(ENTRY_ID),
    unique_id=st.none(),
    mime_type=st.sampled_from(["text/xml", "application/pdf", "text/plain", "image/jpeg", "application/x-other"]),
    status=st.sampled_from(Status),
    title=MAYBE,
    comments=MAYBE,
    created=st.none() | TIMES,
    act_started=st.none() | TIMES,
    act_stopped=st.none() | TIMES,
    language=MAYBE,
    type_code=st.none() | CODES,
    class_code=st.none() | CODES,
    format_code=st.none() | CODES,
    facility_type=st.none() | CODES,
    practice_setting=st.none() | CODES,
    confidentialities=LABELS,
    event_codes=st.lists(CODES, max_size=2).map(tuple),
    authors=st.lists(AUTHORS, max_size=2).map(tuple),
    legal_authenticator=st.none() | PERSONS,
    patient=st.none() | PATIENTS,
    source_patient=st.none() | PATIENTS,
    source_traits=st.none() | TRAITS,
    relations=st.lists(RELATIONS, max_size=2, unique=True).map(tuple),
)
CONTENTS = st.sampled_from([CDA, b"%PDF-1.4\n", b"a" * 20_000, b"<a/>"]) | st.binary(min_size=1, max_size=200)
SETS = st.builds(
    SubmissionSet,
    entry_id=st.just(SET.entry_id),
    unique_id=MAYBE,
    source_id=MAYBE,
    patient=st.none() | PATIENTS,
    submitted=st.none() | TIMES,
    title=MAYBE,
    comments=MAYBE,
    content_type=st.none() | CODES,
    authors=st.lists(AUTHORS, max_size=1).map(tuple),
)


def numbered(pairs: list[tuple[DocumentEntry, bytes]]) -> list[PackagedDocument]:
    """Documents with ids of their own."""
    return [
        package_document(replace(entry, entry_id=f"urn:uuid:{UUID(int=number)}", unique_id=f"2.25.{number}"), data)
        for number, (entry, data) in enumerate(pairs)
    ]


def cda_document(**changes: object) -> PackagedDocument:
    entry = replace(entry_of_cda(read_cda(CDA), CDA, entry_id=ENTRY_ID), **changes)
    return package_document(entry, CDA)


def written(*documents: PackagedDocument) -> bytes:
    return write_package(documents or (cda_document(),), submission=SET, sender=SENDER)


class TestRoundTrip:
    @settings(max_examples=60)
    @given(pairs=st.lists(st.tuples(ENTRIES, CONTENTS), min_size=1, max_size=3), submission=SETS)
    def test_what_is_written_is_read_back(self, pairs, submission):
        documents = numbered(pairs)

        data = write_package(documents, submission=submission, sender=SENDER)

        assert read_package(data) == Package(documents=tuple(documents), submissions=(submission,), faults=())
        assert write_package(documents, submission=submission, sender=SENDER) == data

    def test_reading_and_writing_again_gives_the_same_bytes(self):
        data = written()
        found = read_package(data)

        assert write_package(found.documents, submission=found.submission, sender=SENDER) == data

    def test_mss_57_the_document_is_unchanged(self):
        (document,) = read_package(written()).documents

        assert document.data == CDA
        assert document.faults == ()

    def test_names_of_our_own_by_type(self):
        copy = package_document(
            DocumentEntry(entry_id="urn:x:2", unique_id="2.25.2", mime_type="application/pdf"), b"%PDF-1.4\n"
        )

        assert [item.name for item in read_package(written(cda_document(), copy)).documents] == [
            "DOC0001.XML",
            "DOC0002.PDF",
        ]

    def test_characters_that_xml_cannot_hold_are_left_out(self):
        (document,) = read_package(written(cda_document(title="Compte\x00 rendu\x0b\ud800"))).documents

        assert document.entry.title == "Compte rendu"


class TestLayout:
    def test_mss_51_files_of_the_archive(self):
        with zipfile.ZipFile(io.BytesIO(written())) as archive:
            assert archive.namelist() == [
                "INDEX.HTM",
                "README.TXT",
                "IHE_XDM/SUBSET01/METADATA.XML",
                "IHE_XDM/SUBSET01/DOC0001.XML",
            ]
            assert archive.testzip() is None
            readme, index = archive.read("README.TXT"), archive.read("INDEX.HTM")

        assert readme == b"Emetteur : Mon espace sant?. Archive conforme au profil IHE XDM.\r\n"
        assert b"<p>Mon espace sant&#233;</p>" in index
        assert b'<a href="IHE_XDM/SUBSET01/DOC0001.XML">Compte rendu d&#x27;examens</a>' in index

    def test_a_title_is_no_markup_in_the_index(self):
        with zipfile.ZipFile(io.BytesIO(written(cda_document(title="<script>&")))) as archive:
            index = archive.read("INDEX.HTM")

        assert b"&lt;script&gt;&amp;</a>" in index

    def test_metadata_is_a_submit_objects_request(self):
        with zipfile.ZipFile(io.BytesIO(written())) as archive:
            root = parse_untrusted_xml(archive.read("IHE_XDM/SUBSET01/METADATA.XML"))

        assert root.tag == "{urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0}SubmitObjectsRequest"
        names = [child.tag.rpartition("}")[2] for child in root[0]]
        assert names == ["RegistryPackage", "ExtrinsicObject", "Association"]
        ids = [element.get("id") for element in root.iter() if element.get("id")]
        assert len(ids) == len(set(ids))

    def test_what_packs_too_well_is_stored(self):
        zeros = package_document(DocumentEntry(entry_id="urn:x:1", unique_id="2.25.1", mime_type="a/b"), bytes(90_000))

        data = written(zeros)

        assert len(data) > 90_000
        assert read_package(data).documents == (zeros,)


class TestRefusals:
    @pytest.mark.parametrize("documents", [(), (replace(cda_document(), data=None),)])
    def test_nothing_to_send(self, documents):
        with pytest.raises(PackageError) as caught:
            write_package(documents, submission=SET, sender=SENDER)

        assert caught.value.code is PackageErrorCode.NO_DOCUMENT

    @pytest.mark.parametrize(
        ("limits", "code"),
        [
            (PackageLimits(files=3), PackageErrorCode.TOO_MANY_FILES),
            (PackageLimits(unpacked=1000), PackageErrorCode.TOO_LARGE),
        ],
    )
    def test_more_than_we_would_read(self, limits, code):
        with pytest.raises(PackageError) as caught:
            write_package([cda_document()], submission=SET, sender=SENDER, limits=limits)

        assert caught.value.code is code


class TestEntryOfCda:
    def test_mss_57_metadata_of_the_header(self):
        entry = cda_document().entry

        assert entry.unique_id == CDA_ID
        assert (entry.type_code.code, entry.class_code.code) == ("11502-2", "10")
        assert entry.class_code.system == "1.2.250.1.213.1.1.4.1"
        assert entry.format_code.code == "urn:ihe:iti:xds-sd:pdf:2008"
        assert entry.title == "Compte rendu d'examens"
        assert entry.created.written == "20260203091500"  # 10:15 in Paris
        assert entry.act_started.written == "202602030800"
        assert entry.language == "fr-FR"
        assert entry.facility_type.code == "SA25"
        assert entry.practice_setting.code == "AMBULATOIRE"
        assert entry.patient == entry.source_patient
        assert entry.patient.number == "279035121518989"
        assert entry.source_traits == PatientTraits(
            family="ROCHE", given="ANNE MARIE LOUISE", born=PartialDate(1979, 3, 28), sex="F"
        )
        assert [item.code for item in entry.confidentialities] == ["N"]

    def test_dmp_22_people(self):
        entry = cda_document().entry
        person = EntryPerson(
            number="810100000073",
            family="BENALI",
            given="Karim",
            authority="1.2.250.1.71.4.2.1",
            name_type="D",
            id_type="IDNPS",
        )

        assert entry.legal_authenticator == person
        assert entry.authors[0].person == person
        assert entry.authors[0].organisations[0].name == "Labo des Tilleuls"
        assert entry.authors[0].organisations[0].national_number == "750803447"
        assert entry.authors[0].specialties[0].code == "G15_10/SM03"

    def test_dmp_16_labels_stand_beside_that_of_the_document(self):
        labels = {Visibility.KEPT_FROM_REPRESENTATIVES, Visibility.HIDDEN}

        entry = entry_of_cda(read_cda(CDA), CDA, entry_id=ENTRY_ID, visibilities=labels)

        assert [item.code for item in entry.confidentialities] == ["N", "MASQUE_PS", "INVISIBLE_REPRESENTANTS_LEGAUX"]
        assert entry.visibilities == labels

    def test_dmp_24_a_device_alone(self):
        author = (
            '<author><time value="2026"/><assignedAuthor><id root="1.2.3" extension="9"/><assignedAuthoringDevice>'
            "<manufacturerModelName>Analyseur</manufacturerModelName><softwareName>Labo 3</softwareName>"
            "</assignedAuthoringDevice></assignedAuthor></author>"
        )
        data = SmallCda(author=author).data()

        (found,) = entry_of_cda(read_cda(data), data, entry_id=ENTRY_ID).authors

        assert (found.person.family, found.person.given, found.person.name_type) == ("Analyseur", "Labo 3", "U")

    @pytest.mark.parametrize(
        ("time", "sent"),
        [
            ("20260101003000+0400", "20251231203000"),
            ("202601010030+0400", "202512312030"),
            ("2026", "2026"),
            ("20260101003000", "20260101003000"),
            ("00010101003000+0400", "00010101003000+0400"),
        ],
    )
    def test_s07_times_go_in_utc(self, time, sent):
        data = SmallCda(time=f'<effectiveTime value="{time}"/>').data()

        assert entry_of_cda(read_cda(data), data, entry_id=ENTRY_ID).created.written == sent

    def test_a_bare_document_can_be_sent(self):
        data = SmallCda(patient="", author="", legal="", extra="", title="", time="", language="", code="").data()
        document = package_document(entry_of_cda(read_cda(data), data, entry_id=ENTRY_ID), data)

        assert document.faults == (DocumentFault.NO_PATIENT,)
        assert read_package(written(document)).documents == (document,)

    def test_relations_are_those_of_the_caller(self):
        relation = Relation(kind=RelationKind.REPLACES, target="urn:uuid:x")
        entry = entry_of_cda(read_cda(CDA), CDA, entry_id=ENTRY_ID, relations=(relation,))

        assert read_package(written(package_document(entry, CDA))).documents[0].entry.replaces == ("urn:uuid:x",)


def test_the_same_person_under_two_numbers_can_be_sent():
    data = SmallCda(body=payload(pdf())).data()
    other = PatientNumber(number="279035121518989", authority="1.2.250.1.213.1.4.8")
    document = package_document(replace(cda_document().entry, patient=other), data)

    assert document.is_sound
