"""Hostile archives: stopped by counting, in little memory, nothing on the disk (SEC-11, MSS-51, S10, S11)."""

from __future__ import annotations

import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from apps.formats.xdm.archive import Archive, DamagedFileError
from apps.formats.xdm.faults import DocumentFault, PackageError, PackageErrorCode, PackageFault
from apps.formats.xdm.limits import PackageLimits
from apps.formats.xdm.reading import read_package
from tests.formats.xdm.build import CDA, FOLDER, METADATA, Doc, RawFile, files_of, metadata, pack, package, raw_archive

ZEROS = bytes(2_000_000)
META = RawFile(name=METADATA.encode(), data=metadata(Doc()))
DOC = RawFile(name=(FOLDER + "DOC0001.XML").encode(), data=CDA)


def raw(name: str, data: bytes = b"", **facts: int | bytes) -> RawFile:
    return RawFile(name=name.encode(), data=data, **facts)


def refused(data: bytes, limits: PackageLimits | None = None) -> PackageErrorCode:
    with pytest.raises(PackageError) as caught:
        read_package(data, limits=limits or PackageLimits())
    return caught.value.code


class TestTheBuilder:
    def test_true_headers_make_a_good_package(self):
        assert read_package(raw_archive(META, DOC)).documents[0].is_sound


class TestBombs:
    def test_s11_a_file_that_opens_too_far_is_refused_before_reading(self):
        assert refused(pack([*files_of(Doc()), (FOLDER + "ZEROS.BIN", ZEROS)])) is PackageErrorCode.RATIO

    def test_s11_sizes_that_lie_stop_while_reading(self):
        lying = raw(FOLDER + "DOC0001.XML", ZEROS, packed_size=30_000)
        rest = RawFile(name=b"X", data=bytes(30_000), method=0)

        assert refused(raw_archive(META, lying, rest)) in {PackageErrorCode.OVERLAPPING, PackageErrorCode.RATIO}

    def test_a_size_said_too_small_gives_a_damaged_file(self):
        document = read_package(raw_archive(META, raw(FOLDER + "DOC0001.XML", ZEROS, size=10))).documents[0]

        assert document.faults == (DocumentFault.DAMAGED,)
        assert document.data is None

    def test_the_total_counts_what_was_read(self):
        limits = PackageLimits(unpacked=len(META.data) + len(CDA))

        assert read_package(raw_archive(META, DOC), limits=limits).documents[0].is_sound
        assert refused(raw_archive(META, DOC), PackageLimits(unpacked=len(META.data))) is PackageErrorCode.TOO_LARGE

    def test_the_count_does_not_believe_the_directory(self):
        archive = Archive(raw_archive(META, DOC), PackageLimits(unpacked=len(META.data) + len(CDA)))
        archive.read(archive.members[0])
        archive.read(archive.members[1])

        with pytest.raises(PackageError, match="too-large"):
            archive.read(archive.members[1])

    def test_declared_total_is_refused_before_reading(self):
        files = [raw(f"F{number}", b"x", size=30_000_000, packed_size=400_000) for number in range(3)]

        assert refused(raw_archive(META, *files)) in {PackageErrorCode.OVERLAPPING, PackageErrorCode.TOO_LARGE}

    def test_files_that_share_bytes_are_refused(self):
        same = [RawFile(name=f"F{number}".encode(), data=CDA, at=0) for number in range(3)]

        assert refused(raw_archive(*same)) is PackageErrorCode.OVERLAPPING

    def test_more_files_than_allowed(self):
        files = [(f"F{number}", b"") for number in range(98)]

        assert read_package(pack([*files_of(Doc())[2:], *files])).documents[0].is_sound
        assert refused(pack([*files_of(Doc()), *files])) is PackageErrorCode.TOO_MANY_FILES

    def test_a_directory_of_many_thousand_files_is_not_even_read(self):
        data = raw_archive(*(RawFile(name=b"F%d" % number, method=0) for number in range(6000)))

        assert refused(data) is PackageErrorCode.TOO_MANY_FILES

    @pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_methods_without_a_bound_are_not_unpacked(self, method):
        assert refused(pack(files_of(Doc()), method)) is PackageErrorCode.UNREADABLE_METADATA

    def test_memory_stays_flat_and_time_short(self):
        bombs = [
            pack([*files_of(Doc()), (FOLDER + "ZEROS.BIN", ZEROS)]),
            raw_archive(META, raw(FOLDER + "DOC0001.XML", ZEROS, size=10)),
            raw_archive(META, raw(FOLDER + "DOC0001.XML", ZEROS, size=150_000)),
            raw_archive(*(RawFile(name=b"F%d" % number, method=0) for number in range(6000))),
        ]
        tracemalloc.start()
        before = time.perf_counter()
        for data in bombs:
            try:
                read_package(data)
            except PackageError:
                continue
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

        assert peak < 3_000_000
        assert time.perf_counter() - before < 5


