"""Words of formatted messages (MSS-31, SEC-07, S17b)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.formats.mail.html_text import html_to_text
from apps.formats.mail.model import BodyKind
from tests.formats.mail.mails import body_of, text_mail


class TestLayout:
    @pytest.mark.parametrize(
        ("source", "text"),
        [
            ("<p>Bonjour,</p><p>voici vos  résultats.</p>", "Bonjour,\n\nvoici vos résultats."),
            ("un<br>deux<br/>trois", "un\ndeux\ntrois"),
            ("<div>un</div><div>deux</div>", "un\ndeux"),
            ("<ul><li>un</li><li>deux</li></ul>", "- un\n- deux"),
            (
                "<table><tr><td>Sodium</td><td>140</td></tr><tr><td>Potassium</td><td>4</td></tr></table>",
                "Sodium 140\nPotassium 4",
            ),
            ("<h1>Titre</h1>texte", "Titre\n\ntexte"),
            ("a<hr>b", "a\n\n---\n\nb"),
            ("caf&eacute; &amp; th&#233; &lt;ici&gt;", "café & thé <ici>"),
            ("a&nbsp;b\n   c", "a b c"),
            ("<b>gras</b><i>penché</i>", "graspenché"),
            ("<p>a</p>\n\n\n<p>b</p>", "a\n\nb"),
            ('<img alt="Logo du cabinet" src="https://x.example/l.png">', "Logo du cabinet"),
            ("sans balise", "sans balise"),
            ("", ""),
            ("<p></p>", ""),
            ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
            ("<div>a<br></div><div>b</div>", "a\nb"),
            ("<div> <div> a </div> </div>", "a"),
        ],
    )
    def test_what_is_left(self, source, text):
        assert html_to_text(source) == text


class TestSilent:
    @pytest.mark.parametrize(
        "hidden",
        [
            "<script>alert(1)</script>", "<style>p{}</style>", "<title>t</title>", "<noscript>n</noscript>",
            "<iframe>i</iframe>",
            "<svg><text>s</text></svg>", "<object>o</object>", "<textarea>t</textarea>", "<select><option>o</select>",
            "<p hidden>h</p>", "<p style='DISPLAY : NONE'>h</p>", "<span style='visibility:hidden'>h<b>i</b></span>",
            "<!-- c -->", "<?php echo 1 ?>", "<img src='https://pisteur.example/p.gif' width=1 height=1>",
            "<button>b</button>",
            "<![CDATA[x]]>",
        ],
    )  # fmt: skip
    def test_sec_07_what_nobody_would_read_is_left_out(self, hidden):
        assert html_to_text(f"<body>avant {hidden}après</body>") == "avant après"


class TestLinks:
    @pytest.mark.parametrize(
        ("source", "text"),
        [
            ('<a href="https://x.example/a">ici</a>', "ici (https://x.example/a)"),
            ('<a href="https://evil.example/">https://ameli.fr</a>', "https://ameli.fr (https://evil.example/)"),
            ('<a href="https://x.example">https://x.example</a>', "https://x.example"),
            ('<a href="mailto:a@b.fr">a@b.fr</a>', "a@b.fr"),
            ('<a href="javascript:alert(1)">ici</a>', "ici"),
            ('<a href="data:text/html,x">ici</a>', "ici"),
            ('<a href="https://x.example/\u202egnp">ici</a>', "ici (https://x.example/\u202egnp)"),
        ],
    )
    def test_mss_31_where_a_link_leads_is_written(self, source, text):
        assert html_to_text(source) == text

    def test_marks_of_direction_come_off_the_body(self):
        body = body_of(text_mail('<a href="https://x.example/\u202egnp">ici</a>', "text/html; charset=utf-8"))
        assert (body.kind, body.text) == (BodyKind.HTML, "ici (https://x.example/gnp)")


class TestHostile:
    @pytest.mark.parametrize(
        "source",
        [
            "<div>" * 100_000 + "fin", "<a href=http://x>" * 20_000 + "fin", "<" * 100_000, "&" * 100_000,
            "<p " + "a=b " * 50_000,
            "<!DOCTYPE html [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><p>&a;</p>", "\x00<p>a", "<p>\ud800</p>",
            "</p></body></html>",
            "<?xml version='1.0' encoding='utf-16'?><p>a</p>", "<meta charset=utf-16><p>a</p>", "<table><tr><svg><p>",
        ],
    )  # fmt: skip
    def test_nothing_raises_and_nothing_is_fetched(self, source):
        assert "root:" not in html_to_text(source)

    def test_a_charset_inside_changes_nothing(self):
        assert html_to_text("<meta charset=utf-16><p>été</p>") == "été"

    @given(st.text(alphabet="<>/ab &;!-\"'=\x00é", max_size=80))
    def test_never_raises(self, source):
        assert isinstance(html_to_text(source), str)
