"""The words of notices: what the law asks for, the reader's voice, one link, nothing that somebody else wrote."""

from __future__ import annotations

import re
from datetime import date

import pytest

from apps.accounts.models import InsIdentity
from apps.rollout.letters import Letter, letters_pdf, printable
from apps.rollout.mails import Mail, letter_of
from apps.rollout.models import EligiblePerson, Notice
from apps.rollout.texts import BEGINS_WINDOW, SUBJECTS, Voice, Wanted, blocks_of, voice_of

Kind = Notice.Kind
UNTIL = date(2026, 10, 26)
CODE = "K7MF-3QXT-9BRD"


def wanted(kind=Kind.FIRST, voice=Voice.SELF, **values):
    return Wanted(kind=kind, voice=voice, **{"by_post": False, "until": UNTIL, **values})


def text_of(*args, **values):
    return "\n".join(block.text for block in blocks_of(wanted(*args, **values)))


def alice(**values):
    defaults = {"first_given_name": "ALICE", "birth_family_name": "MOREL", "birth_date": "1984-06-14"}
    return InsIdentity(**{**defaults, **values})


def mail(kind=Kind.FIRST, *, about=None, code=CODE, **values):
    return letter_of(
        Mail(
            address="alice@example.fr",
            message_id="<1@localhost>",
            text=wanted(kind, **values),
            about=about or alice(),
            code=code,
        )
    )


@pytest.mark.parametrize("voice", list(Voice))
@pytest.mark.parametrize("by_post", [True, False])
@pytest.mark.parametrize("kind", [Kind.FIRST, Kind.AGAIN])
def test_spa_02_what_the_law_asks_for_stands_in_each_notice(kind, by_post, voice):
    text = text_of(kind, voice, by_post=by_post)

    assert "service public en ligne" in text  # the service and how it works
    assert "dossier médical partagé (DMP)" in text
    assert "sans dire pourquoi" in text or "Elle peut refuser" in text
    assert ("localhost:8000/opposition/" in text) is by_post  # a mail shows no address but the home (ROL-04)
    assert "ouvrez localhost:8000 puis" in text
    assert "02\u00a061\u00a091\u00a040\u00a040" in text
    assert "Par courrier" in text
    assert "TSA 10000, 44999 Nantes Cedex 9" in text
    assert "26\u00a0octobre 2026" in text
    assert "clos" in text
    assert "archivé dix ans" in text
    assert "identifiants sont personnels" in text


def test_spa_03_a_letter_promises_only_what_its_hand_over_cannot_shorten():
    assert "six semaines à partir de cet envoi, au moins jusqu'au 26\u00a0octobre 2026" in text_of(by_post=True)
    assert "jusqu'au 26\u00a0octobre 2026 inclus" in text_of(by_post=False)


def test_spa_40_spa_50_each_voice_says_who_may_refuse():
    assert "comme son représentant" in text_of(voice=Voice.CHILD)
    assert "en tenant compte de son avis" in text_of(voice=Voice.IN_CHARGE)
    assert "Votre droit de refuser reste le vôtre" in text_of(voice=Voice.PROTECTED)
    assert "représent" not in text_of(voice=Voice.SELF)


def test_spa_04_o_09_spa_48_why_it_is_written_again():
    assert "les six semaines recommencent" in text_of(Kind.AGAIN)
    resent = text_of(Kind.RESENT)
    assert "l'ancien, qui ne marche plus. Les dates ne changent pas." in resent
    assert "Le délai court jusqu'au 26\u00a0octobre 2026 inclus" in resent
    assert "Vous avez 18 ans." in text_of(Kind.MAJORITY)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("opposed", "L'espace santé ne sera pas ouvert."),
        ("confirmed", "le DMP plus ancien est fermé"),
        ("withdrawn", "Le retrait de l'opposition est enregistré."),
        ("opening-asked", "sans attendre la fin des six semaines"),
    ],
)
def test_a_receipt_says_what_was_chosen_and_its_number(act, words):
    text = text_of(Kind.RECEIPT, act=act, reference="OPP-7K3M9-QX4TB2")

    assert words in text
    assert "Numéro à garder\u00a0: OPP-7K3M9-QX4TB2." in text


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("voice", list(Voice))
@pytest.mark.parametrize("by_post", [True, False])
def test_every_kind_has_a_text_a_subject_and_french_typography(kind, voice, by_post):
    text = text_of(kind, voice, by_post=by_post)

    assert text
    assert str(SUBJECTS[kind])
    assert not re.search(r"[ ][;!?]|[^\u00a0]:|« | »|’|[{}%]", text.replace("localhost:8000", "localhost")), text