class TestDamage:
    @pytest.mark.parametrize("data", [b"", b"PK\x03\x04 not really\n", b"PK\x05\x06", b"x" * 100, package()[:-40]])
    def test_no_archive(self, data):
        assert refused(data) is PackageErrorCode.NOT_A_ZIP

    def test_half_an_archive(self):
        assert refused(package()[:700]) is PackageErrorCode.NOT_A_ZIP

    @pytest.mark.parametrize("flag", [0x1, 0x40, 0x2000])
    def test_encrypted_archives(self, flag):
        assert refused(raw_archive(META, raw(FOLDER + "DOC0001.XML", CDA, flags=flag))) is PackageErrorCode.ENCRYPTED

    @pytest.mark.parametrize(
        "broken",
        [
            raw(FOLDER + "DOC0001.XML", CDA, crc=1),
            raw(FOLDER + "DOC0001.XML", CDA, local_name=b"OTHER"),
            raw(FOLDER + "DOC0001.XML", CDA, method=99),
            raw(FOLDER + "DOC0001.XML", CDA, flags=0x20),
            raw(FOLDER + "DOC0001.XML", CDA, method=0, packed_size=100),
            raw(FOLDER + "DOC0001.XML", CDA, at=5_000_000),
        ],
    )
    def test_a_damaged_file_is_one_document_without_bytes(self, broken):
        document = read_package(raw_archive(META, broken)).documents[0]

        assert document.faults == (DocumentFault.DAMAGED,)
        assert document.entry.title == "Compte rendu"

    def test_a_size_said_too_large_changes_nothing(self):
        larger = raw(FOLDER + "DOC0001.XML", CDA, size=len(CDA) + 50)

        assert read_package(raw_archive(META, larger)).documents[0].data == CDA

    def test_damaged_metadata(self):
        broken = RawFile(name=META.name, data=META.data, crc=1)

        assert refused(raw_archive(broken, DOC)) is PackageErrorCode.UNREADABLE_METADATA

    def test_a_damaged_file_says_so_to_the_caller(self):
        archive = Archive(raw_archive(RawFile(name=b"F", data=b"x", crc=1)), PackageLimits())

        with pytest.raises(DamagedFileError):
            archive.read(archive.members[0])

    def test_names_that_are_no_utf_8_though_they_say_so(self):
        assert refused(raw_archive(META, RawFile(name=b"\xff\xfe", flags=0x800))) is PackageErrorCode.NOT_A_ZIP

    def test_sizes_after_the_data_are_read_from_the_directory(self):
        # bit 3: streaming writers fill the sizes in later; zipfile takes those of the directory
        files = [RawFile(name=META.name, data=META.data, flags=0x8), RawFile(name=DOC.name, data=CDA, flags=0x8)]

        assert read_package(raw_archive(*files)).documents[0].is_sound

    def test_zip64_fields_of_small_files_are_read(self):
        extra = b"\x01\x00\x08\x00" + len(CDA).to_bytes(8, "little")
        big = raw(FOLDER + "DOC0001.XML", CDA, size=0xFFFFFFFF, extra=extra)

        assert read_package(raw_archive(META, big)).documents[0].is_sound

    def test_zip64_sizes_that_lie_are_refused(self):
        extra = b"\x01\x00\x08\x00" + (1 << 62).to_bytes(8, "little")
        big = raw(FOLDER + "DOC0001.XML", CDA, size=0xFFFFFFFF, extra=extra)

        assert refused(raw_archive(META, big)) is PackageErrorCode.TOO_LARGE

    def test_an_archive_after_other_bytes_is_read(self):
        assert read_package(b"#!/bin/sh\n" + package()).documents[0].is_sound


class TestPaths:
    @pytest.mark.parametrize(
        "name",
        [
            "IHE_XDM/SUBSET01/../../../../slip-canary.txt",
            "/slip-canary.txt",
            "IHE_XDM\\SUBSET01\\..\\..\\pris.xml",
            "C:/slip.txt",
            "",
            "IHE_XDM/SUBSET01/DOC\x01.XML",
        ],
    )
    def test_s10_unsafe_names_are_ignored_and_told(self, name):
        found = read_package(raw_archive(META, DOC, raw(name, b"slip")))

        assert found.documents[0].is_sound
        assert found.faults == (PackageFault.UNSAFE_NAME,)

    def test_a_name_with_a_nul_is_not_cut_into_another_one(self):
        found = read_package(raw_archive(META, raw(FOLDER + "DOC0001.XML\x00.TXT", CDA)))

        assert found.faults == (PackageFault.UNSAFE_NAME,)
        assert found.documents[0].faults == (DocumentFault.MISSING,)

    def test_links_are_no_documents(self):
        link = raw(FOLDER + "DOC0001.XML", b"/etc/passwd", mode=0o120777)

        found = read_package(raw_archive(META, link))

        assert found.faults == (PackageFault.LINK,)
        assert found.documents[0].faults == (DocumentFault.MISSING,)

    def test_folders_are_nothing(self):
        found = read_package(raw_archive(raw("IHE_XDM/", mode=0o040755, method=0), META, DOC))

        assert found.faults == ()

    def test_nothing_is_written(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("TMPDIR", str(tmp_path))

        read_package(raw_archive(META, DOC, raw("pris.xml", CDA), raw("a/../../pris.xml", CDA)))

        assert list(tmp_path.rglob("*")) == []
        assert not (tmp_path.parent / "pris.xml").exists()
