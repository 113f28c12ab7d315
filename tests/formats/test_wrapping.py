"""A level-1 CDA round a file that people add (DMP-56)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.formats.cda.metadata import xds_metadata
from apps.formats.cda.nomenclature import document_types
from apps.formats.cda.reader import read_cda
from apps.formats.cda.wrapping import Person, Wrapped, write_level_one

PERSON = Person(
    authority="1.2.250.1.213.1.4.10",
    number="279024410999913",
    family="MOREL",
    given_names="ALICE JEANNE",
    first_given="ALICE",
    sex="F",
    born="1979-02-00",
)
WRAPPED = Wrapped(
    unique_id="2.25.7",
    type_code="DOCPAT05",
    title="Prise de sang <mars> & avril",
    dated=date(2026, 3, 2),
    written_at=datetime(2026, 11, 25, 12, 0, tzinfo=UTC),
    media_type="application/pdf",
    content=b"%PDF-1.7\n",
    person=PERSON,
)


class TestWrapping:
    def test_dmp_56_author_and_authenticator_are_the_patient(self):
        cda = read_cda(write_level_one(WRAPPED))
        assert [author.is_patient for author in cda.authors] == [True]
        assert cda.legal_authenticator is not None
        metadata = xds_metadata(cda, write_level_one(WRAPPED))
        assert metadata.by_patient
        assert metadata.facility_type is not None
        assert metadata.practice_setting is not None
        assert (metadata.facility_type.code, metadata.practice_setting.code) == ("EXP_PATIENT", "EXP_PATIENT")

    def test_dmp_10_what_the_record_needs_is_there(self):
        data = write_level_one(WRAPPED)
        metadata = xds_metadata(read_cda(data), data)
        assert (metadata.unique_id, metadata.version_number, metadata.confidentiality) == ("2.25.7", 1, "N")
        assert (metadata.type_code, metadata.class_code, metadata.category) == ("DOCPAT05", "10", "BIOLOGIE")
        assert metadata.title == "Prise de sang <mars> & avril"
        assert metadata.format_code == "urn:ihe:iti:xds-sd:pdf:2008"
        assert metadata.service_start is not None
        assert metadata.service_start.iso() == "2026-03-02"
        assert metadata.creation_time is not None
        assert metadata.creation_time.iso().startswith("2026-11-25T12:00:00")

    def test_dmp_09_an_unknown_day_of_birth_is_not_filled(self):
        patient = read_cda(write_level_one(WRAPPED)).patient
        assert patient is not None
        assert patient.born is not None
        assert patient.born.written == "197902"
        assert [item.extension for item in patient.ins] == ["279024410999913"]

    def test_the_same_value_is_the_same_bytes(self):
        assert write_level_one(WRAPPED) == write_level_one(replace(WRAPPED))

    def test_a_type_that_no_list_has_is_an_error_of_the_caller(self):
        with pytest.raises(KeyError):
            write_level_one(replace(WRAPPED, type_code="NONE"))

    def test_every_sex_of_the_ins_is_written(self):
        codes = {"F": "F", "M": "M", "I": "UN"}
        for sex, code in codes.items():
            patient = read_cda(write_level_one(replace(WRAPPED, person=replace(PERSON, sex=sex)))).patient
            assert patient is not None
            assert patient.sex is not None
            assert patient.sex.code == code

    @given(
        content=st.binary(min_size=1, max_size=400),
        type_code=st.sampled_from(sorted(code for code in document_types() if code.startswith("DOCPAT"))),
    )
    def test_the_bytes_come_back(self, content, type_code):
        cda = read_cda(write_level_one(replace(WRAPPED, content=content, type_code=type_code)))
        assert cda.payload is not None
        assert cda.payload.data == content
