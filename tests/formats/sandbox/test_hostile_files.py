"""Files made to hurt: shown or refused in time, by a child that is gone afterwards (SEC-11, security.md 9)."""

from __future__ import annotations

import time

import pytest

from apps.formats import media
from apps.formats.decoding import Reason, RefusedFileError, draw_pages, open_file
from apps.formats.sandbox import process
from tests.formats.sandbox.hostile import PDFS, PICTURES, RTFS
from tests.formats.sandbox.test_process import children

# What cannot be shown on any machine; for the others both ends are right, as long as there is one.
ALWAYS_REFUSED = {
    "page-tree-that-holds-itself", "page-tree-of-two-that-hold-each-other", "count-below-zero", "no-pages",
    "catalog-is-a-number", "forms-that-double-forty-times", "a-hundred-thousand-nested-arrays",
    "object-stream-that-holds-itself", "html-behind-the-mark", "nothing-behind-the-mark", "pattern-that-paints-itself",
    "png-of-2147483647-squared", "png-of-no-width", "png-of-an-unknown-kind", "tiff-of-4294967295-entries",
    "tiff-of-a-width-of-4294967295", "tiff-of-501-pages", "jpeg-of-65500-squared", "jpeg-without-tables",
    "svg-behind-a-mark", "gif-behind-a-mark", "a-million-groups", "a-million-ends",
}  # fmt: skip
FILES = {**PDFS, **PICTURES, **RTFS}
SECONDS = 4.0


def end_of(data: bytes, media_type: str) -> int | Reason:
    """How many pages were drawn, or why the file was refused."""
    try:
        opened = open_file(data, media_type)
        return sum(1 for _ in draw_pages(data, media_type, first=1, last=opened.pages)) if opened.pages else 0
    except RefusedFileError as error:
        return error.reason


@pytest.mark.parametrize("name", FILES)
def test_sec_11_a_hostile_file_is_shown_or_refused_in_time(name, monkeypatch):
    monkeypatch.setattr(process, "WALL_SECONDS", SECONDS)
    data = FILES[name]()
    media_type = media.PDF if name in PDFS else media.RTF if name in RTFS else media.sniff(data)
    start = time.monotonic()
    end = end_of(data, media_type)

    assert time.monotonic() - start < 2 * SECONDS + 2  # one child looks, one draws
    assert isinstance(end, Reason) or (end <= 1 and name not in ALWAYS_REFUSED)
    assert children() == []


def test_the_table_names_files_that_exist():
    assert ALWAYS_REFUSED - set(FILES) == set()
    assert len(FILES) == 48
