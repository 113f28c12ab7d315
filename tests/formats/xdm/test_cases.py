"""Cases S09-S12: packages as they go wrong in the field."""

from __future__ import annotations

import tracemalloc

import pytest

from apps.formats.xdm.faults import PackageError, PackageErrorCode
from apps.formats.xdm.listing import list_files, read_file
from apps.formats.xdm.reading import read_package
from tests.shared_material import needs_shared, shared

pytestmark = needs_shared


def case(name: str) -> bytes:
    return shared(f"cases/xdm/{name}.zip").read_bytes()


def refused(name: str) -> PackageErrorCode:
    with pytest.raises(PackageError) as caught:
        read_package(case(name))
    return caught.value.code


def test_the_baseline_is_accepted():
    (document,) = read_package(case("baseline-accepted")).documents

    assert document.is_sound
    assert document.size == 2446
    assert document.sha1 == "bcf6dbf303fb075ff34b6cdcb133b6521bc3c7b3"
    assert document.entry.title == "Compte rendu d'examens biologiques"


def test_s09_without_metadata_it_is_a_plain_zip():
    assert refused("S09-no-metadata") is PackageErrorCode.NO_METADATA
    listed = list_files(case("S09-no-metadata"))
    assert [item.name for item in listed] == ["README.TXT", "INDEX.HTM", "DOC0001.XML"]
    assert len(read_file(case("S09-no-metadata"), 2)) == 2446


def test_s10_names_that_climb_out_refuse_the_package(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert refused("S10-path-traversal") is PackageErrorCode.UNSAFE_PATH
    assert [item.name for item in list_files(case("S10-path-traversal"))] == ["README.TXT", "INDEX.HTM", "METADATA.XML"]
    assert list(tmp_path.rglob("*")) == []


def test_s11_a_bomb_stops_with_flat_memory():
    data = case("S11-zip-bomb-50MB")
    tracemalloc.start()

    assert refused("S11-zip-bomb-50MB") is PackageErrorCode.RATIO
    with pytest.raises(PackageError):
        read_file(data, 3)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


def test_s12_french_names_are_readable_and_the_content_opens():
    (listed,) = list_files(case("S12-cp850-names"))

    assert listed.name == "resultats_éàçê.pdf"
    assert read_file(case("S12-cp850-names"), listed.number).startswith(b"%PDF-")
    assert refused("S12-cp850-names") is PackageErrorCode.NO_METADATA
