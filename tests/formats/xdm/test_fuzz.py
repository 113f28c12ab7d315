"""Any bytes, and archives that were changed anywhere: never anything but `PackageError` (SEC-10, SEC-11)."""

from __future__ import annotations

import contextlib
import zipfile

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.formats.xdm.faults import PackageError
from apps.formats.xdm.hl7 import read_coded_text, read_cx, read_traits, read_xcn, read_xon
from apps.formats.xdm.listing import list_files, read_file
from apps.formats.xdm.reading import read_package
from tests.formats.xdm.build import (
    CDA,
    FOLDER,
    METADATA,
    Doc,
    RawFile,
    association,
    files_of,
    metadata,
    pack,
    package,
    raw_archive,
)

WHOLE = package(Doc(), extra=association("RPLC", Doc().entry_id, "urn:uuid:x"))
STORED = pack(files_of(Doc()), zipfile.ZIP_STORED)
WORDS = [
    b"PK\x01\x02",
    b"PK\x05\x06",
    b"PK\x06\x07",
    b"\xff\xff\xff\xff",
    b"\x00\x00\x00\x00",
    b"\x01\x00\x08\x00",
    b"/../",
]
TAGS = [b"<!DOCTYPE a>", b"<Slot/>", b"</Slot>", b'id="', b"&#0;", b"^^^&", b"9" * 5000, b"Classification", b"\xff\xfe"]
EDITS = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(0, 40), st.sampled_from(WORDS + TAGS) | st.binary(max_size=6)),
    min_size=1,
    max_size=6,
)


def edited(data: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    for place, cut, put in edits:
        at = place % (len(data) + 1)
        data = data[:at] + put + data[at + cut :]
    return data


def survives(data: bytes) -> None:
    """Everything that reads an archive; every property of what comes out."""
    with contextlib.suppress(PackageError):
        found = read_package(data)
        assert found.documents
        for document in found.documents:
            assert (document.data is None) == (document.sha1 is None)
            assert document.is_sound or document.faults
            assert isinstance(repr((document.entry.visibilities, document.entry.replaces, document.unique_id)), str)
            found.twin_of(document)
    with contextlib.suppress(PackageError):
        for item in list_files(data):
            with contextlib.suppress(PackageError):
                read_file(data, item.number)


@settings(max_examples=100)
@given(st.binary(max_size=400))
def test_any_bytes(data):
    survives(data)


@settings(max_examples=100)
@given(st.binary(max_size=100), st.binary(max_size=60))
def test_any_bytes_that_begin_and_end_like_an_archive(middle, end):
    survives(b"PK\x03\x04" + middle + b"PK\x01\x02" + end + b"PK\x05\x06" + bytes(18))


@settings(max_examples=250)
@given(st.sampled_from([WHOLE, STORED]), EDITS)
def test_changed_archives(data, edits):
    survives(edited(data, edits))


@settings(max_examples=250)
@given(EDITS)
def test_changed_directories(edits):
    at = WHOLE.index(b"PK\x01\x02")

    survives(WHOLE[:at] + edited(WHOLE[at:], edits))


@settings(max_examples=200)
@given(EDITS)
def test_changed_metadata(edits):
    survives(pack([(METADATA, edited(metadata(Doc()), edits)), (FOLDER + "DOC0001.XML", CDA)]))


@settings(max_examples=100)
@given(EDITS)
def test_changed_documents(edits):
    survives(package(Doc(data=edited(CDA, edits))))


@settings(max_examples=150)
@given(
    st.lists(
        st.builds(
            RawFile,
            name=st.sampled_from([METADATA.encode(), (FOLDER + "DOC0001.XML").encode(), b"../x", b""]),
            data=st.sampled_from([metadata(Doc()), CDA, b""]),
            flags=st.sampled_from([0, 1, 8, 0x20, 0x800]),
            method=st.sampled_from([0, 8, 12, 14, 99]),
            size=st.none() | st.integers(0, 2**32 - 1),
            packed_size=st.none() | st.integers(0, 2**32 - 1),
            crc=st.none() | st.just(0),
            mode=st.sampled_from([0o100644, 0o120777, 0o040755]),
            at=st.none() | st.integers(0, 2**32 - 1),
            extra=st.sampled_from([b"", b"\x01\x00", b"\x01\x00\x18\x00" + b"\xff" * 24, b"\x75\x70\x01\x00\x00"]),
        ),
        max_size=4,
    ),
    st.none() | st.integers(0, 65_535),
)
def test_headers_that_say_anything(files, count):
    survives(raw_archive(*files, count=count))


@given(st.text(max_size=80))
def test_hl7_types_take_any_text(text):
    for read in (read_cx, read_xcn, read_xon, read_coded_text):
        read(text)
    read_traits([text, "PID-5|" + text, "PID-7|" + text])
