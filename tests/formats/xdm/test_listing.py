"""Archives that are no packages: their names and one file of them (S09, S12)."""

from __future__ import annotations

import pytest

from apps.formats.xdm.faults import PackageError, PackageErrorCode
from apps.formats.xdm.limits import PackageLimits
from apps.formats.xdm.listing import ListedFile, list_files, read_file
from tests.formats.xdm.build import RawFile, pack, raw_archive


def code_of(error: pytest.ExceptionInfo[PackageError]) -> PackageErrorCode:
    return error.value.code


def test_names_and_sizes_in_the_order_of_the_archive():
    data = pack([("b/lettre.pdf", b"%PDF-1.4"), ("a.txt", b"bonjour")])

    assert list_files(data) == (
        ListedFile(number=0, name="lettre.pdf", declared_size=8),
        ListedFile(number=1, name="a.txt", declared_size=7),
    )
    assert read_file(data, 1) == b"bonjour"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("resultats_éàçê.pdf".encode("cp850"), "resultats_éàçê.pdf"),
        ("ÀÂÊÈ.pdf".encode("cp850"), "ÀÂÊÈ.pdf"),
        ("résultats.pdf".encode(), "résultats.pdf"),
        (b"cadre\xc9\xcd\xbb.pdf", None),
        (b"a\x07b.pdf", None),
    ],
)
def test_s12_names_without_the_utf_8_flag(written, shown):
    names = [item.name for item in list_files(raw_archive(RawFile(name=written, data=b"x", method=0)))]

    assert names == ([shown] if shown or b"\x07" not in written else [])


def test_unsafe_names_and_links_are_not_listed_and_not_read():
    data = raw_archive(
        RawFile(name=b"../up.txt", data=b"x", method=0), RawFile(name=b"link", data=b"/etc/passwd", mode=0o120777)
    )

    assert list_files(data) == ()
    for number in (0, 1, 2, -1):
        with pytest.raises(PackageError) as caught:
            read_file(data, number)
        assert code_of(caught) is PackageErrorCode.NO_DOCUMENT


def test_a_damaged_file_says_so():
    with pytest.raises(PackageError) as caught:
        read_file(raw_archive(RawFile(name=b"a", data=b"x", crc=5)), 0)

    assert code_of(caught) is PackageErrorCode.DAMAGED_FILE


def test_limits_hold():
    with pytest.raises(PackageError) as caught:
        list_files(pack([("a", b"x" * 50)], 0), limits=PackageLimits(unpacked=49))

    assert code_of(caught) is PackageErrorCode.TOO_LARGE
