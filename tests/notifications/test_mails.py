"""Every mail that can leave, with hostile values: no content, nobody's name, one link (NOT-15, SEC-22, SEC-30)."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from itertools import product
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings

from apps.notifications import mails
from apps.notifications.kinds import Kind
from apps.notifications.mails import SUBJECTS, Content, letter_of
from apps.notifications.models import OutgoingMail
from apps.notifications.writing import DIGEST, TRIAL
from tests.architecture.sources import ROOT
from tests.harness.clock import NOON
from tests.harness.pages import faults_of

FOLDER = ROOT / "templates/notifications/mail/fr"
KINDS = [*Kind.values, DIGEST, TRIAL]
HOSTILE = "<script>alert(1)</script>\r\nBcc: b@example.org\n{{ 7|add:7 }} 2 84 06 44 109 001 VIH"
ADDRESS = re.compile(r"https?://[^\s\"'<>]+")
# Words that would tell what a document, a professional or an illness is; the list of kinds of documents and acts.
HEALTH_WORDS = re.compile(
    r"\b(analyses?|biologie|sang|radio\w*|irm|scanner|ordonnances?|vaccin\w*|grossesse|vih|cancer\w*|hôpital|clinique"
    r"|laboratoire|diagnosti\w*|maladies?|traitements?|chirurg\w*|psych\w*|résultats?|dr|docteur)\b",
    re.IGNORECASE,
)


def letter(kind, *, count=1, space=True):
    """A mail whose row holds as many hostile values as a row can hold."""
    row = OutgoingMail(
        kind=kind,
        space_id=uuid4() if space else None,
        key=HOSTILE,
        reason=HOSTILE[:40],
        message_id="<1@localhost>",
        at=NOON,
    )
    return letter_of(row, address="alice@example.org", content=Content(at=NOON, count=count))


@pytest.fixture(params=product(KINDS, (1, 2, 1000), (True, False)), ids=lambda made: "-".join(map(str, made)))
def any_letter(request):
    kind, count, space = request.param
    return letter(kind, count=count, space=space)


def test_every_kind_has_a_text_and_a_subject():
    assert {path.stem for path in FOLDER.glob("*.txt")} == {*KINDS, "_footer"}
    assert set(SUBJECTS) == set(KINDS)


def test_not_15_subjects_are_short_and_fixed(any_letter):
    assert 5 < len(any_letter.subject) <= 50
    assert "\n" not in any_letter.subject


def test_sec_30_the_only_link_is_the_home_of_the_portal(any_letter):
    home = f"{settings.PORTAL_URL}/"

    assert ADDRESS.findall(any_letter.text) == [home]
    assert re.findall(r'href="([^"]*)"', any_letter.html) == [home]
    assert ADDRESS.findall(any_letter.html) == [home]


def test_sec_30_no_form_no_picture_no_script(any_letter):
    assert not re.search(r"<(?:form|img|script|style|link|iframe|input|object)\b|\sstyle=|\son\w+=", any_letter.html)
    assert faults_of(any_letter.html) == []


def test_sec_22_nothing_of_the_row_but_hour_and_count_is_said(any_letter):
    for part in (any_letter.subject, any_letter.text, any_letter.html):
        for value in ("script>", "Bcc", "2 84 06", "VIH", "alice", "{{", "}}"):
            assert value not in part


def test_not_15_no_word_of_health_and_nobody_is_named(any_letter):
    assert not HEALTH_WORDS.search(any_letter.text)
    assert not HEALTH_WORDS.search(any_letter.html)


def test_not_34_html_says_the_same_words_as_the_text(any_letter):
    visible = html.unescape(re.sub(r"<[^>]+>", " ", any_letter.html.partition("<body>")[2]))
    words = visible.split()

    said = any_letter.text.replace(f": {settings.PORTAL_URL}/", "").replace("\xa0:\n", "\n").replace("-- \n", "")
    assert words[len(any_letter.subject.split()) :] == said.replace(f"\xa0: {settings.PORTAL_URL}/", "").split()


def test_not_34_french_page_with_one_heading(any_letter):
    assert '<html lang="fr">' in any_letter.html
    assert any_letter.html.count("<h1>") == 1


def test_sec_30_every_mail_says_what_is_never_asked(any_letter):
    assert "Nous ne demandons jamais votre mot de passe ni un code par mail." in any_letter.text


def test_words_of_a_new_document():
    made = letter("new_document")

    assert made.subject == "Nouveau document dans votre espace santé"
    assert made.text.startswith(
        "Un document a été ajouté le 25\xa0novembre 2026."
        " Pour protéger votre vie privée, ce mail ne dit rien de son contenu.\n\n"
    )
    assert f"Ouvrir mon espace santé\xa0: {settings.PORTAL_URL}/" in made.text


def test_words_of_many_new_documents():
    assert letter("new_document", count=3).text.startswith("3 documents ont été ajoutés le 25\xa0novembre 2026.")


def test_words_of_an_emergency_give_the_hour_of_paris():
    assert "Le 25\xa0novembre 2026 à 13\xa0h\xa000, un professionnel a consulté" in letter("emergency_access").text


def test_the_day_is_the_one_in_paris():
    row = OutgoingMail(kind="security", message_id="<1@localhost>", at=NOON)
    late = Content(at=NOON + timedelta(hours=11, minutes=30), count=1)

    assert "Le 26\xa0novembre 2026 à 0\xa0h\xa030" in letter_of(row, address="a@example.org", content=late).text


@pytest.mark.parametrize("kind", KINDS)
def test_idn_57_what_cannot_be_off_says_so(kind):
    always = "Ce message est toujours envoyé" in letter(kind).text

    assert always is (kind not in {"new_document", "new_message", DIGEST, TRIAL})


def test_texts_hold_no_variable_but_hour_count_and_two_flags():
    names = {
        name
        for path in FOLDER.glob("*.txt")
        for name in re.findall(r"\{\{\s*(\w+)|\{%\s*if\s+(\w+)", Path(path).read_text(encoding="utf-8"))
    }

    assert {one or other for one, other in names} == {"day", "hour", "count", "about_space", "may_be_off"}
    assert set(mails.Content.__dataclass_fields__) == {"at", "count"}
