"""Bytes as text (S13)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.formats.mail.charsets import decode_text
from apps.formats.mail.words import decode_words

LETTER = "Votre résultat de prélèvement est arrivé : tout va bien, à bientôt au cabinet."


class TestSaid:
    @pytest.mark.parametrize(
        ("charset", "codec"),
        [
            ("utf-8", "utf-8"), ('"UTF-8"', "utf-8"), ("iso-8859-1", "latin-1"), ("ISO-8859-15", "iso8859-15"),
            ("windows-1252", "cp1252"), ("cp850", "cp850"), ("macintosh", "mac-roman"), ("utf-16", "utf-16"),
        ],
    )  # fmt: skip
    def test_names_that_senders_use(self, charset, codec):
        assert decode_text("Élève à 20 %".encode(codec), charset) == ("Élève à 20 %", False)

    def test_windows_dashes_under_the_name_of_latin_1(self):
        assert decode_text(b"20 \x80 \x96 merci", "iso-8859-1") == ("20 € – merci", False)

    def test_a_mark_is_no_character(self):
        assert decode_text(b"\xef\xbb\xbfoui", "utf-8") == ("oui", False)

    def test_utf_8_under_the_name_of_ascii(self):
        assert decode_text("été".encode(), "us-ascii") == ("été", False)


class TestNotSaid:
    def test_ascii_and_utf_8_are_sure(self):
        assert decode_text(b"oui") == ("oui", False)
        assert decode_text("été".encode()) == ("été", False)

    @pytest.mark.parametrize("codec", ["cp1252", "cp850", "mac-roman", "utf-16"])
    def test_others_are_guessed(self, codec):
        assert decode_text(LETTER.encode(codec)) == (LETTER, True)

    def test_short_ones_are_what_windows_writes(self):
        assert decode_text(b"\xe9t\xe9") == ("été", True)


class TestWrong:
    @pytest.mark.parametrize("charset", ["inconnu-8", "x" * 100, "../../etc", "a b c", "\x00", "utf-8\r\n", "é"])
    def test_s13_unknown_names(self, charset):
        assert decode_text(b"\xe9t\xe9", charset) == ("été", True)

    @pytest.mark.parametrize(
        "charset",
        ["idna", "punycode", "unicode_escape", "raw_unicode_escape", "zip", "hex", "rot13", "undefined", "base64"],
    )
    def test_codecs_of_python_that_are_no_charsets(self, charset):
        assert decode_text(b"a\\x41", charset) == ("a\\x41", True)

    def test_bytes_that_do_not_fit(self):
        assert decode_text(b"caf\xe9", "utf-8") == ("café", True)

    @given(st.binary(max_size=300), st.text(max_size=20))
    def test_never_raises(self, data, charset):
        assert isinstance(decode_text(data, charset).text, str)


class TestEncodedWords:
    @pytest.mark.parametrize(
        ("written", "read"),
        [
            ("sans mot", "sans mot"),
            ("=?utf-8?q?=C3=A9t=C3=A9?=", "été"),
            ("=?UTF-8?B?w6l0w6k=?= fini", "été fini"),
            ("=?iso-8859-1?Q?=E9t=E9_chaud?=", "été chaud"),
            ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
            ("=?utf-8?q?a?= et =?utf-8?q?b?=", "a et b"),
            ("=?utf-8?b?w6k=?=\t =?iso-8859-1?q?=E9?=", "éé"),
            ("=?utf-8?q?=C3?= =?utf-8?q?=A9?=", "é"),  # one character cut in two
            ("=?utf-8*fr?q?=C3=A9?=", "é"),  # with a language
            ("=?utf-8?b?w6l0w6k?=", "été"),  # without padding
            ("=?utf-8?b?!?=", ""),
            ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
            ("=?utf-8?q?sans fin", "=?utf-8?q?sans fin"),
            ("avant=?utf-8?q?dedans?=après", "avantdedansaprès"),
        ],
    )  # fmt: skip
    def test_what_mailers_write(self, written, read):
        assert decode_words(written) == read

    @given(st.text(alphabet="=?utf-8qQbB é_Aw6l", max_size=80))
    def test_never_raises(self, written):
        assert isinstance(decode_words(written), str)
