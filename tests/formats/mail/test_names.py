"""Names and lines of strangers (S14, S21)."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.formats.mail.names import clean_line, clean_name, clean_text

TRICKY = st.text(
    alphabet=st.one_of(
        st.characters(codec=None, exclude_categories=()),
        st.sampled_from('/\\:.. \t\r\n\x00\x7f\x85\u2028\u202e\u2066\u200b\ufeff\xad*?"<>|é\u0301'),
    ),
    max_size=400,
)
FORBIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


class TestNames:
    @pytest.mark.parametrize(
        ("written", "shown"),
        [
            ("bilan.pdf", "bilan.pdf"),
            ("ordonnance-\u202efdp.exe", "ordonnance-fdp.exe"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\moi\\bilan.pdf", "bilan.pdf"),
            ("/", ""),
            ("..", ""),
            (".htaccess", "htaccess"),
            ("bilan.pdf.", "bilan.pdf"),
            ("bilan.pdf          .exe", "bilan.pdf .exe"),
            ("bilan\r\nContent-Type: x.pdf", "bilan Content-Type_ x.pdf"),
            ("a\x00b.pdf", "ab.pdf"),
            ("e\u0301te\u0301.pdf", "été.pdf"),
            ('a<b>"c"|d?*.pdf', "a_b__c__d__.pdf"),
            ("re\u0301sultats du 3 février — biologie.pdf", "résultats du 3 février — biologie.pdf"),
            ("photo\u200b\u2060\ufeff.jpg", "photo.jpg"),
            ("\u200f\u200e", ""),
            ("تحليل.pdf", "تحليل.pdf"),
        ],
    )  # fmt: skip
    def test_s21_what_is_shown(self, written, shown):
        assert clean_name(written) == shown

    def test_a_long_name_keeps_its_ending(self):
        assert clean_name("é" * 300 + ".pdf") == "é" * 125 + ".pdf"
        assert clean_name("a" * 300 + ".pdf") == "a" * 251 + ".pdf"
        assert clean_name("a" * 300) == "a" * 255
        assert clean_name("a." + "b" * 300) == "a." + "b" * 253

    @given(TRICKY)
    def test_s21_never_a_control_a_bidi_mark_or_a_path(self, written):
        name = clean_name(written)
        assert not {unicodedata.category(character) for character in name} & FORBIDDEN
        assert not set(name) & set('/\\:*?"<>|')
        assert len(name.encode()) <= 255
        assert name not in {".", ".."}
        assert name == name.strip()
        assert not name.startswith(".")

    @given(TRICKY)
    def test_clean_twice_is_clean_once(self, written):
        assert clean_name(clean_name(written)) == clean_name(written)


class TestLines:
    def test_one_line(self):
        assert clean_line("  Bonjour\r\n\tà  tous\u2028fin \x07\u202e") == "Bonjour à tous fin"

    def test_the_limit_leaves_no_blank_at_the_end(self):
        assert clean_line("ab cd", limit=3) == "ab"

    @given(TRICKY)
    def test_never_more_than_one_line(self, written):
        line = clean_line(written)
        assert not {unicodedata.category(character) for character in line} & FORBIDDEN
        assert len(line) <= 255
        assert clean_line(line) == line


class TestTexts:
    def test_line_ends_of_all_kinds(self):
        assert clean_text("a\r\nb\rc\x85d\u2028e\x0cf\n\n") == "a\nb\nc\nd\ne\nf"

    def test_controls_and_marks_of_direction_come_off_and_joiners_stay(self):
        assert clean_text("a\x00\x1b[31m\u202eb\ttab 👩\u200d⚕️") == "a[31mb\ttab 👩\u200d⚕️"

    @given(TRICKY)
    def test_fit_for_a_page_and_for_a_database(self, written):
        text = clean_text(written)
        assert "\x00" not in text
        text.encode()
        assert clean_text(text) == text
