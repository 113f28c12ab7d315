"""Packages of our own: what is read, what is held, what is refused (MSS-50..53, DMP-28, S09, S10)."""

from __future__ import annotations

import pytest

from apps.formats.xdm.faults import BLOCKING, DocumentFault, PackageError, PackageErrorCode, PackageFault
from apps.formats.xdm.limits import PackageLimits
from apps.formats.xdm.model import PackagedDocument, Status, Visibility
from apps.formats.xdm.reading import read_package
from tests.formats.small_cda import SmallCda
from tests.formats.xdm.build import (
    CDA,
    CDA_ID,
    DELETED,
    FOLDER,
    METADATA,
    Doc,
    association,
    files_of,
    metadata,
    pack,
    package,
)

OTHER = "urn:uuid:00000000-0000-4000-8000-000000000002"
SECOND = Doc(data=b"%PDF-1.4\n", file="DOC0002.PDF", entry_id=OTHER, unique_id="2.25.2", mime_type="application/pdf")


def only(data: bytes) -> PackagedDocument:
    documents = read_package(data).documents
    assert len(documents) == 1
    return documents[0]


def refused(data: bytes, limits: PackageLimits | None = None) -> PackageErrorCode:
    with pytest.raises(PackageError) as caught:
        read_package(data, limits=limits or PackageLimits())
    return caught.value.code


class TestOneDocument:
    def test_bytes_and_metadata(self):
        found = read_package(package())

        document = found.documents[0]
        assert document.data == CDA
        assert document.size == len(CDA)
        assert len(document.sha1) == 40
        assert document.unique_id == CDA_ID
        assert document.entry.title == "Compte rendu"
        assert document.entry.created.iso() == "2026-02-03T10:15:00"
        assert document.entry.status is Status.APPROVED
        assert document.entry.source_patient.number == "279035121518989"
        assert document.entry.source_patient.authority == "1.2.250.1.213.1.4.10"
        assert document.name == "DOC0001.XML"
        assert document.faults == ()
        assert document.is_sound
        assert found.submission.unique_id == "2.25.7"
        assert found.submission.title == "Envoi"
        assert found.faults == ()

    def test_the_number_of_the_patient_is_in_no_repr(self):
        assert "279035121518989" not in repr(read_package(package()))

    def test_header_of_the_cda_is_read(self):
        cda = only(package()).cda

        assert cda.unique_id == CDA_ID
        assert cda.replaces == ("1.2.250.1.999^A-0",)
        assert [item.number for item in cda.patients] == ["279035121518989", "IPP-7"]

    def test_dmp_01_without_a_unique_id_that_of_the_cda_counts(self):
        document = only(package(Doc(unique_id=None)))

        assert document.entry.unique_id is None
        assert document.unique_id == CDA_ID
        assert document.faults == (DocumentFault.NO_UNIQUE_ID,)
        assert document.is_sound

    @pytest.mark.parametrize("change", [str.lower, lambda name: name.replace("/", "\\")])
    def test_mss_51_names_have_no_case_and_either_slash(self, change):
        data = pack([(change(name), content) for name, content in files_of(Doc())])

        assert only(data).data == CDA

    @pytest.mark.parametrize(
        ("file", "uri"), [("A B.XML", "A%20B.XML"), ("A B.XML", "./a b.xml"), ("D/A.XML", "D\\A.XML")]
    )
    def test_uri_forms_that_name_the_file(self, file, uri):
        assert only(package(Doc(file=file, uri=uri))).is_sound

    def test_two_documents_of_one_deposit_keep_their_order(self):
        found = read_package(package(SECOND, Doc()))

        assert [item.unique_id for item in found.documents] == ["2.25.2", CDA_ID]
        assert len(found.submissions) == 1


class TestVisibility:
    @pytest.mark.parametrize(
        ("code", "visibility"),
        [
            ("MASQUE_PS", Visibility.HIDDEN),
            ("INVISIBLE_PATIENT", Visibility.CONCEALED),
            ("invisible_patient", Visibility.CONCEALED),
            ("INVISIBLE_REPRESENTANTS_LEGAUX", Visibility.KEPT_FROM_REPRESENTATIVES),
            ("INVISIBLE_REP_LEGAUX", Visibility.KEPT_FROM_REPRESENTATIVES),
        ],
    )
    def test_dmp_16_labels_of_the_metadata(self, code, visibility):
        entry = only(package(Doc(labels=("N", code)))).entry

        assert entry.visibilities == {visibility}
        assert entry.confidentiality == "N"
        assert entry.is_hidden is (visibility is Visibility.HIDDEN)
        assert entry.is_concealed is (visibility is Visibility.CONCEALED)
        assert entry.is_kept_from_representatives is (visibility is Visibility.KEPT_FROM_REPRESENTATIVES)

    def test_an_unknown_label_is_told(self):
        document = only(package(Doc(labels=("N", "INVISIBLE_PATIENTS"))))

        assert document.faults == (DocumentFault.UNKNOWN_CONFIDENTIALITY,)

    @pytest.mark.parametrize(("labels", "strictest"), [(("N", "V"), "V"), (("R",), "R"), ((), None)])
    def test_the_strictest_confidentiality_counts(self, labels, strictest):
        assert only(package(Doc(labels=labels))).entry.confidentiality == strictest


