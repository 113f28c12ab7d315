"""CDA to the metadata of an XDS DocumentEntry (DMP-01..26)."""

from __future__ import annotations

import hashlib

import pytest

from apps.formats.cda.metadata import XdsMetadata, xds_metadata
from apps.formats.cda.nomenclature import class_labels, document_type, document_types
from apps.formats.cda.reader import read_cda
from tests.formats.small_cda import AUTHOR, SmallCda, payload, pdf, section, sections

TEXT = sections(section("Normal"))


def metadata(**parts: str) -> XdsMetadata:
    data = SmallCda(**{"body": TEXT, **parts}).data()
    return xds_metadata(read_cda(data), data)


def test_dmp_10_the_fields_of_an_entry():
    data = SmallCda(body=TEXT).data()
    entry = xds_metadata(read_cda(data), data)

    assert (entry.unique_id, entry.set_id, entry.version_number) == ("1.2.250.1.999^A-1", "1.2.250.1.998^S-1", 2)
    assert entry.replaces == ("1.2.250.1.999^A-0",)
    assert (entry.type_code, entry.type_label) == ("11502-2", "CR d'examens biologiques")
    assert (entry.class_code, entry.class_label, entry.category) == ("10", "Compte rendu", "BIOLOGIE")
    assert (entry.confidentiality, entry.language, entry.title) == ("N", "fr-FR", "Compte rendu d'examens")
    assert entry.creation_time is not None
    assert entry.creation_time.iso() == "2026-02-03T10:15:00+01:00"
    assert entry.facility_type is not None
    assert entry.facility_type.code == "SA25"
    assert entry.practice_setting is not None
    assert entry.practice_setting.code == "AMBULATOIRE"


def test_dmp_08_the_act_has_its_own_dates():
    entry = metadata()

    assert entry.service_start is not None
    assert entry.service_stop is not None
    assert (entry.service_start.iso(), entry.service_stop.iso()) == ("2026-02-03T09:00+01:00", "2026-02-03T10:00+01:00")


def test_dmp_22_and_23_authors_without_the_prefix_digit():
    (author,) = metadata().authors

    assert (author.name, author.number) == ("Dr Karim BENALI", "10100000073")
    assert (author.institution, author.institution_number) == ("Labo des Tilleuls", "750803447")
    assert author.specialty is not None
    assert author.specialty.code == "G15_10/SM03"


def test_dmp_28_hash_and_size_are_those_of_the_bytes():
    data = SmallCda(body=TEXT).data()
    entry = xds_metadata(read_cda(data), data)

    assert (entry.hash_sha1, entry.size) == (hashlib.sha1(data).hexdigest(), len(data))  # noqa: S324  DMP-28


@pytest.mark.parametrize(
    ("code", "label", "category"),
    [
        ('<code code="99999-9" codeSystem="2.16.840.1.113883.6.1" displayName="Autre CR"/>', "Autre CR", "AUTR_DOC"),
        ('<code code="99999-9" codeSystem="2.16.840.1.113883.6.1"/>', "99999-9", "AUTR_DOC"),
        ('<code code="11502-2" codeSystem="1.2.3" displayName="Local"/>', "Local", "AUTR_DOC"),
        ('<code nullFlavor="UNK"/>', None, "AUTR_DOC"),
        ('<code code="34895-3" codeSystem="2.16.840.1.113883.6.1"/>', "Fiche d'information au patient", "AUTR_DOC"),
    ],
)
def test_dmp_13_an_unknown_type_shows_its_own_words_among_the_other_documents(code, label, category):
    entry = metadata(code=code)

    assert (entry.type_label, entry.category, entry.class_code) == (label, category, None)


@pytest.mark.parametrize(
    ("data", "media_type", "expected"),
    [
        (pdf(), "application/pdf", "urn:ihe:iti:xds-sd:pdf:2008"),
        (b"texte", "text/plain", "urn:ihe:iti:xds-sd:text:2008"),
        (b"{\\rtf1}", "text/rtf", "urn:ihe:iti-fr:xds-sd:rtf:2010"),
        (b"\xff\xd8\xff\xe0", "image/jpeg", "urn:ihe:iti-fr:xds-sd:jpeg:2010"),
        (b"MZ", "application/x-other", None),
    ],
)
def test_dmp_20_the_format_of_level_1_comes_from_the_media_type(data, media_type, expected):
    assert metadata(body=payload(data, media_type)).format_code == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("1.2.250.1.213.1.1.1.55", "urn:ihe:lab:xd-lab:2008"),
        ("1.2.250.1.213.1.1.1.46", "urn:asip:ci-sis:vac-note:2021"),
        ("1.2.250.1.213.1.1.1.51", "urn:ihe:pcc:ips:2020"),
        ("1.2.3", None),
    ],
)
def test_dmp_21_the_format_of_level_3_comes_from_the_model(template, expected):
    assert metadata(template=template).format_code == expected


def test_dmp_16_a_visibility_code_in_the_header_is_no_confidentiality():
    data = SmallCda(body=TEXT).text().replace('<confidentialityCode code="N"', '<confidentialityCode code="MASQUE_PS"')

    assert xds_metadata(read_cda(data.encode()), b"").confidentiality is None


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({}, False),
        ({"author": AUTHOR.replace("1.2.250.1.71.4.2.1", "1.2.250.1.213.1.4.10")}, True),
        ({"code": '<code code="DOCPAT05" codeSystem="1.2.250.1.213.1.1.4.12"/>'}, True),
        (
            {
                "extra": "<componentOf><encompassingEncounter><location><healthCareFacility>"
                '<code code="EXP_PATIENT"/></healthCareFacility></location></encompassingEncounter></componentOf>'
            },
            True,
        ),
    ],
)
def test_dmp_25_the_holders_own_documents_are_recognised(parts, expected):
    assert metadata(**parts).by_patient is expected


def test_dmp_11_and_12_the_types_have_known_classes_and_a_category():
    known = document_types().values()

    assert len(known) == 123
    assert {row.class_code for row in known} - {None} <= set(class_labels())
    assert all(row.category for row in known)
    old = document_type("11526-1")
    assert old is not None
    assert (old.class_code, old.category) == ("10", "BIOLOGIE")
