"""The one door for XML (SEC-10, DMP-100)."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from apps.formats.xml import MAX_BYTES, UnreadableXmlError, XmlErrorCode, parse_untrusted_html, parse_untrusted_xml


def refused(data: bytes) -> XmlErrorCode:
    with pytest.raises(UnreadableXmlError) as caught:
        parse_untrusted_xml(data)
    return caught.value.code


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE a><a/>",
        b'<!DOCTYPE a SYSTEM "http://canary.invalid/a.dtd"><a/>',
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ENTITY % p SYSTEM "http://canary.invalid/p">%p;]><a/>',
        '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"),
    ],
)
def test_sec_10_any_doctype_is_refused(data):
    assert refused(data) is XmlErrorCode.DTD


def test_sec_10_multiplying_entities_are_refused_at_once():
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    data = f'<!DOCTYPE a [<!ENTITY l0 "lol">{levels}]><a>&l11;</a>'.encode()
    before = time.perf_counter()

    assert refused(data) is XmlErrorCode.DTD
    assert time.perf_counter() - before < 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", XmlErrorCode.EMPTY),
        (b" \n", XmlErrorCode.EMPTY),
        (b"%PDF-1.4", XmlErrorCode.NOT_WELL_FORMED),
        (b'{"a": 1}', XmlErrorCode.NOT_WELL_FORMED),
        (b"<a><b></a>", XmlErrorCode.NOT_WELL_FORMED),
        (b"<a>&nothing;</a>", XmlErrorCode.NOT_WELL_FORMED),
        (b"<a>\x01</a>", XmlErrorCode.NOT_WELL_FORMED),
        (b"<a>\xe9</a>", XmlErrorCode.ENCODING),
        (b'<?xml version="1.0" encoding="nonsense"?><a/>', XmlErrorCode.ENCODING),
    ],
)
def test_bytes_that_are_no_xml_say_why(data, code):
    assert refused(data) is code


def test_sec_10_size_is_refused_before_parsing():
    assert refused(b"<a>" + b"x" * MAX_BYTES + b"</a>") is XmlErrorCode.TOO_LARGE


@pytest.mark.parametrize("depth", [101, 300, 5_000])
def test_sec_10_more_than_100_levels_are_refused(depth):
    assert refused(b"<a>" * depth + b"</a>" * depth) is XmlErrorCode.TOO_DEEP


def test_100_levels_are_read():
    assert parse_untrusted_xml(b"<a>" * 100 + b"</a>" * 100).tag == "a"


@pytest.mark.parametrize("inner", [b"<b/>" * 200_001, b"".join(b'<b x%d="1"/>' % n for n in range(100_001))])
def test_sec_10_more_than_200_000_nodes_are_refused(inner):
    assert refused(b"<a>" + inner + b"</a>") is XmlErrorCode.TOO_MANY_NODES


@pytest.mark.parametrize("line", [b"", b"\n"])
def test_dmp_100_a_text_of_13_million_characters_is_read(line):
    text = (b"QUJD" * 19 + line) * 170_000
    tracemalloc.start()
    before = time.perf_counter()

    root = parse_untrusted_xml(b"<a>" + text + b"</a>")

    assert time.perf_counter() - before < 5
    assert tracemalloc.get_traced_memory()[1] < 100_000_000
    tracemalloc.stop()
    assert len(root.text) == len(text)


@pytest.mark.parametrize(
    ("declared", "codec"),
    [("ISO-8859-1", "iso-8859-1"), ("windows-1252", "cp1252"), ("UTF-16", "utf-16"), ("UTF-8", "utf-8-sig")],
)
def test_s03_the_encoding_is_read_from_the_bytes(declared, codec):
    data = f'<?xml version="1.0" encoding="{declared}"?><a>âgée, Noël</a>'.encode(codec)

    assert parse_untrusted_xml(data).text == "âgée, Noël"


def test_comments_and_instructions_are_dropped_and_xinclude_stays_a_name(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("CANARY")
    data = (
        '<?xml-stylesheet href="http://canary.invalid/x.xsl"?><a>un<!-- no --> deux<?php x?>'
        f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://{secret}" parse="text"/></a>'
    ).encode()

    root = parse_untrusted_xml(data)

    assert "".join(root.itertext()) == "un deux"
    assert [child.tag for child in root] == ["{http://www.w3.org/2001/XInclude}include"]


def test_sec_10_a_page_of_html_reads_no_file_and_declares_nothing():
    hostile = "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><p>a&x;b</p><?php x ?><!-- c -->"
    root = parse_untrusted_html(hostile)

    assert root is not None
    assert "root:" not in "".join(root.itertext())


@pytest.mark.parametrize("source", ["", " ", "<!-- c -->", "\ud800"])
def test_nothing_of_a_page_is_no_tree(source):
    assert parse_untrusted_html(source) is None
