"""The words of a CDA document as plain text."""

from __future__ import annotations

import base64

from apps.formats.cda.plain import plain_text
from apps.formats.cda.reader import read_cda
from tests.formats.small_cda import SmallCda


def section(title, text, inside=""):
    return f"<component><section><title>{title}</title><text>{text}</text>{inside}</section></component>"


def level_one(media_type, data):
    text = f'<text mediaType="{media_type}" representation="B64">{data}</text>'
    return f"<component><nonXMLBody>{text}</nonXMLBody></component>"


def words(body):
    return plain_text(read_cda(SmallCda(body=body).text().encode())).split()


def test_titles_and_narratives_stand_in_the_order_of_the_document():
    inner = section("Détail", "fin")
    body = f"<component><structuredBody>{section('Conclusion', 'début', inner)}</structuredBody></component>"
    assert words(body) == ["Conclusion", "début", "Détail", "fin"]


def test_cells_paragraphs_and_items_are_apart_and_styles_are_not():
    text = (
        "<table><tbody><tr><td>TSH</td><td>2,1</td></tr></tbody></table><paragraph>un</paragraph>"
        "<list><item>deux</item><item>trois</item></list>gly<content styleCode='Bold'>cémie</content> a<br/>b"
    )
    body = f"<component><structuredBody>{section('T', text)}</structuredBody></component>"
    assert words(body) == ["T", "TSH", "2,1", "un", "deux", "trois", "glycémie", "a", "b"]


def test_dmp_102_what_is_never_shown_is_not_found_either():
    text = "vu<script>caché</script><unknown>gardé</unknown>"
    body = f"<component><structuredBody>{section('T', text)}</structuredBody></component>"
    assert words(body) == ["T", "vugardé"]


def test_a_plain_text_of_level_1_is_its_words():
    data = base64.b64encode(b"Ordonnance : repos").decode()
    assert words(level_one("text/plain", data)) == ["Ordonnance", ":", "repos"]


def test_a_file_of_level_1_has_no_words_here():
    data = base64.b64encode(b"%PDF-1.4 mot").decode()
    assert words(level_one("application/pdf", data)) == []
