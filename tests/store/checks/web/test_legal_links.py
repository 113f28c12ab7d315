"""STO-94."""

from __future__ import annotations

import pytest

from apps.store.checks.web.page_words import share_of_french
from simulators.candidate_site.answers import text_of
from simulators.mssante_operator.samples.pdf import write_pdf
from tests.store.checks.web.world import SITE, page, run, said, web_of

URL = f"{SITE}/mentions-legales"
FRENCH, ENGLISH = text_of("mentions.html"), text_of("english.html")
LAW = (
    "Toute personne a le droit de recevoir les traitements et les soins les plus appropriés et de bénéficier des "
    "thérapeutiques dont l'efficacité est reconnue et qui garantissent la meilleure sécurité sanitaire."
)


def look(body="", **more):
    return run("legal_links", URL, web_of(page(URL, body, **more)))


def test_sto_94_a_french_page_of_some_length_passes():
    finding = look(FRENCH)

    assert said(finding) == ("pass", "")
    assert finding.measured["characters"] > 1500
    assert finding.measured["french"] > 0.3


@pytest.mark.parametrize("status", [404, 410])
def test_sto_94_no_page_is_a_fact(status):
    assert said(look(FRENCH, status=status)) == ("fail", "legal-absent")


@pytest.mark.parametrize("body", ["", "  \n ", "<html><body></body>", "<p> </p><!-- rien -->", "<title>CGU</title>"])
def test_sto_94_an_empty_page_is_a_fact(body):
    assert said(look(body)) == ("fail", "legal-empty")


@pytest.mark.parametrize(
    "body",
    [
        "<div id=app></div><script src=/app.js></script>", '<iframe src="/cgu.pdf"></iframe>',
        '<object data="/cgu.pdf" type="application/pdf"></object>', '<embed src="/cgu.pdf">',
        '<img src="/page-1.png"><img src="/page-2.png">', '<META HTTP-EQUIV = "Refresh" content="0; url=/cgu">',
        "<frameset><frame src=/cgu></frameset>", "<svg><text></text></svg>",
    ],
)  # fmt: skip
def test_sto_94_a_text_that_people_may_read_elsewhere_is_looked_at(body):
    assert said(look(body)) == ("flag", "legal-script")


def test_sto_94_a_header_that_leads_on_is_looked_at():
    assert said(look("", headers={"refresh": "0; url=/cgu"})) == ("flag", "legal-script")


@pytest.mark.parametrize("status", [401, 403, 451, 400])
def test_a_closed_page_is_looked_at(status):
    assert said(look(FRENCH, status=status)) == ("flag", "page-closed")


@pytest.mark.parametrize("end", [f"{SITE}/", SITE, f"{SITE}/fr/", "https://www.bon.example/"])
def test_sto_94_led_home(end):
    web = web_of()
    web.pages[URL] = page(end, FRENCH)

    assert said(run("legal_links", URL, web)) == ("flag", "legal-home")


@pytest.mark.parametrize("url", [f"{SITE}/", f"{SITE}/mentions", f"{SITE}/?page=mentions"])
def test_other_redirects_are_fine(url):
    web = web_of()
    web.pages[url] = page(url, FRENCH)

    assert said(run("legal_links", url, web)) == ("pass", "")


def test_sto_94_another_language_is_looked_at():
    finding = look(ENGLISH)

    assert said(finding) == ("flag", "legal-language")
    assert finding.measured["french"] < 0.1


def test_sto_94_a_short_page_is_looked_at():
    assert said(look(f"<p>{LAW}</p>")) == ("flag", "legal-short")


def test_sto_94_neither_page_nor_pdf():
    assert said(look(FRENCH, headers={"content-type": "application/msword"})) == ("flag", "legal-type")


def test_sto_94_a_pdf_is_read_by_the_locked_down_child():
    pdf = {"content-type": "application/pdf"}

    assert said(look(b"%PDF-1.7 rien", headers=pdf)) == ("flag", "legal-locked")
    assert said(look(write_pdf([LAW] * 9), headers=pdf)) == ("pass", "")
    assert said(look(write_pdf(["Conditions"]), headers=pdf)) == ("flag", "legal-language")
    assert said(look(write_pdf([]), headers=pdf)) == ("flag", "legal-locked")


def test_words_in_another_encoding():
    body = f"<meta charset=iso-8859-1>{FRENCH}".encode("latin-1", "replace")

    assert said(look(body, headers={"content-type": "text/html"})) == ("pass", "")
    assert said(look(body, headers={"content-type": "text/html; charset=inconnu"})) == ("pass", "")


def test_sec_32_a_large_page_is_read_in_time():
    finding = look("<div><p>le la les</p>" * 100_000, is_cut=True)

    assert said(finding) == ("pass", "")


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        (LAW, 0.35, 1),
        ("L'éditeur est la société Tension et Compagnie.", 0.4, 1),
        ("Everyone has the right to receive the most appropriate care and treatment, whatever the place.", 0, 0.05),
        ("Jede Person hat das Recht auf die am besten geeignete Behandlung und Pflege.", 0, 0.05),
        ("Toda persona tiene derecho a recibir los tratamientos y cuidados más adecuados.", 0, 0.1),
        ("", 0, 0),
        ("1234 --- 5678", 0, 0),
    ],
)
def test_sto_94_french(text, least, most):
    assert least <= share_of_french(text) <= most


@pytest.mark.parametrize("media_type", ["application/pdf", "image/png", ""])
def test_sto_94_nothing_at_all_is_empty_whatever_it_is_called(media_type):
    assert said(look(b" ", headers={"content-type": media_type})) == ("fail", "legal-empty")
