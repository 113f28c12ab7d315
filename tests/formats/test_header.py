"""The header for readers (DMP-24, DMP-84..87, DMP-108)."""

from __future__ import annotations

import pytest

from apps.formats.cda.header_html import render_header
from apps.formats.cda.page import render_page
from apps.formats.cda.reader import read_cda
from tests.formats.pages import live_parts, parsed, plain
from tests.formats.small_cda import AUTHOR, PATIENT, SmallCda, payload, pdf, section, sections

TEXT = sections(section("Normal"))


def header(**parts: str) -> dict[str, str]:
    page = render_header(read_cda(SmallCda(**{"body": TEXT, **parts}).data()))
    assert live_parts(page) == []
    return {
        " ".join(item.xpath("string(dt)").split()): " ".join(" ".join(item.find("dd").itertext()).split())
        for item in parsed(f"<div>{page}</div>").xpath("//dl/div")
    }


def test_dmp_108_the_rows_of_a_full_header():
    rows = header()

    assert rows["Patient"] == "DUVAL ANNE"
    assert rows["Nom de naissance"] == "ROCHE ANNE"
    assert rows["Date de naissance"] == "28 mars 1979"
    assert rows["Sexe"] == "Féminin"
    assert rows["Type de document"] == "CR d'examens biologiques"
    assert rows["Date du document"] == "3 février 2026 à 10 h 15"
    assert rows["Auteur"] == "Dr Karim BENALI, Biologiste, Labo des Tilleuls"
    assert rows["Conservé par"] == "Labo des Tilleuls"
    assert rows["Validé par"] == "Dr Karim BENALI 3 février 2026 à 10 h 20"
    assert rows["Version"] == "2 remplace une version antérieure"
    assert rows["Actes" if "Actes" in rows else "Acte"].startswith("Biochimie, du 3 février 2026 à 9 h 00 au 3 février")


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ("1975", "1975"),
        ("202602", "février 2026"),
        ("20260201", "1er février 2026"),
        ("20260101003000+0400", "1er janvier 2026 à 0 h 30 (UTC+4)"),
        ("20141015103026-0530", "15 octobre 2014 à 10 h 30 (UTC−5:30)"),
    ],
)
def test_dmp_09_and_s07_dates_in_words_say_what_is_known(time, words):
    assert header(time=f'<effectiveTime value="{time}"/>')["Date du document"] == words


def test_s02_an_author_without_identity_is_said_so():
    nobody = (
        "<author><time nullFlavor='UNK'/><assignedAuthor nullFlavor='NI'><id nullFlavor='UNK'/>"
        "<representedOrganization><name>Maison des Saules</name></representedOrganization></assignedAuthor></author>"
    )
    rows = header(author=nobody, legal="")

    assert rows["Auteur"] == "auteur non précisé, Maison des Saules"
    assert rows["Validé par"] == "non renseigné"


def test_dmp_87_nothing_unknown_is_left_blank():
    rows = header(code='<code nullFlavor="UNK"/>', time="", author="", patient="")

    assert rows["Patient"] == "non renseigné"
    assert rows["Type de document"] == "non renseigné"
    assert rows["Date du document"] == "non renseigné"
    assert rows["Auteur"] == "auteur non précisé"
    assert "None" not in " ".join(rows.values())


def test_dmp_24_person_and_device_are_both_named():
    both = AUTHOR.replace(
        "<assignedPerson>",
        "<assignedAuthoringDevice><softwareName>SGL</softwareName></assignedAuthoringDevice><assignedPerson>",
    )

    assert header(author=both)["Auteur"] == "Dr Karim BENALI, SGL (logiciel), Biologiste, Labo des Tilleuls"


def test_a_date_that_does_not_exist_is_said_so():
    rows = header(time='<effectiveTime value="20210231"/>')

    assert rows["Date du document"] == "la date inscrite dans le document est illisible"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("279035121518989", "Matricule INS présent"),
        ("279035121518988", "À vérifier : la clé du matricule INS est fausse."),
        ("27903512151898X", "À vérifier : le matricule INS n'a pas la bonne forme."),
    ],
)
def test_dmp_82_a_wrong_number_flags_the_identity(number, words):
    assert header(patient=PATIENT.replace("279035121518989", number))["Identité"] == words


def test_the_same_names_are_written_once():
    same = PATIENT.replace(">DUVAL<", ">ROCHE<")
    page = plain(render_header(read_cda(SmallCda(body=TEXT, patient=same).data())))

    assert page.count("ROCHE ANNE") == 1
    assert "Nom de naissance" not in page


class TestPage:
    def test_a_whole_page_has_language_title_one_h1_and_its_own_policy(self):
        page = render_page(read_cda(SmallCda(body=TEXT).data()))
        tree = parsed(page)

        assert page.startswith('<!DOCTYPE html>\n<html lang="fr">')
        assert (tree.xpath("string(//title)"), len(tree.xpath("//h1"))) == ("Compte rendu d'examens", 1)
        policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
        assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
        assert live_parts(page) == []

    def test_markup_in_a_title_is_text(self):
        title = "<title>&lt;img src=x onerror=alert(1)&gt;</title>"
        page = render_page(read_cda(SmallCda(body=TEXT, title=title).data()))

        assert live_parts(page) == []
        assert "&lt;img src=x onerror=alert(1)&gt;" in page

    def test_without_a_title_the_type_names_the_page(self):
        page = render_page(read_cda(SmallCda(body=TEXT, title="").data()))

        assert parsed(page).xpath("string(//h1)") == "CR d'examens biologiques"

    def test_dmp_90_a_level_1_file_is_described_with_cautions(self):
        data = pdf("/OpenAction<</S/JavaScript/JS(app.alert(1))>>")
        page = plain(render_page(read_cda(SmallCda(body=payload(data)).data())))

        assert f"Fichier du document (document PDF, {len(data)} octets)" in page
        assert "éléments actifs" in page
        assert "Empreinte SHA-256 : " in page

    def test_plain_text_of_level_1_is_shown_as_text(self):
        page = render_page(read_cda(SmallCda(body=payload("Un <b>\ndeux\n\ntrois €".encode(), "text/plain")).data()))

        assert "<p>Un &lt;b&gt;<br>deux</p><p>trois €</p>" in page
