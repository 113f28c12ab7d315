from __future__ import annotations

import hashlib
import io

import pytest

from apps.formats import lines as reading
from apps.formats.lines import FileFault, FileRefusedError, LineReader


def read(data: bytes) -> tuple[str, list[tuple[int, str | None]]]:
    reader = LineReader(io.BytesIO(data))
    header = reader.header()
    return header, [(number, line) for part in reader.slices() for number, line in enumerate(part.lines, part.first)]


def fault_of(data: bytes) -> FileFault:
    with pytest.raises(FileRefusedError) as caught:
        read(data)
    return caught.value.fault


class TestLineReader:
    def test_numbers_lines_as_an_editor_does(self):
        assert read(b"a;b\n1;2\n\n3;4\n") == ("a;b", [(2, "1;2"), (3, ""), (4, "3;4")])

    def test_the_last_line_needs_no_end(self):
        assert read(b"a\n1") == ("a", [(2, "1")])
        assert read(b"a") == ("a", [])

    def test_s22_bom_and_crlf_are_no_part_of_the_values(self):
        assert read(b"\xef\xbb\xbfa;b\r\n1;2\r\n") == ("a;b", [(2, "1;2")])

    def test_s26_only_line_feeds_end_a_line(self):
        assert read("a\nx\u2028y\x85z\n".encode()) == ("a", [(2, "x\u2028y\x85z")])

    def test_a_line_in_another_encoding_is_none_and_the_others_stay(self):
        assert read("a\né\n".encode() + b"caf\xe9\nok\n") == ("a", [(2, "é"), (3, None), (4, "ok")])

    def test_blocks_do_not_cut_lines(self, monkeypatch):
        monkeypatch.setattr(reading, "_BLOCK", 7)
        lines = [f"é{number}" for number in range(30)]

        assert read("\n".join(["titre", *lines]).encode()) == ("titre", list(enumerate(lines, 2)))

    def test_tells_the_sha256_of_the_whole_file(self):
        data = b"a\n" + b"1\n" * 1000
        reader = LineReader(io.BytesIO(data))
        reader.header()
        list(reader.slices())

        assert reader.sha256() == hashlib.sha256(data).hexdigest()

    @pytest.mark.parametrize(
        ("data", "fault"),
        [
            (b"", FileFault.EMPTY),
            (b"\n1\n", FileFault.EMPTY),
            ("matricule;cle\n".encode("utf-16"), FileFault.ENCODING),
            ("matricule;cle\n".encode("utf-16-le"), FileFault.ENCODING),
            ("pr\u00e9nom\n".encode("latin-1"), FileFault.ENCODING),
            (b"a\n" + b"x" * 2_200_000, FileFault.ENDLESS_LINE),
            (b"matricule;cle\r1;2\r", FileFault.ENDLESS_LINE),
            (b"matricule;cle\r1;2\r\n", FileFault.ENDLESS_LINE),
            (b"PK\x03\x04\n", FileFault.PACKED),
            (b"\x1f\x8b\x08\n", FileFault.PACKED),
            (b"BZh9\n", FileFault.PACKED),
            (b"\xfd7zXZ\x00\n", FileFault.PACKED),
            (b"7z\xbc\xaf\x27\x1c\n", FileFault.PACKED),
            (b"\xd0\xcf\x11\xe0\n", FileFault.PACKED),
        ],
    )
    def test_refuses_a_whole_file(self, data, fault):
        assert fault_of(data) is fault