class TestRequests:
    def test_mss_52_replacement(self):
        document = only(package(Doc(), extra=association("RPLC", Doc().entry_id, OTHER)))

        assert document.entry.replaces == (OTHER,)

    def test_mss_52_deletion(self):
        assert only(package(Doc(status=DELETED))).entry.status is Status.DELETED

    def test_a_status_that_nobody_knows_is_told(self):
        document = only(package(Doc(status="urn:x:Frozen")))

        assert document.entry.status is Status.UNKNOWN
        assert document.faults == (DocumentFault.UNKNOWN_STATUS,)

    def test_mss_50_twin_by_association(self):
        found = read_package(package(Doc(), SECOND, extra=association("XFRM", SECOND.entry_id, Doc().entry_id)))
        cda, copy = found.documents

        assert found.twin_of(copy) is cda
        assert found.twin_of(cda) is None
        assert copy.entry.replaces == ()


class TestHeldDocuments:
    @pytest.mark.parametrize(
        ("doc", "fault"),
        [
            (Doc(sha1="0" * 40), DocumentFault.HASH),
            (Doc(size="1"), DocumentFault.SIZE),
            (Doc(uri="DOC0009.XML"), DocumentFault.MISSING),
            (Doc(uri=""), DocumentFault.MISSING),
            (Doc(patient="277076322082910^^^&1.2.250.1.213.1.4.8&ISO^NH"), DocumentFault.OTHER_PATIENT),
        ],
    )
    def test_dmp_28_dmp_83_what_holds_a_document(self, doc, fault):
        document = only(package(doc))

        assert document.faults == (fault,)
        assert fault in BLOCKING
        assert not document.is_sound

    def test_a_type_in_the_metadata_does_not_hide_another_patient(self):
        doc = Doc(mime_type="application/octet-stream", patient="277076322082910^^^&1.2.250.1.213.1.4.8&ISO^NH")

        assert DocumentFault.OTHER_PATIENT in only(package(doc)).faults

    @pytest.mark.parametrize(
        "patient",
        [
            "2790351215189^^^&1.2.250.1.213.1.4.8&ISO^NH",  # without its key, of another authority (DMP-27)
            "IPP-9^^^&1.2.3.4&ISO^PI",
        ],
    )
    def test_dmp_27_the_same_person_otherwise_written(self, patient):
        assert only(package(Doc(patient=patient))).is_sound

    def test_a_deposit_about_two_persons_holds_the_document(self):
        extra = '<ExternalIdentifier identificationScheme="urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427" '
        extra += 'value="277076322082910^^^&amp;1.2.250.1.213.1.4.8&amp;ISO^NH"/>'

        assert only(package(Doc(extra=extra))).faults == (DocumentFault.OTHER_PATIENT,)

    def test_another_unique_id_than_that_of_the_cda_is_told(self):
        assert only(package(Doc(unique_id="2.25.9"))).faults == (DocumentFault.OTHER_UNIQUE_ID,)

    @pytest.mark.parametrize("data", [b"not xml", b"<a/>", b"<!DOCTYPE a><a/>"])
    def test_xml_that_is_no_cda_is_told(self, data):
        document = only(package(Doc(data=data)))

        assert document.faults == (DocumentFault.NOT_CDA,)
        assert document.data == data

    def test_one_file_is_not_two_documents(self):
        twice = Doc(entry_id=OTHER, unique_id="2.25.3")

        assert [item.faults for item in read_package(pack(files_of(Doc(), twice)[:-1])).documents] == [
            (),
            (DocumentFault.AMBIGUOUS_NAME,),
        ]

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_a_name_that_stands_twice_names_nothing(self):
        found = read_package(pack([*files_of(Doc()), (FOLDER + "doc0001.xml", b"<other/>")]))

        assert found.faults == (PackageFault.DUPLICATE_NAME,)
        assert found.documents[0].faults == (DocumentFault.AMBIGUOUS_NAME,)
        assert found.documents[0].data is None
        assert found.documents[0].sha1 is None

    def test_one_unique_id_for_two_documents_holds_both(self):
        other = Doc(data=SmallCda().data(), file="DOC0002.XML", entry_id=OTHER)

        assert [item.faults for item in read_package(package(Doc(), other)).documents] == [
            (DocumentFault.SAME_ID_TWICE,),
            (DocumentFault.SAME_ID_TWICE,),
        ]

    def test_hash_and_size_that_are_not_told_are_missed(self):
        doc = Doc(extra="")
        text = metadata(doc).replace(b'name="hash"', b'name="other"').replace(b'name="size"', b'name="another"')

        document = only(pack([(METADATA, text), (FOLDER + doc.file, doc.data)]))

        assert document.faults == (DocumentFault.NO_HASH, DocumentFault.NO_SIZE)
        assert document.is_sound


