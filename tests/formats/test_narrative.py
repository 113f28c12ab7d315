"""Narrative to HTML: an allow-list, everything escaped (DMP-101..103, SEC-07)."""

from __future__ import annotations

from html import unescape
from xml.sax.saxutils import escape, quoteattr  # noqa: TID251  writes XML, reads none

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from apps.formats.cda.html import MAX_TEXT, RenderOptions, render_document
from apps.formats.cda.links import external_link
from apps.formats.cda.reader import read_cda
from tests.formats.pages import live_parts, parsed, plain
from tests.formats.small_cda import SmallCda, media, pdf, png, section, sections

NAMES = (
    *("table", "thead", "tbody", "tfoot", "tr", "td", "th", "col", "list", "item", "paragraph", "content", "caption"),
    *("br", "sub", "sup", "footnote", "linkHtml", "x"),
)


def render(narrative: str, *, entries: str = "", title: str = "Conclusion", **parts: str) -> str:
    body = sections(section(narrative, entries=entries, title=title))
    return render_document(read_cda(SmallCda(body=body, **parts).data()))


@pytest.mark.parametrize(
    ("narrative", "expected"),
    [
        ("<paragraph>un<br/>deux</paragraph>", "<p>un<br>deux</p>"),
        ("H<sub>2</sub>O 10<sup>9</sup>", "H<sub>2</sub>O 10<sup>9</sup>"),
        ('<content styleCode="Bold">gras</content>', "<strong>gras</strong>"),
        ('<content styleCode="bold">gras</content>', "<strong>gras</strong>"),
        ('<content styleCode="BoldItalics">x</content>', "<em><strong>x</strong></em>"),
        ('<content styleCode="Emphasis">x</content>', "<em>x</em>"),
        ('<content styleCode="Underline">x</content>', '<span class="ens-cda__underline">x</span>'),
        ('<content styleCode="xUnknown">reste</content>', "reste"),
        ('<content ID="a b">x</content>', '<span id="doc-a_b">x</span>'),
        ("<list><item>a</item></list>", "<ul><li>a</li></ul>"),
        ('<list listType="ordered" styleCode="LittleAlpha"><item>a</item></list>', '<ol type="a"><li>a</li></ol>'),
        (
            "<list><caption>Titre</caption><item>a</item></list>",
            '<p class="ens-cda__caption">Titre</p><ul><li>a</li></ul>',
        ),
        ("<list>perdu<item>a</item></list>", "perdu<ul><li>a</li></ul>"),
        ("<inconnu>texte <b>gardé</b></inconnu>", "texte gardé"),
    ],
)
def test_dmp_101_elements_of_the_allow_list(narrative, expected):
    assert f'<div class="ens-cda__text" lang="fr-FR">{expected}</div>' in render(narrative)


@pytest.mark.parametrize(
    "narrative",
    [
        "<script>alert(1)</script>",
        '<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>',
        "<SCRIPT>alert(1)</SCRIPT>",
        "<style>body{background:url(http://canary.invalid/)}</style>",
        '<iframe src="javascript:alert(1)"/>',
        '<object data="http://canary.invalid/"/>',
        '<form action="http://canary.invalid/"><input name="a"/>alert</form>',
        '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><text>alert</text></svg>',
        "<table><script>alert(1)</script><tr><script>alert(2)</script><td>x</td></tr></table>",
        "<list><script>alert(1)</script><item>x</item></list>",
    ],
)
def test_dmp_102_what_could_run_or_load_is_dropped_with_its_content(narrative):
    page = render(f"<paragraph>avant</paragraph>{narrative}<paragraph>après</paragraph>")

    assert live_parts(page) == []
    assert "alert" not in page
    assert "canary" not in page
    assert "avant" in plain(page)
    assert "après" in plain(page)


def test_dmp_102_handlers_styles_and_forged_attributes_are_dropped():
    page = render(
        '<table onmouseover="alert(1)" style="background:url(http://canary.invalid/)"><tbody>'
        '<tr><td onclick="alert(2)" class="x" colspan="2;3">cellule</td><td>deux</td></tr></tbody></table>'
        '<content styleCode="x&quot; onload=&quot;alert(3)" ID="&quot;&gt;&lt;img src=x&gt;">contenu</content>'
    )

    assert live_parts(page) == []
    assert "alert" not in page
    assert "colspan" not in page
    assert '<span id="doc-___img_src_x_">contenu</span>' in page


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=60))
def test_any_text_comes_out_as_text(value):
    page = render(
        f"<paragraph>{escape(value)}</paragraph><table><caption>{escape(value)}</caption><tr><th>{escape(value)}</th></tr>"
        f"</table><content ID={quoteattr(value)} styleCode={quoteattr(value)}>x</content>"
        f"<linkHtml href={quoteattr(value)}>y</linkHtml>",
        title=escape(value),
    )

    assert live_parts(page) == []
    assert " ".join(value.split()) in " ".join(unescape(page).split())