@pytest.mark.parametrize("kind", list(Kind))
def test_rol_04_sec_30_the_only_link_is_the_home_of_the_portal_without_any_mark(kind):
    made = mail(kind)

    assert re.findall(r'(?:href|src)="([^"]*)"', made.html) == ["http://localhost:8000/"]
    assert re.findall(r"https?://\S+", made.text) == ["http://localhost:8000/"]
    assert "<form" not in made.html
    assert "<img" not in made.html


def test_the_code_stands_alone_on_its_line_in_the_middle_of_the_mail():
    lines = mail().text.splitlines()
    place = lines.index(f"    {CODE}")

    assert 0 < place < len(lines) - 1
    assert (lines[place - 1], lines[place + 1]) == ("", "")


def test_a_mail_without_code_has_no_empty_place_for_one():
    made = mail(Kind.RECEIPT, code="", act="opposed")

    assert "<strong>" not in made.html


def test_spa_57_sec_06_the_mail_names_the_person_by_first_name_initial_and_year_only():
    made = mail()

    assert "Cet envoi concerne\u00a0: Alice M., né(e) en 1984." in made.text
    assert "MOREL" not in made.text.upper()
    assert "14 juin" not in made.text


@pytest.mark.parametrize("name", ["<B>EVIL</B>", "A&B", "O'BRIEN", "{{ X }}", "#EVAL(1)", "$X$ *B* _I_"])
def test_hostile_names_are_shown_as_they_are_written(name):
    about = alice(first_given_name=name)
    made = mail(about=about)

    assert about.short_name in made.text
    assert "<b>" not in made.html.lower()
    letter = Letter(
        text=wanted(by_post=True), about=about, address=[name, "#panic()"], code=CODE, reference="1-00001-A"
    )
    assert letters_pdf([letter], on=UNTIL).data.startswith(b"%PDF")


@pytest.mark.parametrize("voice", list(Voice))
@pytest.mark.parametrize("kind", list(Kind))
def test_every_letter_fits_one_sheet(kind, voice):
    letter = Letter(
        text=wanted(kind, voice, by_post=True, act="opposed", reference="OPP-7K3M9-QX4TB2"),
        about=alice(first_given_name="MARIE-ANTOINETTE-JOSEPHINE"),
        address=["MARIE-ANTOINETTE-JOSEPHINE DE LA ROCHE", "RESIDENCE", "RUE", "44000 NANTES", "5", "6"],
        code=CODE,
        reference="99999-10000-A",
    )

    printed = letters_pdf([letter, letter], on=UNTIL)

    assert [first for first, _last in printed.spans] == [1, 3]
    assert all(last - first <= 1 for first, last in printed.spans)


@pytest.mark.parametrize(
    ("situation", "measure", "reads", "voice"),
    [
        ("MAJEUR", "", False, Voice.SELF),
        ("MINEUR", "", True, Voice.CHILD),
        ("MAJEUR_PROTEGE", "TUTELLE", False, Voice.PROTECTED),
        ("MAJEUR_PROTEGE", "HABILITATION_FAMILIALE", True, Voice.IN_CHARGE),
        ("MAJEUR_PROTEGE", "CURATELLE_SIMPLE", False, Voice.SELF),
    ],
)
def test_who_reads_about_whom(situation, measure, reads, voice):
    person = EligiblePerson(identity=alice(), situation=situation, measure=measure)

    assert voice_of(person, alice() if reads else None) is voice


def test_spa_03_only_notices_begin_the_six_weeks():
    assert set(BEGINS_WINDOW) == {Kind.FIRST, Kind.AGAIN, Kind.MAJORITY}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("12 RUE DE L'ÉGLISE – ŒUVRES", "12 RUE DE L'ÉGLISE – ŒUVRES"),
        ("北京 RUE", "?? RUE"),
        ("\u202eEUR\u0007 \ufeffA", "EUR A"),
        ("\U0001f600", "?"),
        ("12 улица", "12 улица"),
    ],
)
def test_rel_07_no_address_costs_the_other_letters_of_its_file(text, shown):
    letter = Letter(text=wanted(by_post=True), about=alice(), address=[text], code=CODE, reference="1-00001-A")

    assert printable(text) == shown
    assert letters_pdf([letter], on=UNTIL).pages == 2


def test_an_address_with_an_apostrophe_is_read_as_it_is_set(settings):
    settings.OPPOSITION_POSTAL_ADDRESS = ["Service de l'espace santé & Cie", "44999 Nantes"]
    day_of_its_own = date(2031, 1, 6)

    made = mail(until=day_of_its_own)

    assert "Service de l'espace santé & Cie, 44999 Nantes" in made.text
    assert "Service de l&#x27;espace santé &amp; Cie, 44999 Nantes" in made.html
    assert "l'espace santé & Cie" in text_of(by_post=True, until=day_of_its_own)
