"""Every archive of samples/xdm against its README: what is read, held, refused."""

from __future__ import annotations

import pytest

from apps.formats.xdm.faults import DocumentFault, PackageError, PackageErrorCode, PackageFault
from apps.formats.xdm.model import Package, Status, Visibility
from apps.formats.xdm.reading import read_package
from tests.shared_material import needs_shared, shared

pytestmark = needs_shared
SAMPLES = shared("samples/xdm")
PATIENT = "279035121518989"
FIRST = "urn:uuid:99a471bc-e4bb-5089-8e5c-886a660e43ef"
OK = ["delete", "invisible_patient", "invisible_rl", "masque_ps", "one_n1", "prescription", "replace", "two_n1_n3"]
REFUSED = {
    "bomb-60mb": PackageErrorCode.TOO_LARGE,
    "encrypted-flag": PackageErrorCode.ENCRYPTED,
    "metadata-not-xml": PackageErrorCode.UNREADABLE_METADATA,
    "metadata-xxe": PackageErrorCode.UNREADABLE_METADATA,
    "no-metadata": PackageErrorCode.NO_METADATA,
    "not-a-zip": PackageErrorCode.NOT_A_ZIP,
    "truncated": PackageErrorCode.NOT_A_ZIP,
}
HELD = {
    "hash-mismatch": DocumentFault.HASH,
    "metadata-other-patient": DocumentFault.OTHER_PATIENT,
    "size-mismatch": DocumentFault.SIZE,
    "uri-missing-file": DocumentFault.MISSING,
}
READ = {
    "absolute-path": (PackageFault.UNSAFE_NAME,),
    "extra-files": (PackageFault.EXTRA_FILES,),
    "lower-case-names": (),
    "nested-zip": (PackageFault.EXTRA_FILES,),
    "two-subsets": (PackageFault.SEVERAL_SUBSETS, PackageFault.SAME_DOCUMENT_TWICE),
    "zip-slip": (PackageFault.UNSAFE_NAME,),
}


def package(folder: str, name: str) -> Package:
    return read_package((SAMPLES / folder / f"IHE_XDM_{name}.zip").read_bytes())


def test_every_archive_has_a_test():
    assert {path.stem.removeprefix("IHE_XDM_") for path in (SAMPLES / "ok").glob("*.zip")} == set(OK)
    malformed = {path.stem.removeprefix("IHE_XDM_") for path in (SAMPLES / "malformed").glob("*.zip")}
    assert malformed == set(REFUSED) | set(HELD) | set(READ)


@pytest.mark.parametrize("name", OK)
def test_dmp_28_good_archives_have_no_fault(name):
    found = package("ok", name)

    assert found.faults == ()
    assert all(document.is_sound and document.faults == () for document in found.documents)
    assert {document.entry.source_patient.number for document in found.documents} == {PATIENT}
    assert {document.entry.source_traits.family for document in found.documents} == {"PAT-TROIS"}
    assert found.submission.content_type.code == "07"


def test_one_n1():
    (document,) = package("ok", "one_n1").documents

    assert document.size == 20_082
    assert document.sha1 == "34eb142a929ee1b1929f43002678c9d151cfabd0"
    assert document.unique_id == "2.25.999900006"
    entry = document.entry
    assert (entry.type_code.code, entry.class_code.code) == ("18748-4", "31")
    assert entry.format_code.code == "urn:ihe:iti:xds-sd:pdf:2008"
    assert entry.title == "Compte rendu, version 1"
    assert entry.language == "fr-FR"
    assert entry.created.iso() == "2021-01-08T11:17:00"
    assert entry.authors[0].person.national_number == "01234560801"
    assert entry.authors[0].organisations[0].name == "Centre de radiologie Ambroise"
    assert entry.authors[0].specialties[0].code == "G15_10/SM44"
    assert entry.source_traits.born.iso() == "1979-03-28"
    assert entry.source_traits.sex == "F"


def test_two_n1_n3():
    found = package("ok", "two_n1_n3")

    assert [document.entry.type_code.code for document in found.documents] == ["18748-4", "11502-2"]
    assert len(found.submissions) == 1


def test_prescription():
    (document,) = package("ok", "prescription").documents

    assert document.entry.class_code.code == "42"
    assert document.entry.format_code.code == "urn:ihe:pharm:pre:2010"


@pytest.mark.parametrize(
    ("name", "visibility"),
    [
        ("masque_ps", Visibility.HIDDEN),
        ("invisible_patient", Visibility.CONCEALED),
        ("invisible_rl", Visibility.KEPT_FROM_REPRESENTATIVES),
    ],
)
def test_mss_53_visibility_of_the_metadata(name, visibility):
    (document,) = package("ok", name).documents

    assert document.entry.visibilities == {visibility}
    assert document.entry.confidentiality == "N"


def test_mss_52_replace():
    (document,) = package("ok", "replace").documents

    assert document.entry.replaces == (FIRST,)
    assert document.cda.replaces == ("2.25.999900006",)
    assert package("ok", "one_n1").documents[0].entry.entry_id == FIRST


def test_mss_52_delete():
    (document,) = package("ok", "delete").documents

    assert document.entry.status is Status.DELETED
    assert document.unique_id == "2.25.999900006"


@pytest.mark.parametrize(("name", "code"), REFUSED.items())
def test_refused(name, code):
    with pytest.raises(PackageError) as caught:
        package("malformed", name)

    assert caught.value.code is code


@pytest.mark.parametrize(("name", "fault"), HELD.items())
def test_held(name, fault):
    (document,) = package("malformed", name).documents

    assert document.faults == (fault,)
    assert not document.is_sound
    assert document.entry.title == "Compte rendu, version 1"


@pytest.mark.parametrize(("name", "faults"), READ.items())
def test_read_by_name_alone(name, faults):
    found = package("malformed", name)

    assert found.faults == faults
    assert [(document.size, document.is_sound) for document in found.documents] == [(20_082, True)]