@given(
    st.recursive(
        st.text(alphabet="<>&\"' aß", max_size=8).map(escape),
        lambda inner: st.builds(
            "<{0}>{1}</{0}>".format, st.sampled_from(NAMES), st.lists(inner, max_size=4).map("".join)
        ),
        max_leaves=25,
    )
)
def test_any_nesting_keeps_its_words_and_stays_harmless(narrative):
    page = render(narrative)

    assert live_parts(page) == []
    assert plain(page).count("ß") == narrative.count("ß")


class TestLinks:
    @pytest.mark.parametrize(
        "href",
        [
            "javascript:alert(1)",
            "java&#9;script:alert(1)",
            " JaVaScRiPt:alert(1)",
            "&#1234;javascript:alert(1)",
            "data:text/html;base64,PHNjcmlwdD4=",
            "vbscript:msgbox(5)",
            "//canary.invalid/",
            "/deconnexion",
            "https:canary.invalid",
            "https:///canary.invalid",
            "https://user@canary.invalid/",
            "https://good.example\\@canary.invalid/",
            "https://ca nary.invalid/",
            "https://[canary/",
            "file:///etc/passwd",
            "ftp://canary.invalid/",
            "mailto:",
            "mailto:a@b.example?bcc=c@canary.invalid&amp;x",
            "#absent",
            "",
        ],
    )
    def test_dmp_103_any_other_link_stays_text(self, href):
        page = render(f'<paragraph><linkHtml href="{href}">mot</linkHtml></paragraph>')

        assert "<p>mot</p>" in page or "mailto:a@b.example" in page
        assert "canary" not in page
        assert live_parts(page) == []

    def test_dmp_103_a_web_link_shows_its_host(self):
        page = render('<linkHtml href="https://www.example.org/a?b=1&amp;c=2" target="_blank">lien</linkHtml>')

        expected = '<a href="https://www.example.org/a?b=1&amp;c=2" rel="noopener noreferrer">lien</a>'
        assert f'{expected} <span class="ens-cda__host">(www.example.org)</span>' in page

    def test_dmp_103_a_link_inside_the_document_leads_to_the_prefixed_id(self):
        page = render('<paragraph ID="r1">ici</paragraph><linkHtml href="#r1">voir</linkHtml>')

        assert '<p id="doc-r1">ici</p><a href="#doc-r1">voir</a>' in page

    def test_a_link_in_a_link_is_text(self):
        page = render(
            '<linkHtml href="https://a.example/">un <linkHtml href="https://b.example/">deux</linkHtml></linkHtml>'
        )

        assert parsed(page).xpath("//a/@href") == ["https://a.example/"]

    @given(st.text(max_size=40))
    def test_any_address_is_a_plain_link_or_none(self, href):
        link = external_link(href)

        assert link is None or link.href.startswith(("http://", "https://", "mailto:"))


class TestTables:
    def test_dmp_107_heads_have_a_scope_and_the_table_a_caption(self):
        page = render(
            "<table><thead><tr><th>Analyse</th><th>Valeur</th></tr></thead>"
            "<tbody><tr><th>Fer</th><td>12</td></tr></tbody></table>",
            title="Biologie",
        )
        table = parsed(page).xpath("//table")[0]

        assert table.xpath("string(caption)") == "Tableau 1, Biologie"
        assert table.xpath("thead//th/@scope") == ["col", "col"]
        assert table.xpath("tbody//th/@scope") == ["row"]

    def test_a_simple_table_becomes_cards_with_roles_and_labels(self):
        page = render(
            "<table><thead><tr><th>Analyse</th><th>Valeur</th></tr></thead>"
            "<tbody><tr><td>Fer</td><td>12</td></tr></tbody></table>"
        )
        table = parsed(page).xpath("//table")[0]

        assert table.get("class") == "ens-table ens-table--cards"
        assert table.xpath("descendant-or-self::*/@role") == [
            *("table", "rowgroup", "row", "columnheader", "columnheader", "rowgroup", "row", "cell", "cell")
        ]
        assert table.xpath("//td/@data-ens-label") == ["Valeur\u00a0:"]

    def test_spans_are_kept_and_the_table_may_scroll(self):
        page = render(
            "<table><caption>Doses</caption><thead><tr><th>A</th><th colspan='2'>B</th></tr></thead>"
            "<tbody><tr><td rowspan='2'>1</td><td>2</td><td>3</td></tr><tr><td>4</td><td>5</td></tr></tbody></table>"
        )
        region = parsed(page).xpath("//div[@role='region']")[0]

        assert (region.get("tabindex"), region.get("aria-label")) == ("0", "Tableau 1, Conclusion")
        assert region.xpath("string(.//caption)") == "Doses"
        assert region.xpath(".//th/@scope") == ["col", "colgroup"]
        assert region.xpath(".//td/@rowspan") == ["2"]

    def test_a_table_for_layout_has_no_table_semantics(self):
        page = render("<table border='0'><tbody><tr><td>texte</td></tr></tbody></table>")

        assert parsed(page).xpath("//table/@role") == ["presentation"]
        assert parsed(page).xpath("//caption") == []

    def test_text_beside_rows_and_cells_is_not_lost(self):
        page = render("<table>un<tr>deux<td>trois</td><td>quatre</td></tr><paragraph>cinq</paragraph></table>")

        assert {"un", "deux", "trois", "quatre", "cinq"} <= set(plain(page).split())

    def test_foot_comes_last_and_rows_without_group_form_a_body(self):
        page = render("<table><tfoot><tr><td>f</td><td>f</td></tr></tfoot><tr><td>a</td><td>b</td></tr></table>")

        assert [child.tag for child in parsed(page).xpath("//table")[0]] == ["caption", "tbody", "tfoot"]