class TestSubsets:
    def test_the_same_document_of_two_subsets_counts_once(self):
        again = [(name.replace("SUBSET01", "SUBSET02"), data) for name, data in files_of(Doc())[2:]]

        found = read_package(pack([*files_of(Doc()), *again]))

        assert len(found.documents) == 1
        assert len(found.submissions) == 1
        assert found.faults == (PackageFault.SEVERAL_SUBSETS, PackageFault.SAME_DOCUMENT_TWICE)

    def test_a_subset_that_cannot_be_read_does_not_hide_the_other(self):
        found = read_package(pack([*files_of(Doc()), ("IHE_XDM/SUBSET02/METADATA.XML", b"not xml")]))

        assert len(found.documents) == 1
        assert found.faults == (PackageFault.SEVERAL_SUBSETS, PackageFault.UNREADABLE_SUBSET)

    def test_a_document_of_a_subset_is_not_looked_for_in_another(self):
        files = [(METADATA, metadata(Doc())), ("IHE_XDM/SUBSET02/DOC0001.XML", CDA)]

        assert only(pack(files)).faults == (DocumentFault.MISSING,)

    def test_a_package_without_submission_set_is_read(self):
        found = read_package(pack([(METADATA, metadata(Doc(), deposit="")), (FOLDER + "DOC0001.XML", CDA)]))

        assert found.submission is None
        assert found.faults == (PackageFault.NO_SUBMISSION_SET,)

    def test_mss_51_other_files_and_archives_inside_are_ignored(self):
        inner = package()
        found = read_package(pack([*files_of(Doc()), ("autorun.inf", b"x"), (FOLDER + "INNER.ZIP", inner)]))

        assert len(found.documents) == 1
        assert found.faults == (PackageFault.EXTRA_FILES,)


class TestRefusals:
    def test_s09_no_metadata(self):
        assert refused(pack([item for item in files_of(Doc()) if item[0] != METADATA])) is PackageErrorCode.NO_METADATA

    @pytest.mark.parametrize("place", ["METADATA.XML", "IHE_XDM/METADATA.XML", "X/SUBSET01/METADATA.XML"])
    def test_metadata_elsewhere_is_none(self, place):
        assert refused(pack([(place, metadata(Doc()))])) is PackageErrorCode.NO_METADATA

    @pytest.mark.parametrize(
        "text",
        [
            b"not xml",
            b"",
            b"<SubmitObjectsRequest/>",
            metadata(Doc()).replace(b"SubmitObjectsRequest", b"AdhocQueryRequest"),
            b'<!DOCTYPE x [<!ENTITY e SYSTEM "http://xxe-canary.invalid/">]>' + metadata(Doc()),
        ],
    )
    def test_sec_10_metadata_that_cannot_be_read(self, text):
        assert refused(pack([(METADATA, text)])) is PackageErrorCode.UNREADABLE_METADATA

    def test_metadata_that_names_no_document(self):
        assert refused(pack([(METADATA, metadata())])) is PackageErrorCode.NO_DOCUMENT

    @pytest.mark.parametrize(
        "uri",
        [
            "../../../../tmp/pris.xml",
            "..\\..\\pris.xml",
            "/var/pris.xml",
            "C:\\pris.xml",
            "file:///etc/passwd",
            "http://canary.invalid/x",
            "%2e%2e/pris.xml",
            "a//b.xml",
        ],
    )
    def test_s10_a_uri_that_leaves_its_folder_refuses_the_package(self, uri):
        data = pack([*files_of(Doc(uri=uri)), ("IHE_XDM/SUBSET01/../../../../tmp/pris.xml", CDA)])

        assert refused(data) is PackageErrorCode.UNSAFE_PATH

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_metadata_that_stands_twice(self):
        assert refused(pack([*files_of(Doc()), (METADATA, b"<x/>")])) is PackageErrorCode.AMBIGUOUS_METADATA

    def test_more_documents_named_than_files_allowed(self):
        docs = [Doc(entry_id=f"urn:x:{number}", unique_id=f"2.25.{number}") for number in range(101)]
        data = pack([(METADATA, metadata(*docs)), (FOLDER + "DOC0001.XML", CDA)], 0)

        assert refused(data) is PackageErrorCode.TOO_MANY_FILES

    def test_more_subsets_than_allowed(self):
        files = [(f"IHE_XDM/SUBSET{number:02d}/METADATA.XML", b"<x/>") for number in range(11)]

        assert refused(pack(files)) is PackageErrorCode.TOO_MANY_FILES

    def test_metadata_larger_than_allowed(self):
        assert refused(package(), PackageLimits(metadata=100)) is PackageErrorCode.TOO_LARGE

    def test_more_markup_than_allowed(self):
        assert refused(package(), PackageLimits(markup=100)) is PackageErrorCode.TOO_LARGE