class TestMedia:
    def test_dmp_91_a_picture_has_a_text_alternative_and_its_size(self):
        page = render(
            '<renderMultiMedia referencedObject="M1"><caption>Courbe</caption></renderMultiMedia>'
            '<renderMultiMedia referencedObject="M2"/>',
            entries=media("M1", png(), "image/png") + media("M2", png(), "image/png"),
        )
        first, second = parsed(page).xpath("//img")

        assert first.get("src").startswith("data:image/jpeg;base64,/9j/")
        assert (first.get("alt"), first.get("width"), first.get("height")) == ("Courbe", "2", "2")
        assert second.get("alt") == "Image 2 du document, sans description"

    def test_dmp_91_a_dangling_reference_says_so(self):
        assert "image non disponible" in plain(render('a <renderMultiMedia referencedObject="NOPE"/> b'))

    def test_other_files_are_named_and_linked_where_the_page_offers_them(self):
        narrative = '<renderMultiMedia referencedObject="M1"/>'
        body = sections(section(narrative, entries=media("M1", pdf(), "application/pdf")))
        document = read_cda(SmallCda(body=body).data())
        options = RenderOptions(attachment_url=lambda item: f"/f/{item.number}", lists_attachments=False)

        assert "Pièce jointe 1 (document PDF," in plain(render_document(document))
        assert parsed(render_document(document, options)).xpath("//a/@href") == ["/f/1"]

    @pytest.mark.parametrize(
        ("data", "declared"),
        [(b"<svg onload='alert(1)'/>", "image/svg+xml"), (pdf(), "image/png"), (png(9_000, 9_000), "image/png")],
    )
    def test_sec_11_what_is_no_sane_picture_is_not_shown_as_one(self, data, declared):
        page = render('<renderMultiMedia referencedObject="M1"/>', entries=media("M1", data, declared))

        assert parsed(page).xpath("//img") == []
        assert "Pièce jointe 1" in plain(page)


class TestWords:
    def test_notes_are_numbered_and_joined(self):
        page = render('Un<footnoteRef IDREF="f1"/> mot <footnote ID="f1">La note.</footnote><footnoteRef IDREF="f9"/>')

        assert '<sup><a href="#doc-f1" aria-label="Note 1">1</a></sup>' in page
        assert '<span id="doc-f1" class="ens-cda__footnote"><sup>1</sup> La note.</span>' in page

    def test_revised_text_is_said_in_words(self):
        page = plain(render('<content revised="delete">ancien</content> <content revised="insert">neuf</content>'))

        assert "texte retiré : ancien texte ajouté : neuf" in page

    def test_an_id_used_twice_stands_once(self):
        page = render('<content ID="a">1</content><content ID="a">2</content>')

        assert page.count('id="doc-a"') == 1

    def test_dmp_109_words_of_the_portal_keep_their_language_in_a_foreign_text(self):
        page = render('<renderMultiMedia referencedObject="NOPE"/>', language='<languageCode code="en-US"/>')

        assert '<div class="ens-cda__text" lang="en-US">' in page
        assert '<span lang="fr">' in page

    def test_dmp_109_a_forged_language_is_left_out(self):
        assert "onload" not in render("x", language="<languageCode code='fr\" onload=\"x'/>")

    def test_words_follow_the_active_language(self):
        with translation.override("en"):
            assert "image not available" in plain(render('<renderMultiMedia referencedObject="NOPE"/>'))

    def test_an_empty_section_says_that_nothing_is_given(self):
        assert "non renseigné" in plain(render(""))

    def test_a_text_beyond_all_measure_is_not_shown(self):
        assert "trop long" in plain(render("x" * (MAX_TEXT + 1)))

    def test_dmp_107_headings_follow_the_depth_of_sections(self):
        part = section("fond", title="6")
        for level in range(5, 0, -1):
            part = section("x", title=str(level)).replace("</section>", f"<component>{part}</component></section>")
        document = read_cda(SmallCda(body=sections(part)).data())
        tree = parsed(render_document(document, RenderOptions(heading=3)))

        assert [(item.tag, item.text) for item in tree.iter("h3", "h4", "h5", "h6")] == [
            *(("h3", "1"), ("h4", "2"), ("h5", "3"), ("h6", "4"), ("h6", "5"), ("h6", "6"))
        ]

    def test_ids_carry_the_prefix_of_the_page(self):
        document = read_cda(SmallCda(body=sections(section('<content ID="contenu">x</content>'))).data())

        assert 'id="p7-contenu"' in render_document(document, RenderOptions(prefix="p7-"))
